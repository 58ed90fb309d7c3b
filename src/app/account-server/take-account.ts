import { isPublicKey } from '../../domain/nkey/codec.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Plan } from '../command.js';
import { checkIncoming, findNamesake, type Namesake, readIncoming, refuseNamesake } from '../incoming.js';
import { findAccountNamesake } from '../incoming-account.js';
import { changed, ok } from '../result.js';
import type { Look } from './look.js';

/**
 * Takes an account JWT that somebody sent for a key. It is stored as it is, and never signed here: it has to be about
 * that key, signed by the operator with a key that may, valid now, and not older than what is here. A known account
 * keeps the name it is stored under.
 *
 * @param operator the directory it belongs to
 * @returns a plan without changes for what is here already
 * @throws NscError `bad-key`, `bad-token`, `key-mismatch`, `broken-chain`, `invalid-claims`, `bad-name`,
 *   `already-exists`, `policy-refused` for an older one
 */
export function planTaking(
  { tree, now }: Look,
  { operator, key, sent }: { readonly operator: string; readonly key: string; readonly sent: string },
): Plan {
  if (!isPublicKey(key, 'account'))
    throw new NscError('bad-key', 'the path does not end in the public key of an account');
  const { token, claims } = readIncoming('request', sent.trim(), 'account');
  if (claims.sub !== key) {
    throw new NscError('key-mismatch', `the JWT is about ${claims.sub}, not about the account of the path`);
  }
  const stored = tree.findAccountByKey(key);
  const account: AccountEntry = { name: stored?.name ?? claims.name ?? '', token, claims };
  const refusal = verifyAccount(account, tree.operator, { signatures: false });
  if (refusal) throw new NscError('broken-chain', refusal.message);
  const { warnings } = checkIncoming('account', claims, { now, skip: false });
  const here = namesakeOf(tree, account, stored);
  refuseNamesake('account', { ...claims, name: account.name }, here, { overwrite: true, hint: '' });
  if (here && !here.entry) {
    throw new NscError('already-exists', `what is here as account ${quote(account.name)} is damaged`);
  }
  if (here?.entry?.token === token) return { operator, changes: [], result: changed(ok(`account is here already`)) };
  refuseOlder(account, here?.entry);
  return {
    operator,
    changes: [{ type: 'put-account', ...account }],
    warnings,
    result: changed(ok(`stored account ${quote(account.name)}`)),
  };
}

const namesakeOf = (
  tree: Tree,
  { claims }: AccountEntry,
  stored: AccountEntry | undefined,
): Namesake<AccountEntry> | undefined =>
  stored ? findNamesake('account', () => stored) : findAccountNamesake(tree, claims);

/** An old JWT that is sent again would undo what was done since, such as revocations (S-46). */
function refuseOlder({ name, claims }: AccountEntry, here: AccountEntry | undefined): void {
  if (!here || Number(claims.iat ?? 0) >= Number(here.claims.iat ?? 0)) return;
  throw new NscError('policy-refused', `account ${quote(name)} is here with a JWT that was issued later`);
}

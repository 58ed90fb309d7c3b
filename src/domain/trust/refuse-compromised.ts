import { NscError } from '../../errors.js';
import type { Change } from '../change.js';
import { signingKeysOf } from '../claims/scope.js';
import { findReadable } from '../tree/readable.js';
import type { Tree } from '../tree/tree.js';

/**
 * A key that somebody else may have never becomes part of the tree again, whichever way it comes: as a subject, or in a
 * list of signing keys. What has it already may be edited, for nothing can be signed by it.
 *
 * @param before of a new operator: an empty tree
 * @throws NscError `key-compromised`
 */
export function refuseCompromised(before: Tree, after: Tree, change: Change): void {
  if (change.type !== 'put-operator' && change.type !== 'put-account' && change.type !== 'put-user') return;
  const { records } = after.keyring;
  if (records.size === 0) return;
  const known = [...records.values()].filter(({ state }) => state === 'compromised').map(({ key }) => key);
  if (known.length === 0) return;
  const listed = new Set(keysIn(change));
  const added = known.filter((key) => listed.has(key));
  if (added.length === 0) return;
  const [identity, ...others] = findReadable(() => keysBefore(before, after, change)) ?? [];
  const had = new Set([identity, ...others]);
  const back = added.find((key) => !had.has(key) || (key === change.claims.sub && key !== identity));
  if (back === undefined) return;
  throw new NscError(
    'key-compromised',
    `${back} is compromised: somebody else may have it, so nothing may trust it again`,
    {
      hint: 'name another key, or have one made',
      details: { publicKey: back },
    },
  );
}

type Put = Extract<Change, { type: 'put-operator' | 'put-account' | 'put-user' }>;

/** The keys that a token gives a place. */
function keysIn(put: Put): string[] {
  const { sub = '' } = put.claims;
  if (put.type === 'put-operator') return [sub, ...(put.claims.nats.signing_keys ?? [])];
  return put.type === 'put-account' ? [sub, ...signingKeysOf(put.claims)] : [sub];
}

/** The keys that it has already; accounts and their users may have been renamed. */
function keysBefore(before: Tree, after: Tree, put: Put): string[] {
  if (put.type === 'put-operator') return keysIn({ ...put, claims: before.operator.claims });
  if (put.type === 'put-account') {
    const claims = (before.findAccount(put.name) ?? before.findAccountByKey(put.claims.sub ?? ''))?.claims;
    return claims ? keysIn({ ...put, claims }) : [];
  }
  const { sub: account = '' } = after.findAccount(put.account)?.claims ?? {};
  const former = before.findAccountByKey(account)?.name ?? put.account;
  const user = before.findUser(former, put.name);
  return user ? [user.claims.sub ?? ''] : [];
}

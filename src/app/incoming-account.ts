import type { AccountClaims } from '../domain/claims/types.js';
import { checkName } from '../domain/name.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote, quoteWord } from '../lib/display.js';
import { findNamesake, type Namesake } from './incoming.js';
import { refuseTakenAccount } from './taken-name.js';

/**
 * The account in whose place one from elsewhere would come. Its name becomes a path, so it is not trusted (E-01, S-42).
 *
 * @throws NscError `bad-name`; `already-exists` when the name differs from another one in letter case only, or the key
 *   is here under another name
 */
export function findAccountNamesake(
  tree: Tree,
  { name = '', sub: key = '' }: AccountClaims,
): Namesake<AccountEntry> | undefined {
  checkName('account', name);
  const namesake = findNamesake('account', () => tree.findAccount(name));
  if (!namesake) refuseTakenAccount(tree, name);
  const other = tree.findAccountByKey(key);
  if (other && other.name !== name) {
    throw new NscError(
      'already-exists',
      `account ${key} is here under the name ${quote(other.name)}, not ${quote(name)}`,
      {
        hint: `give it the new name first: nsc rename account ${quoteWord(other.name)} ${quoteWord(name)}`,
        details: { account: other.name, name, key },
      },
    );
  }
  return namesake;
}

/** In a managed store nothing is sent on the way: whoever runs the operator has to get the account. */
export function managedWarnings({ managed, operator }: Tree, names: readonly string[]): string[] {
  if (!managed || names.length === 0) return [];
  const which = `account${names.length > 1 ? 's' : ''} ${names.map(quote).join(', ')}`;
  return [
    `operator ${quote(operator.name)} is managed elsewhere and nothing was sent: its account server has to get ${which} too`,
  ];
}

/** The one that was issued later, so that a new token is dated after both. */
export function laterOf(one: AccountEntry, other: AccountEntry | undefined): AccountEntry {
  return other && Number(other.claims.iat ?? 0) > Number(one.claims.iat ?? 0) ? other : one;
}

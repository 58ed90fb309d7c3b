import type { Change } from '../domain/change.js';
import { diffClaims } from '../domain/claims/diff.js';
import { scopesOf } from '../domain/claims/scope.js';
import type { AccountClaims, UserScope } from '../domain/claims/types.js';
import { isSameSlot } from '../domain/keyring/slot.js';
import { accountSlot } from '../domain/keyring/state.js';
import { stateOfListed } from '../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { quoteWord } from '../lib/display.js';
import { putRecords } from './lifecycle/rotate/records.js';

/** What an edit of scopes has to heed while several keys have a role. */

/** Which of several keys it is, to be put behind it; `''` for an only one. */
export const stateIn = (tree: Tree, key: string, scopes: readonly UserScope[]): string =>
  scopes.length === 1 ? '' : ` (${stateOfListed(tree, key)})`;

/**
 * The keyring files keys by what they stand for, so records move along when keys that are edited become another role.
 *
 * @param claims of the account, as they will be
 */
export function moveRecords(tree: Tree, claims: AccountClaims, edited: ReadonlySet<string>): Change[] {
  const moved = [...edited].flatMap((key) => {
    const record = tree.keyring.records.get(key);
    const slot = accountSlot(claims, key);
    // a scope without a role keeps the name of its first key
    const bothScopes = record?.slot.kind === 'scope' && slot.kind === 'scope';
    return record && !bothScopes && !isSameSlot(record.slot, slot) ? [{ ...record, slot }] : [];
  });
  return moved.length === 0 ? [] : [putRecords(tree, moved)];
}

/**
 * What to tell who edited one key of a role alone: its users are under several keys while it is rotated, and would get
 * different things. Where two keys sign for a role, nobody rotates it.
 *
 * @param account as it will be
 */
export function warnOfOthers(tree: Tree, { name, claims }: AccountEntry, edited: UserScope): string[] {
  const { role = '' } = edited;
  const holders = scopesOf(claims).filter((scope) => role !== '' && scope.role === role);
  if (holders.length < 2) return [];
  const states = new Map(holders.map(({ key }) => [key, stateOfListed(tree, key)]));
  if ([...states.values()].filter((state) => state === 'active').length > 1) return [];
  const isLive = ({ key }: UserScope): boolean => states.get(key) !== 'compromised';
  const differing = holders.filter(
    (scope) => isLive(scope) && diffClaims(contentOf(scope), contentOf(edited)).length > 0,
  );
  if (!isLive(edited) || differing.length === 0) return [];
  const keys = differing.map(({ key }) => `${key} (${states.get(key)})`).join(', ');
  const command = `nsc edit signing-key --account ${quoteWord(name)} --sk ${quoteWord(role)}`;
  return [`role ${quoteWord(role)} has other keys that say something else: ${keys}; ${command} … edits all of them`];
}

const contentOf = ({ template, description = '' }: UserScope) => ({ template, description });

import { describeScope, findScope } from '../../domain/claims/scope.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { UserEntry } from '../../domain/tree/tree.js';
import { quoteWord } from '../../lib/display.js';
import type { AccountFacts } from './facts.js';

/** Commands that mend what refuses a user. */

/**
 * Edits the user and writes its creds anew; where the store has another JWT of it already, writing is all it takes.
 *
 * @param options of `nsc edit user`
 */
export function mendUser(facts: AccountFacts, options: string): string {
  const stored = findStored(facts);
  if (stored?.token !== facts.token) return writeCreds(facts);
  return `nsc edit user --name ${quoteWord(stored.name)} ${of(facts)} ${options}, then ${credsCommand(facts, stored)}`;
}

/** Writes the creds of the user as the store has it. */
export function writeCreds(facts: AccountFacts): string {
  const { claims, token } = facts;
  const stored = findStored(facts);
  if (!stored) {
    return `the store does not have this user: nsc add user --name ${quoteWord(claims.name ?? '')} ${of(facts)} makes one`;
  }
  const other = stored.claims.sub === claims.sub ? 'JWT' : 'key';
  const which = stored.token === token ? '' : `the store has another ${other} of this user: `;
  return `${which}${credsCommand(facts, stored)}`;
}

/** Edits what decides for the user: its scope if it has one. */
export function mendLimits(facts: AccountFacts, options: string): string {
  const scope = findScope(facts.account.claims, facts.claims.iss ?? '');
  if (!scope) return mendUser(facts, options);
  const name = quoteWord(scope.role || scope.key);
  return `${describeScope(scope)} says so: nsc edit signing-key ${name} ${of(facts)} ${options}`;
}

/** The user as the store has it: by its key, or else by its name, for its key may have been replaced. */
export function findStored({ tree, account, claims }: AccountFacts): UserEntry | undefined {
  const { name = '', sub = '' } = claims;
  const namesake = findReadable(() => tree.findUser(account.name, name));
  if (namesake?.claims.sub === sub) return namesake;
  return findReadable(() => tree.findUserByKey(account.name, sub)) ?? namesake;
}

const of = ({ account }: AccountFacts): string => `--account ${quoteWord(account.name)}`;

const credsCommand = (facts: AccountFacts, { name }: UserEntry): string =>
  `nsc generate creds --name ${quoteWord(name)} ${of(facts)} --output-file FILE`;

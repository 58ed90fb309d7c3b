import { checkScopedUser } from '../../domain/claims/check/scoped-user.js';
import { findScopeByRole, scopesOf } from '../../domain/claims/scope.js';
import type { UserClaims } from '../../domain/claims/types.js';
import type { KeyInput } from '../../domain/key-input.js';
import { roleNotFound } from '../../domain/tree/roles.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type Answers, type Option, value } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount } from './current.js';

/** The roles that interactive mode offers, each once: those of the account that was named or chosen before. */
export const offerRoles = (workspace: Workspace, input: Answers): string[] => [
  ...new Set(scopesOf(chosenAccount(workspace, input).claims).flatMap(({ role }) => role || [])),
];

/** Another way to say `-K ROLE`, for users. */
export const roleOption: Option<string> = value(
  'role',
  { placeholder: 'ROLE', help: 'the role of the user, as -K ROLE', complete: 'role' },
  (given) => {
    if (given !== '') return given;
    throw new NscError('bad-value', 'no role is named', { hint: 'leave --role out for a user without a role' });
  },
);

/**
 * Who shall sign a user: the key of the role, or what `-K` names.
 *
 * @throws NscError `conflicting-options` for both, `item-not-found` when the account has no such role
 */
export function requestedSigner(
  account: AccountEntry,
  role: string | undefined,
  signer: KeyInput | undefined,
): KeyInput | undefined {
  if (role === undefined) return signer;
  if (signer !== undefined) {
    throw new NscError('conflicting-options', '--role and --private-key exclude each other', {
      hint: 'give one of them',
    });
  }
  if (!findScopeByRole(account.claims, role)) throw roleNotFound(account, role);
  return { text: role };
}

/** What a person would regret about a user that is about to be signed; of literal functions the options warn. */
export const warnOfRole = (user: UserClaims, account: AccountEntry): string[] =>
  checkScopedUser(user, account.claims)
    .filter(({ rule }) => rule !== 'template-literal')
    .map(({ message }) => `user ${quote(user.name ?? '')}: ${message}`);

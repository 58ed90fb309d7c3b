import { EVERYONE } from '../../domain/claims/revocation.js';
import { getUser } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { findNamedUser, type NamedUser, userOf } from '../named.js';
import type { InputOf } from '../option.js';
import { accountOption } from './account.js';
import { keyOption } from './key.js';
import { userOption } from './user.js';

/** Whose revocation a command is about: one user, or all of an account. */
export const revokedUserOptions = {
  account: accountOption,
  name: userOption,
  userPublicKey: keyOption('user-public-key', {
    short: 'u',
    help: 'user, by public key or name, in the store or not; * for all users of the account',
    complete: 'user',
  }),
};

/** At most one of them says whose. */
export const revokedUserConflicts = [['name', 'userPublicKey']] as const;

/**
 * Who is meant: {@link EVERYONE}, or a user, by default the only one of the account.
 *
 * @throws NscError `missing-option`, `user-not-found`, `wrong-key-kind`
 */
export function findRevokedUser(
  tree: Tree,
  account: AccountEntry,
  { name, userPublicKey }: Partial<InputOf<typeof revokedUserOptions>>,
): NamedUser | typeof EVERYONE {
  if (userPublicKey === undefined) return userOf(getUser(tree, account, name));
  return userPublicKey.text === EVERYONE ? EVERYONE : findNamedUser(tree, account, userPublicKey);
}

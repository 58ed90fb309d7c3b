import type { RegisteredClaims } from '../domain/claims/types.js';
import { findReadable } from '../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';
import { quoteSome } from '../lib/display.js';

/** A user of the store, and what decides whether its token is revoked. */
export interface IssuedUser {
  readonly name: string;
  readonly claims: Pick<RegisteredClaims, 'sub' | 'iat'>;
}

/** The users of an account; those whose token cannot be read are passed over. */
export function issuedUsers(tree: Tree, account: AccountEntry): IssuedUser[] {
  return tree.userNames(account.name).flatMap((name) => {
    const user = findReadable(() => tree.findUser(account.name, name));
    if (!user) return [];
    const { sub = '', iat = 0 } = user.claims;
    return [{ name, claims: { sub, iat } }];
  });
}

/** `users WHAT: "a", "b"`; undefined for none. */
export const someUsers = (what: string, users: readonly IssuedUser[]): string | undefined =>
  users.length === 0 ? undefined : `users ${what}: ${quoteSome(users.map(({ name }) => name))}`;

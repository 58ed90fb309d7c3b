import type { RegisteredClaims } from '../domain/claims/types.js';
import type { AccountEntry, Tree, UserEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quoteSome } from '../lib/display.js';

/** A user of the store, and what decides whether its token is revoked. */
export interface IssuedUser {
  readonly name: string;
  readonly claims: Pick<RegisteredClaims, 'sub' | 'iat'>;
}

/** The users of an account; those whose token cannot be read are passed over. */
export function issuedUsers(tree: Tree, account: AccountEntry): IssuedUser[] {
  return tree.userNames(account.name).flatMap((name) => {
    const user = readOr(() => tree.findUser(account.name, name));
    if (!user) return [];
    const { sub = '', iat = 0 } = user.claims;
    return [{ name, claims: { sub, iat } }];
  });
}

function readOr(read: () => UserEntry | undefined): UserEntry | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}

/** `users WHAT: "a", "b"`; undefined for none. */
export const someUsers = (what: string, users: readonly IssuedUser[]): string | undefined =>
  users.length === 0 ? undefined : `users ${what}: ${quoteSome(users.map(({ name }) => name))}`;

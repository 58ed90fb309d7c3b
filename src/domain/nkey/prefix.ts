/** The roles a key can have, and how its text shows them (jwt-nkeys.md §1.1). */

export type Role = 'operator' | 'account' | 'user' | 'server' | 'cluster' | 'curve';

/** The prefix byte of a public key. Its top five bits are the letter: O, A, U, N, C or X. */
export const PREFIX: Readonly<Record<Role, number>> = {
  operator: 14 << 3,
  account: 0 << 3,
  user: 20 << 3,
  server: 13 << 3,
  cluster: 2 << 3,
  curve: 23 << 3,
};

/** The first five bits of a seed, the letter S; the prefix of its role follows. */
export const SEED_PREFIX = 18 << 3;

const ROLES = new Map<number, Role>(Object.entries(PREFIX).map(([role, prefix]) => [prefix, role as Role]));

/** The role of a prefix byte; undefined unless it is exactly one of the public ones. */
export function findRole(prefix: number): Role | undefined {
  return ROLES.get(prefix);
}

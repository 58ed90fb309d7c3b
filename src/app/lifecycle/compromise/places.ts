import { signingKeysOf } from '../../../domain/claims/scope.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree, UserEntry } from '../../../domain/tree/tree.js';

/** Where tokens of a store give a key its trust. Nothing keeps one key from standing in several places. */
export interface Places {
  readonly isOperator: boolean;
  readonly isOperatorSigner: boolean;
  /** The accounts that it is the identity of. */
  readonly identityOf: readonly AccountEntry[];
  /** The accounts that list it as a signing key. */
  readonly signsFor: readonly AccountEntry[];
  /** The users that it is the key of. */
  readonly users: readonly UserEntry[];
}

/** Looks through the whole tree; what cannot be read is passed over. */
export function findPlaces(tree: Tree, key: string): Places {
  const { sub, nats } = tree.operator.claims;
  const accounts = /^[AU]/.test(key) ? readableAccounts(tree) : [];
  return {
    isOperator: sub === key,
    isOperatorSigner: nats.signing_keys?.includes(key) ?? false,
    identityOf: accounts.filter(({ claims }) => claims.sub === key),
    signsFor: accounts.filter(({ claims }) => signingKeysOf(claims).includes(key)),
    users: key.startsWith('U') ? accounts.flatMap((account) => usersWith(tree, account, key)) : [],
  };
}

/** Every account that can be read. */
export const readableAccounts = (tree: Tree): AccountEntry[] =>
  tree.accountNames().flatMap((name) => findReadable(() => tree.findAccount(name)) ?? []);

const usersWith = (tree: Tree, { name }: AccountEntry, key: string): UserEntry[] =>
  tree
    .userNames(name)
    .flatMap((user) => findReadable(() => tree.findUser(name, user)) ?? [])
    .filter(({ claims }) => claims.sub === key);

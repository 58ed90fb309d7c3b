import { NscError } from '../../errors.js';
import type { Secret } from '../../lib/secret.js';
import { applyChanges } from '../apply.js';
import type { Change } from '../change.js';
import { emptyKeyring, type Keyring } from '../keyring/keyring.js';
import type { AccountEntry, OperatorEntry, Tree, UserEntry } from './tree.js';

/** Seeds by public key. Part of {@link Tree} that exists without an operator. */
export type Keys = Pick<Tree, 'hasSeed' | 'findKeyPair' | 'storedKeys'>;

const NO_KEYS: Keys = { hasSeed: () => false, findKeyPair: () => undefined, storedKeys: () => [] };

/**
 * The tree of an operator that is about to be created: nothing in it but keys. Reading `operator` before a
 * `put-operator` change was applied throws `operator-not-found`.
 */
export function emptyTree(operator: string, keys: Keys = NO_KEYS): Tree {
  return {
    get operator(): OperatorEntry {
      throw new NscError('operator-not-found', `operator "${operator}" does not exist`);
    },
    managed: false,
    keyring: emptyKeyring,
    accountNames: () => [],
    findAccount: () => undefined,
    findAccountByKey: () => undefined,
    userNames: () => [],
    findUser: () => undefined,
    findUserByKey: () => undefined,
    hasSeed: (publicKey) => keys.hasSeed(publicKey),
    findKeyPair: (publicKey) => keys.findKeyPair(publicKey),
    storedKeys: () => keys.storedKeys(),
    findCreds: () => undefined,
    credsNames: () => [],
    credsAccounts: () => [],
  };
}

export interface TreeContent {
  readonly operator: OperatorEntry;
  readonly managed?: boolean;
  readonly keyring?: Keyring;
  readonly accounts?: readonly AccountEntry[];
  readonly users?: readonly UserEntry[];
  readonly seeds?: readonly { readonly publicKey: string; readonly seed: Secret }[];
  readonly creds?: readonly { readonly account: string; readonly user: string; readonly creds: Secret }[];
}

/** A tree that holds what it is given. */
export function memoryTree({
  operator,
  managed = false,
  keyring,
  accounts = [],
  users = [],
  seeds = [],
  creds = [],
}: TreeContent): Tree {
  const changes: Change[] = [
    { type: 'put-operator', ...operator, managed },
    ...(keyring ? [{ type: 'put-keyring' as const, keyring }] : []),
    ...accounts.map((account) => ({ type: 'put-account' as const, ...account })),
    ...users.map((user) => ({ type: 'put-user' as const, ...user })),
    ...seeds.map(({ publicKey, seed }) => ({ type: 'put-seed' as const, publicKey, seed })),
    ...creds.map((entry) => ({ type: 'put-creds' as const, ...entry })),
  ];
  return applyChanges(emptyTree(operator.name), changes);
}

import { signingKeysOf } from '../claims/scope.js';
import type { Role } from '../nkey/prefix.js';
import type { Tree } from './tree.js';

/** A key that the tree refers to: an identity, a signing key, or the curve key of an auth callout. */
export interface TreeKey {
  readonly publicKey: string;
  readonly role: Extract<Role, 'operator' | 'account' | 'user' | 'curve'>;
  /** Of the entity it belongs to. */
  readonly name: string;
  /** Name of the account, for keys of users. */
  readonly account?: string;
  readonly signing: boolean;
  /** Identity key of the entity above, for identities. */
  readonly parent?: string;
  /** The JWT, for identities. */
  readonly token?: string;
}

/** Identity and signing keys of the operator. */
export function* operatorKeys({ operator }: Tree): Generator<TreeKey> {
  const { name, token, claims } = operator;
  yield { publicKey: claims.sub ?? '', role: 'operator', name, signing: false, token };
  for (const publicKey of claims.nats.signing_keys ?? []) yield { publicKey, role: 'operator', name, signing: true };
}

/** Identity, signing keys and curve key of one account. */
export function* accountKeys(tree: Tree, name: string): Generator<TreeKey> {
  const account = tree.findAccount(name);
  if (account === undefined) return;
  const { token, claims } = account;
  yield {
    publicKey: claims.sub ?? '',
    role: 'account',
    name,
    signing: false,
    parent: tree.operator.claims.sub ?? '',
    token,
  };
  for (const publicKey of signingKeysOf(claims)) yield { publicKey, role: 'account', name, signing: true };
  const curveKey = claims.nats.authorization?.xkey;
  if (curveKey) yield { publicKey: curveKey, role: 'curve', name, signing: false };
}

/** Keys of the users of one account, of all or of the one named. */
export function* userKeys(tree: Tree, account: string, only?: string): Generator<TreeKey> {
  const parent = tree.findAccount(account)?.claims.sub ?? '';
  for (const name of only === undefined ? tree.userNames(account) : [only]) {
    const user = tree.findUser(account, name);
    if (user === undefined) continue;
    const { token, claims } = user;
    yield {
      publicKey: claims.sub ?? '',
      role: 'user',
      name,
      account,
      signing: false,
      token,
      ...(only === undefined && { parent }),
    };
  }
}

/** Every key of the tree. */
export function* allKeys(tree: Tree): Generator<TreeKey> {
  yield* operatorKeys(tree);
  for (const account of tree.accountNames()) {
    yield* accountKeys(tree, account);
    yield* userKeys(tree, account);
  }
}

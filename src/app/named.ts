import { EVERYONE } from '../domain/claims/revocation.js';
import { isLiteralKey, type KeyInput } from '../domain/key-input.js';
import { getAccount, getUser } from '../domain/tree/lookup.js';
import type { AccountEntry, Tree, UserEntry } from '../domain/tree/tree.js';
import { quote } from '../lib/display.js';
import { requireKey } from './take-key.js';

/** What an option names by a key, which may be one that this store does not know, or in another way. */
export interface Named {
  readonly publicKey: string;
  /** For messages: `"alice" [U…]`, or the key alone. */
  readonly what: string;
  readonly isKnown: boolean;
}

export interface NamedUser extends Named {
  /** Absent when the account has no such user in this store. */
  readonly entry?: UserEntry;
}

/**
 * The user behind a public key, a seed, a name or a key file, looked for in this order.
 *
 * @throws NscError `user-not-found` for a text that is none of them, `wrong-key-kind` for a key of another kind
 */
export function findNamedUser(tree: Tree, account: AccountEntry, given: KeyInput): NamedUser {
  const byName = isLiteralKey(given) ? undefined : tree.findUser(account.name, given.text);
  if (byName) return userOf(byName);
  if (given.publicKey === undefined) return userOf(getUser(tree, account, given.text));
  const publicKey = requireKey('user', given);
  const entry = tree.findUserByKey(account.name, publicKey);
  return entry ? userOf(entry) : { publicKey, what: publicKey, isKnown: false };
}

/** A user of the store. */
export function userOf(entry: UserEntry): NamedUser {
  const publicKey = entry.claims.sub ?? '';
  return { publicKey, what: `${quote(entry.name)} [${publicKey}]`, isKnown: true, entry };
}

/**
 * The account behind a public key, a name or a key file; `*` stands for all.
 *
 * @throws NscError `account-not-found` for a text that is none of them, `wrong-key-kind` for a key of another kind
 */
export function findNamedAccount(tree: Tree, given: KeyInput): Named {
  if (given.text === EVERYONE) return { publicKey: EVERYONE, what: quote(EVERYONE), isKnown: true };
  const byName = isLiteralKey(given) ? undefined : tree.findAccount(given.text);
  if (byName) return accountOf(byName);
  if (given.publicKey === undefined) return accountOf(getAccount(tree, given.text, ''));
  const publicKey = requireKey('account', given);
  const entry = tree.findAccountByKey(publicKey);
  return entry ? accountOf(entry) : { publicKey, what: publicKey, isKnown: false };
}

function accountOf({ name, claims }: AccountEntry): Named {
  const publicKey = claims.sub ?? '';
  return { publicKey, what: `${quote(name)} [${publicKey}]`, isKnown: true };
}

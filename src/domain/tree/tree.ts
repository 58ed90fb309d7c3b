import type { Secret } from '../../lib/secret.js';
import type { AccountClaims, OperatorClaims, UserClaims } from '../claims/types.js';
import type { Keyring } from '../keyring/keyring.js';
import type { KeyPair } from '../nkey/key-pair.js';

/** A token of the tree with the name it is stored under (which may differ from its `name` claim). */
export interface Entry<Claims> {
  readonly name: string;
  readonly token: string;
  readonly claims: Claims;
}

export type OperatorEntry = Entry<OperatorClaims>;
export type AccountEntry = Entry<AccountClaims>;
export type UserEntry = Entry<UserClaims> & { readonly account: string };

/**
 * A read-only view of one operator's hierarchy with the keys and creds that belong to it.
 *
 * Naming one entity reads that entity alone; methods in the plural scan. Tokens are decoded, their signatures are
 * not verified here (that is `domain/trust`). `find…` gives undefined for what is absent and throws `NscError` for
 * what is there but unreadable (`store-corrupt`, `bad-token`, `key-mismatch`).
 */
export interface Tree {
  readonly operator: OperatorEntry;
  /** True for an operator that was imported and whose seed lives elsewhere. */
  readonly managed: boolean;
  /** What is known about the life of keys; empty where nobody has kept it. Throws `store-corrupt`. */
  readonly keyring: Keyring;

  accountNames(): string[];
  findAccount(name: string): AccountEntry | undefined;
  findAccountByKey(publicKey: string): AccountEntry | undefined;
  /**
   * Something that is another one whenever the account was written, and far cheaper than reading it; undefined when the
   * account is gone. Absent where reading costs nothing.
   */
  accountStamp?(name: string): string | undefined;

  userNames(account: string): string[];
  findUser(account: string, name: string): UserEntry | undefined;
  findUserByKey(account: string, publicKey: string): UserEntry | undefined;

  /** Whether the keystore has a file for this key; its content is not looked at. */
  hasSeed(publicKey: string): boolean;
  /** The key pair, after checking that the file holds the key its name says (E-09). */
  findKeyPair(publicKey: string): KeyPair | undefined;
  /** Public keys (by file name) of every seed in the keystore, sorted. */
  storedKeys(): string[];
  findCreds(account: string, user: string): Secret | undefined;
  /** Names of the users that have creds, sorted; some of them may be gone. */
  credsNames(account: string): string[];
  /** Names of the accounts that creds are filed under, sorted; some of them may be gone, or have none left. */
  credsAccounts(): string[];
}

import type { Secret } from '../lib/secret.js';
import type { AccountClaims, OperatorClaims, UserClaims } from './claims/types.js';
import type { Keyring } from './keyring/keyring.js';
import type { AccountEntry, OperatorEntry } from './tree/tree.js';

/**
 * Everything a command can do to a store, as data. A plan returns a list of these; `apply` gives the tree they lead
 * to and `store/commit` makes them real, all or nothing.
 */
export type Change =
  /** `managed` is given when the store is created. */
  | { type: 'put-operator'; name: string; token: string; claims: OperatorClaims; managed?: boolean }
  | { type: 'put-account'; name: string; token: string; claims: AccountClaims }
  | { type: 'put-user'; account: string; name: string; token: string; claims: UserClaims }
  | { type: 'put-seed'; publicKey: string; seed: Secret }
  | { type: 'put-creds'; account: string; user: string; creds: Secret }
  /** Replaces all that is known about the life of keys. */
  | { type: 'put-keyring'; keyring: Keyring }
  | { type: 'delete-account'; name: string }
  | { type: 'delete-user'; account: string; name: string }
  | { type: 'delete-seed'; publicKey: string }
  | { type: 'delete-creds'; account: string; user: string }
  /** Files a version that is about to be replaced in the history of the operator's store; no tree has it. */
  | { type: 'keep-version'; kind: 'operator'; replaced: OperatorEntry }
  | { type: 'keep-version'; kind: 'account'; replaced: AccountEntry }
  /**
   * The current store, operator and account. `''` selects none; absent = unchanged. With `insteadOf` it takes effect
   * only where that account is what is remembered: it has got another name.
   */
  | { type: 'select'; storeRoot?: string; operator?: string; account?: string; insteadOf?: string };

import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import type { AccountEntry } from '../../../domain/tree/tree.js';

/** The account that is replaced, and the identity that it gets. */
export interface Replacement {
  readonly account: AccountEntry;
  readonly pair: KeyPair;
  /** Unix seconds. */
  readonly now: number;
}

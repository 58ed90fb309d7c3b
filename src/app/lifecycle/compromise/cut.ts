import type { Change } from '../../../domain/change.js';
import type { KeyInput } from '../../../domain/key-input.js';
import { type KeyRecord, moved, newRecord } from '../../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import { roleOf } from '../../../domain/nkey/codec.js';
import type { PlanContext } from '../../command.js';
import type { NewOrGivenKey } from '../../options/key.js';
import type { Step } from '../../result.js';
import type { LeftToken, ResignedUser } from '../resign.js';

/** What is taken out, and what with. */
export interface CutRequest {
  readonly context: PlanContext;
  readonly info: KeyInfo;
  /** What `--sk` named. */
  readonly given: NewOrGivenKey | undefined;
}

/** What it takes to be rid of a key. */
export interface Cut {
  /** Seeds, tokens and creds; what is known about keys comes with `records`. */
  readonly changes: readonly Change[];
  /** Of all keys that it concerns, the one that is taken out included. */
  readonly records: readonly KeyRecord[];
  /** The keys that stand in its place now. */
  readonly successors: readonly string[];
  /** Users whose token is another one now. */
  readonly users: readonly ResignedUser[];
  /** Names of the accounts that servers need anew. */
  readonly accounts: readonly string[];
  /** How many activations inside imports were signed anew. */
  readonly activations: number;
  /** Tokens of the key that stay as they are, and are refused from now on. */
  readonly left: readonly LeftToken[];
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
  /** Public key of an account that servers have to delete. */
  readonly obsoleteAccount?: string;
}

/** Nothing but that it is known, and what is said besides. */
export const onlyRecorded = (request: CutRequest, cut: Partial<Cut> = {}): Cut => ({
  changes: [],
  records: [recordOf(request)],
  successors: [],
  users: [],
  accounts: [],
  activations: 0,
  left: [],
  steps: [],
  warnings: [],
  ...cut,
});

/** The record of the key that is taken out. One that was known to be compromised keeps its date. */
export function recordOf(
  { info: { key, slot, record }, context: { now } }: Pick<CutRequest, 'info' | 'context'>,
  replacedBy?: string,
): KeyRecord {
  const known = record ?? newRecord(key, slot, 'compromised', now);
  const marked = known.state === 'compromised' ? known : moved(known, 'compromised', now);
  return replacedBy === undefined ? marked : { ...marked, replacedBy };
}

/** What `-K` named, for tokens that keys of this kind sign: the one option speaks for operators and for accounts. */
export function requestedFor({ signer }: PlanContext, kind: 'operator' | 'account'): KeyInput | undefined {
  const isOperators = signer?.publicKey !== undefined && roleOf(signer.publicKey) === 'operator';
  return isOperators === (kind === 'operator') ? signer : undefined;
}

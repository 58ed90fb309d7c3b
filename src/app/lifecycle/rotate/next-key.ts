import type { Change } from '../../../domain/change.js';
import type { KeyInput } from '../../../domain/key-input.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import { isSameSlot, type Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import { NscError } from '../../../errors.js';
import type { NewOrGivenKey } from '../../options/key.js';
import type { Step } from '../../result.js';
import { takeKey } from '../../take-key.js';
import { findKeyInfo } from '../find-key.js';
import { isOperatorSlot, type SlotKeys } from './slot-keys.js';
import type { StepContext } from './stepped.js';

/** The key that is to come. */
export interface NextKey {
  readonly publicKey: string;
  readonly isGenerated: boolean;
  /** What is known of it, where the tree refers to it or the keyring has it. */
  readonly info: KeyInfo | undefined;
  /** Stores its seed. */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/**
 * Makes the key that is to come, or takes the given one.
 *
 * @throws NscError those of `takeKey`, `key-compromised`, and `already-exists` for a key that has a place in the tree: one
 *   that is listed may only wait in its own place, and only where another key goes on signing there
 */
export function takeNextKey(
  context: StepContext,
  slot: Slot,
  keys: SlotKeys,
  given: NewOrGivenKey = 'generate',
): NextKey {
  const { publicKey, generated, changes, steps } = takeKey(roleOfSlot(slot), asInput(given), context);
  const info = generated ? undefined : findKeyInfo(context.tree, publicKey);
  if (info) refuseUsed(context, slot, keys, info);
  return { publicKey, isGenerated: generated, info, changes, steps };
}

const asInput = (given: NewOrGivenKey): KeyInput | undefined => (given === 'generate' ? undefined : given);

const roleOfSlot = (slot: Slot) => (isOperatorSlot(slot) ? 'operator' : slot.kind === 'user' ? 'user' : 'account');

function refuseUsed({ tree }: StepContext, slot: Slot, { active }: SlotKeys, info: KeyInfo): void {
  const { key, state } = info;
  const what = describeSlot(tree, info.slot);
  if (state === 'compromised') {
    throw new NscError('key-compromised', `${key} was marked as compromised, and no longer serves for anything`, {
      hint: 'leave it out to have a new one made',
      details: { key },
    });
  }
  if (state === 'removed' && !info.isListed) return;
  const isHere = isSameSlot(info.slot, slot) && info.isListed && SIGNS.has(slot.kind);
  if (isHere && state === 'active' && active.some((other) => other.key !== key)) return;
  throw new NscError('already-exists', `${key} is in use: it is ${STATES[state]} for the ${what}`, {
    hint: 'leave it out to have a new one made, or give one that nothing uses',
    details: { key },
  });
}

/** Where a key may be listed before it is announced. */
const SIGNS: ReadonlySet<Slot['kind']> = new Set(['operator-signing', 'account-signing', 'role']);

const STATES = {
  next: 'announced',
  active: 'active',
  retiring: 'retiring',
  removed: 'removed',
  compromised: 'compromised',
} as const;

import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { findOtherPlace, getSlotKeys, type SlotKeys, slotWords } from './slot-keys.js';

/**
 * Keys come and go in one place at a time.
 *
 * @param keys those of a slot that shall retire
 * @throws NscError `rotation-state` for one that is on its way somewhere else
 */
export function refuseBusy(tree: Tree, keys: readonly KeyInfo[]): void {
  for (const info of keys) {
    const place = findOtherPlace(tree, info);
    if (place) throw rotationState(tree, place, getSlotKeys(tree, place));
  }
}

/** Why a step cannot be done where the keys stand, and which one can. */
export function rotationState(tree: Tree, slot: Slot, keys: SlotKeys): NscError {
  const what = describeSlot(tree, slot);
  const { next } = keys;
  const [retiring] = keys.retiring;
  const details = { next: next?.key, retiring: keys.retiring.map(({ key }) => key) };
  if (next) {
    return new NscError('rotation-state', `a rotation is under way: ${next.key} is announced for the ${what}`, {
      hint: `go on with: nsc rotate activate ${next.key}, or go back with: nsc rotate abort ${next.key}`,
      details,
    });
  }
  if (retiring) {
    return new NscError('rotation-state', `a rotation is under way: ${retiring.key} retires from the ${what}`, {
      hint: `go on with: nsc rotate finish ${retiring.key}, or go back with: nsc rotate abort ${retiring.key}`,
      details,
    });
  }
  return new NscError('rotation-state', `no rotation is under way for the ${what}`, {
    hint: `begin with: nsc rotate start ${slotWords(tree, slot)}`,
    details,
  });
}

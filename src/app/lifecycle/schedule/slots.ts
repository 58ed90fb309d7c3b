import { type Slot, slotId } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { type KeyScope, keysIn } from '../key-report-keys.js';

/** A slot and the keys that are, were or will be in it. */
export interface KeyedSlot {
  readonly slot: Slot;
  readonly keys: readonly KeyInfo[];
}

/** Slots that are found, and why others could not be looked at. */
export interface FoundSlots {
  readonly slots: readonly KeyedSlot[];
  readonly unreadable: readonly string[];
}

/** The slots of a tree that can rotate, with all their keys, in the order of the tree. One scan, however many there are. */
export function findSlots(tree: Tree, scope: Pick<KeyScope, 'operator' | 'accounts' | 'users'>): FoundSlots {
  const slots = new Map<string, { slot: Slot; keys: KeyInfo[] }>();
  const unreadable: string[] = [];
  for (const found of keysIn(tree, { ...scope, removed: true, gone: false })) {
    if ('error' in found) {
      unreadable.push(found.error);
      continue;
    }
    const { info } = found;
    // servers know an account by its identity
    if (info.slot.kind === 'account-identity') continue;
    const id = slotId(info.slot);
    const known = slots.get(id);
    if (known) known.keys.push(info);
    else slots.set(id, { slot: info.slot, keys: [info] });
  }
  return { slots: [...slots.values()], unreadable };
}

/** Whether a rotation is under way: a key is announced, or retires. */
export const isUnderWay = ({ keys }: KeyedSlot): boolean =>
  keys.some(({ state }) => state === 'next' || state === 'retiring');

/** Whether a key of the slot can be rotated; slots stay known after their last key has gone. */
export const hasKeys = ({ keys }: KeyedSlot): boolean =>
  keys.some(({ state, isListed }) => state !== 'removed' && (isListed || state !== 'compromised'));

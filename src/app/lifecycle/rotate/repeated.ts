import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { findImporters } from '../../../domain/sharing/importers.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { ok } from '../../result.js';
import { getSlotAccount, getSlotKeys, isOperatorSlot, type SlotKeys } from './slot-keys.js';
import type { Stepped } from './stepped.js';

export type RotationStep = 'start' | 'activate' | 'finish' | 'abort';

/**
 * A step that was committed before: nothing changes, and servers may be sent what they did not get then. Undefined when
 * the step was not the last one.
 *
 * @throws NscError those of `getSlotKeys`
 */
export function findRepeated(tree: Tree, slot: Slot, step: RotationStep): Stepped | undefined {
  const keys = getSlotKeys(tree, slot);
  const found = DONE[step](keys);
  if (!found) return undefined;
  const { key, what } = found;
  return {
    changes: [],
    steps: [ok(`${describeSlot(tree, slot)}: ${key} ${what} already, so nothing changes here`)],
    warnings: [],
    accounts: accountsOf(tree, slot, step),
    operatorChanged: false,
    users: [],
    left: [],
    oldKeys: keys.retiring.map((info) => info.key),
    ...(step === 'start' || step === 'activate' ? { newKey: key } : {}),
  };
}

interface Done {
  readonly key: string;
  readonly what: string;
}

const DONE: Readonly<Record<RotationStep, (keys: SlotKeys) => Done | undefined>> = {
  start: ({ next }) => next && { key: next.key, what: 'is announced' },
  activate: ({ next, active }) => {
    const done = next ? undefined : active.find(({ record }) => record?.since.active !== undefined);
    return done && { key: done.key, what: 'is active' };
  },
  finish: (keys) => ended(keys, true),
  abort: (keys) => ended(keys, false),
};

/** The key that went last, if it went the way that is meant: an old one is finished, a new one aborted. */
function ended({ next, retiring, removed }: SlotKeys, isOld: boolean): Done | undefined {
  if (next || retiring.length > 0) return undefined;
  const [last] = [...removed].sort((a, b) => (b.record?.since.removed ?? 0) - (a.record?.since.removed ?? 0));
  const { since } = last?.record ?? {};
  if (!last || since?.removed === undefined) return undefined;
  const wasOld = since.retiring !== undefined && since.retiring >= Math.max(since.next ?? 0, since.active ?? 0);
  return wasOld === isOld ? { key: last.key, what: 'is out' } : undefined;
}

/** Those that the step may have changed. */
function accountsOf(tree: Tree, slot: Slot, step: RotationStep): string[] {
  if (isOperatorSlot(slot)) return step === 'activate' || step === 'abort' ? tree.accountNames() : [];
  const { name, claims } = getSlotAccount(tree, slot);
  const importers = slot.kind !== 'user' && step !== 'finish' ? findImporters(tree, claims.sub ?? '') : [];
  return [...new Set([name, ...importers.filter(({ import: { token } }) => token).map(({ account }) => account.name)])];
}

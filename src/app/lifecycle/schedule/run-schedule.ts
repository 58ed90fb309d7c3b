import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { keysInSlot } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { activateRotation } from '../rotate/activate.js';
import { finishRotation } from '../rotate/finish.js';
import { mergeChanges } from '../rotate/merge-changes.js';
import { putRecords } from '../rotate/records.js';
import { startRotation } from '../rotate/start.js';
import type { StepContext, Stepped } from '../rotate/stepped.js';
import { datedNow, type Idle, type NextStep, nextStep, type Rhythm, type StepName } from './next-step.js';
import type { KeyedSlot } from './slots.js';

/** What became of one slot. */
export interface SlotRun {
  readonly slot: Slot;
  /** The step that was taken, with what it did. */
  readonly taken?: { readonly step: StepName; readonly since: number; readonly stepped: Stepped };
  /** The step that is due and cannot be taken now. */
  readonly blocked?: { readonly step: StepName; readonly since: number; readonly error: NscError };
  /** Why nothing ever comes next. */
  readonly idle?: Idle;
  /** What comes next, after what was taken. Unix seconds. */
  readonly next?: { readonly step: StepName; readonly at: number };
}

export interface ScheduleRun {
  /** None when nothing was due, and every key has a date. */
  readonly changes: readonly Change[];
  readonly slots: readonly SlotRun[];
  /** The tree that the changes lead to. */
  readonly after: Tree;
}

/**
 * Takes every step that is due, one for each slot at most, each on the tree that those before it lead to. Keys of which
 * nobody knows since when they are what they are get the present as date, so their time begins. Doing it again in the
 * same second does nothing.
 *
 * A step that cannot be taken is no obstacle for others.
 */
export function runSchedule(context: StepContext, slots: readonly KeyedSlot[], rhythm: Rhythm): ScheduleRun {
  const growing = new GrowingTree(context.tree);
  const planned = slots.map(({ slot, keys }) => ({ slot, next: nextStep(keys, rhythm, context.now) }));
  const undated = planned.flatMap(({ next }) => (typeof next === 'string' ? [] : next.undated));
  const records = undated.map((info) => datedNow(info, context.now));
  if (records.length > 0) growing.add([putRecords(context.tree, records)]);
  const runs = planned.map(({ slot, next }): SlotRun => {
    if (typeof next === 'string') return { slot, idle: next };
    const { step, at } = next;
    if (at > context.now) return { slot, next: { step, at } };
    try {
      const stepped = STEPS[step]({ ...context, tree: growing.tree }, slot);
      growing.add(stepped.changes);
      return { slot, taken: { step, since: at, stepped }, ...comingUp(growing.tree, slot, rhythm, context.now) };
    } catch (error) {
      if (!(error instanceof NscError) || error.code === 'bug') throw error;
      return { slot, blocked: { step, since: at, error }, next: { step, at } };
    }
  });
  return { changes: growing.changes(), slots: runs, after: growing.tree };
}

/** A tree to which one step after the other is done. */
class GrowingTree {
  readonly #base: Tree;
  #tree: Tree;
  #changes: readonly Change[] = [];
  #layers = 0;

  constructor(base: Tree) {
    this.#base = base;
    this.#tree = base;
  }

  get tree(): Tree {
    return this.#tree;
  }

  add(changes: readonly Change[]): void {
    this.#changes = [...this.#changes, ...changes];
    this.#layers += 1;
    if (this.#layers < MOST_LAYERS) {
      this.#tree = applyChanges(this.#tree, changes);
      return;
    }
    this.#changes = this.changes();
    this.#tree = applyChanges(this.#base, this.#changes);
    this.#layers = 0;
  }

  /** Each thing once. */
  changes(): readonly Change[] {
    return mergeChanges(this.#changes);
  }
}

/** Every layer of changes is looked through for what it does not have. */
const MOST_LAYERS = 32;

const STEPS: Readonly<Record<StepName, (context: StepContext, slot: Slot) => Stepped>> = {
  start: startRotation,
  activate: activateRotation,
  finish: finishRotation,
};

function comingUp(tree: Tree, slot: Slot, rhythm: Rhythm, now: number): Pick<SlotRun, 'next'> {
  const next: NextStep | Idle = nextStep(keysInSlot(tree, slot), rhythm, now);
  return typeof next === 'string' ? {} : { next: { step: next.step, at: next.at } };
}

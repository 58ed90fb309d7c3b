import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { type KeyInfo, keysInSlot } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { activateRotation } from '../rotate/activate.js';
import { finishRotation } from '../rotate/finish.js';
import { holdersIn } from '../rotate/holders.js';
import { mergeChanges } from '../rotate/merge-changes.js';
import { putRecords } from '../rotate/records.js';
import { findOtherPlace } from '../rotate/slot-keys.js';
import { startRotation } from '../rotate/start.js';
import type { StepContext, Stepped } from '../rotate/stepped.js';
import type { Readiness } from '../servers-ready.js';
import { datedNow, type Idle, type NextStep, nextStep, type Rhythm, type StepName } from './next-step.js';
import { notReady } from './servers.js';
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
 *
 * @param readiness what servers said; without it, nobody waits for them
 */
export function runSchedule(
  context: StepContext,
  slots: readonly KeyedSlot[],
  rhythm: Rhythm,
  readiness?: Readiness,
): ScheduleRun {
  const growing = new GrowingTree(context.tree);
  const holders = holdersIn(context.tree);
  const planned = slots.map(({ slot, keys }) => ({ slot, next: nextStep(keys, rhythm, context.now) }));
  const isUndated = ({ next }: { readonly next: NextStep | Idle }) => (typeof next === 'string' ? [] : next.undated);
  growing.date(planned.flatMap(isUndated), context.now);
  const runs = planned.map(({ slot, next }): SlotRun => {
    if (typeof next === 'string') return { slot, idle: next };
    const { step, at } = next;
    const unready = readiness && step !== 'start' ? readiness.reasonsFor(context.tree, { slot, step }) : [];
    // due only since servers were asked
    if (at > context.now || unready === undefined) return { slot, next: { step, at } };
    try {
      if (unready.length > 0) throw notReady(context.tree, unready);
      if (step === 'activate') refuseUnknown(growing.tree, slot);
      const stepped = STEPS[step]({ ...context, holders, tree: growing.tree }, slot);
      growing.add(stepped.changes);
      const coming = nextStep(keysInSlot(growing.tree, slot), rhythm, context.now);
      growing.date(isUndated({ next: coming }), context.now);
      return { slot, taken: { step, since: at, stepped }, ...comingUp(coming) };
    } catch (error) {
      if (!(error instanceof NscError) || error.code === 'bug') throw error;
      if (slot.kind === 'user' && error.code === 'policy-refused') return { slot, idle: 'refused' };
      return { slot, blocked: { step, since: at, error }, next: { step, at } };
    }
  });
  return { changes: growing.changes(), slots: runs, after: growing.tree };
}

/** What waits for a user is in the keyring alone, so nobody gets its rights unseen whose seed was not made or taken here. */
function refuseUnknown(tree: Tree, slot: Slot): void {
  if (slot.kind !== 'user') return;
  const next = keysInSlot(tree, slot).find(({ state }) => state === 'next');
  if (!next || tree.hasSeed(next.key)) return;
  throw new NscError('key-not-found', `the seed of ${next.key} is not in the keystore`, {
    hint: `if it is the key of the user, let it in by hand: nsc rotate activate ${next.key}`,
    details: { key: next.key },
  });
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

  /** Keys that nobody has dated are what they are from now on; those that come or go elsewhere have their date there. */
  date(undated: readonly KeyInfo[], now: number): void {
    const infos = undated.filter((info) => !findOtherPlace(this.#tree, info));
    if (infos.length > 0)
      this.add([
        putRecords(
          this.#tree,
          infos.map((info) => datedNow(info, now)),
        ),
      ]);
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

const comingUp = (next: NextStep | Idle): Pick<SlotRun, 'next'> =>
  typeof next === 'string' ? {} : { next: { step: next.step, at: next.at } };

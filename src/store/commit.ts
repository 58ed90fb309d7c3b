import type { Change } from '../domain/change.js';
import { NscError } from '../errors.js';
import { discardStage, doSteps, stageSteps } from './apply-steps.js';
import type { BeforeStep, FileStep } from './file-step.js';
import { finishSteps } from './finish-steps.js';
import type { Holder } from './holder.js';
import { findJournalState, writeJournal } from './journal.js';
import type { Roots } from './layout.js';
import { findOwnLock } from './lock.js';
import { planSteps } from './plan-steps.js';
import { planSettings } from './selecting.js';
import type { StoreWorkspace } from './workspace.js';

export interface CommitTarget {
  /** Directory name; `''` when no change belongs to an operator. */
  readonly operator: string;
}

export interface CommitOptions {
  /** For tests that end the process there. */
  readonly beforeStep?: BeforeStep;
  /** What a locked keystore gets: text → the same, encrypted (`seal/seal-changes`). */
  readonly sealed?: ReadonlyMap<string, string> | undefined;
}

const nothing: BeforeStep = () => {};

/**
 * Makes changes real, all or none, whenever the process is killed (docs/store-format.md). What is on disk already is
 * not written again. The lock of the store has to be held from before the changes were planned.
 *
 * @throws NscError before anything is written: `bad-name`, `bad-key`, `already-exists`, `operator-not-found`,
 *   `account-not-found`, `policy-refused`; `store-io` with the old store in place, unless its message says otherwise
 */
export function commitChanges(
  workspace: StoreWorkspace,
  { operator }: CommitTarget,
  changes: readonly Change[],
  { beforeStep = nothing, sealed }: CommitOptions = {},
): void {
  const { storeRoot, keystoreDir, configDir, writesGitIgnore } = workspace;
  const settings = planSettings(workspace, operator, changes);
  const seal = changes.some(isSecret) ? workspace.seal : undefined;
  const target = { storeRoot, keystoreDir, configDir, operator, writesGitIgnore, seal, sealed };
  commitSteps(workspace, [...planSteps(target, changes), ...(settings ? [settings] : [])], beforeStep);
}

/** Whether a change puts something into the keystore that is encrypted where the keystore is locked. */
export const isSecret = ({ type }: Change): boolean => type === 'put-seed' || type === 'put-creds';

/**
 * Does steps on files, all or none; the lock of the store has to be held.
 *
 * @throws NscError `store-io`
 */
export function commitSteps(
  { storeRoot, keystoreDir, configDir }: Roots,
  steps: readonly FileStep[],
  beforeStep: BeforeStep = nothing,
): void {
  const roots: Roots = { storeRoot, keystoreDir, configDir };
  const holder = findOwnLock(storeRoot);
  if (!holder) throw new NscError('bug', `a commit needs the lock of ${storeRoot}`);
  const [only] = steps;
  if (only === undefined) return;
  if (findJournalState(storeRoot) === 'committed') throw new NscError('bug', `${storeRoot} has an unfinished commit`);
  if (steps.length === 1) {
    commitOne(roots, holder, only, beforeStep);
    return;
  }
  writeJournal(roots, holder, steps, beforeStep);
  finishSteps(roots, { ...holder, steps }, false, beforeStep);
}

/** A single file needs no journal: renaming and removing happen or don't. */
function commitOne(roots: Roots, { id }: Holder, step: FileStep, beforeStep: BeforeStep): void {
  const stage = stageSteps([step], id, false, beforeStep);
  try {
    doSteps(roots, stage, beforeStep);
  } catch (error) {
    discardStage(stage);
    throw error;
  }
}

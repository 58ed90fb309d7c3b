import { NscError } from '../errors.js';
import { discardStage, doSteps, haveBegun, type Stage, stageSteps } from './apply-steps.js';
import type { BeforeStep } from './file-step.js';
import { ioError } from './io-error.js';
import { committedJournalFile, dropJournal, type Journal } from './journal.js';
import type { Roots } from './layout.js';

/**
 * Does what a committed journal says and drops it. When that fails before anything has changed, the commit is taken
 * back and the old store stays; when it fails later, the journal stays and the next command finishes it.
 *
 * @param again whether an earlier attempt was interrupted
 * @throws NscError `store-io`
 */
export function finishSteps(
  roots: Roots,
  { id, steps }: Pick<Journal, 'id' | 'steps'>,
  again: boolean,
  beforeStep: BeforeStep,
): void {
  let stage: Stage | undefined;
  try {
    stage = stageSteps(steps, id, again, beforeStep);
    doSteps(roots, stage, beforeStep);
  } catch (error) {
    if (haveBegun(steps)) throw unfinished(roots, error);
    if (stage) discardStage(stage);
    try {
      dropJournal(roots.storeRoot);
    } catch {
      throw unfinished(roots, error);
    }
    throw error;
  }
  beforeStep('drop journal');
  dropJournal(roots.storeRoot);
}

function unfinished({ storeRoot }: Roots, cause: unknown): NscError {
  const error = ioError('change', storeRoot, cause);
  return new NscError('store-io', `the change is recorded but not finished: ${error.message}`, {
    hint: `${error.hint ?? 'mend that'}; the next command then finishes the change`,
    details: { ...error.details, journal: committedJournalFile(storeRoot) },
    cause,
  });
}

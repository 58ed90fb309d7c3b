import { NscError } from '../errors.js';
import { discardStage, haveBegun, placeSteps, type Stage, stageSteps, syncDirectories } from './apply-steps.js';
import type { BeforeStep, FileStep } from './file-step.js';
import { ioError } from './io-error.js';
import { committedJournalFile, dropJournal, type Journal } from './journal.js';
import type { Roots } from './layout.js';
import { isFile } from './read-file.js';

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
  const touched = new Set<string>();
  try {
    for (const batch of batchesOf(steps)) {
      stage = stageSteps(batch, id, again, beforeStep);
      for (const directory of placeSteps(roots, stage, beforeStep)) touched.add(directory);
    }
    syncDirectories(touched, beforeStep);
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

/** Drafts that are beside their places at the same time, where files are replaced. */
const BATCH = 1024;
const SAMPLE = 16;

/**
 * Steps that are staged together. As a rule that is all of them, so that a full disk is met before anything has changed.
 *
 * Where very many files are replaced, they go by in batches, for a directory with ten thousand drafts in it makes
 * creating a file three times as slow (ext4). Room is no reason against it: the journal has taken as much, and a file
 * that is replaced gives up what the next one needs. Should it be taken by somebody else meanwhile, the next command
 * finishes what is left.
 */
function batchesOf(steps: readonly FileStep[]): (readonly FileStep[])[] {
  if (steps.length <= BATCH) return [steps];
  // to look at some of them is enough
  const some = steps.filter((_, at) => at % SAMPLE === 0);
  const fresh = some.filter((step) => 'write' in step && !isFile(step.write));
  if (fresh.length * SAMPLE > BATCH) return [steps];
  return Array.from({ length: Math.ceil(steps.length / BATCH) }, (_, at) => steps.slice(at * BATCH, (at + 1) * BATCH));
}

function unfinished({ storeRoot }: Roots, cause: unknown): NscError {
  const error = ioError('change', storeRoot, cause);
  return new NscError('store-io', `the change is recorded but not finished: ${error.message}`, {
    hint: `${error.hint ?? 'mend that'}; the next command then finishes the change`,
    details: { ...error.details, journal: committedJournalFile(storeRoot) },
    cause,
  });
}

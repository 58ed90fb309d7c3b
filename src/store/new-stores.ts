import { mkdtempSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NewStore } from '../app/ports.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { doSteps, stageSteps } from './apply-steps.js';
import { syncDirectory } from './atomic-file.js';
import { ioError } from './io-error.js';
import type { Roots } from './layout.js';
import { makeDirectories } from './make-directories.js';
import { planSteps } from './plan-steps.js';
import { isDirectory, isFile, listNames } from './read-file.js';

/** The directories of the result, as nsc names them (nsc-core.md §9.23). */
const STORES = 'operators';
const KEYSTORE = 'keys';

interface NewStoresOptions {
  /** Only looks whether it could be done. */
  readonly rehearse: boolean;
  /** False with `NSC_NO_GIT_IGNORE`. */
  readonly writesGitIgnore: boolean;
}

/**
 * Makes the stores of several operators and the keystore they share. Everything is written aside and takes its place in
 * one step, so that a process which is killed leaves nothing at that place.
 *
 * @param directory absolute; not there yet, or empty
 * @throws NscError `already-exists`, `store-io`, and what {@link planSteps} refuses
 */
export function makeStores(
  directory: string,
  stores: readonly NewStore[],
  { rehearse, writesGitIgnore }: NewStoresOptions,
): { storeRoot: string; keystoreDir: string } {
  if (!isFree(directory)) {
    throw new NscError('already-exists', `${quote(directory)} is there already and not empty`, {
      hint: 'name a directory that is new with --out DIR',
      details: { path: directory },
    });
  }
  if (!rehearse) {
    const draft = makeDraft(directory);
    try {
      for (const store of stores) writeStore(draft, store, writesGitIgnore);
      place(draft, directory);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw error;
    }
  }
  return rootsOf(directory);
}

const isFree = (path: string): boolean => !isFile(path) && listNames(path).length === 0;

const rootsOf = (directory: string) => ({
  storeRoot: join(directory, STORES),
  keystoreDir: join(directory, KEYSTORE),
});

/** An empty directory beside the one that is wanted. */
function makeDraft(directory: string): string {
  try {
    makeDirectories(dirname(directory));
    return mkdtempSync(`${directory}.nsc-draft-`);
  } catch (error) {
    throw ioError('make', directory, error);
  }
}

/** Nobody knows of the draft, so neither a lock nor a journal is needed. */
function writeStore(draft: string, { operator, changes }: NewStore, writesGitIgnore: boolean): void {
  const roots: Roots = { ...rootsOf(draft), configDir: draft };
  const steps = planSteps({ ...roots, operator, writesGitIgnore }, changes);
  doSteps(roots, stageSteps(steps, 'new', false, nothing), nothing);
}

const nothing = (): void => {};

function place(draft: string, directory: string): void {
  try {
    if (isDirectory(directory)) rmdirSync(directory);
    renameSync(draft, directory);
  } catch (error) {
    throw ioError('make', directory, error);
  }
  syncDirectory(dirname(directory));
}

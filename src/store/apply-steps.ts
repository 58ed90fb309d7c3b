import { accessSync, constants, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Owner,
  placeFile,
  removeFile,
  removeQuietly,
  resolveLink,
  type Staged,
  stageFile,
  syncDirectory,
} from './atomic-file.js';
import { type BeforeStep, type FileStep, pathOf } from './file-step.js';
import { ioError, isAbsent } from './io-error.js';
import { isSeedFile, pruneLimit, type Roots, SETTINGS } from './layout.js';
import { makeDirectories } from './make-directories.js';
import { hasText, isFile } from './read-file.js';

/** Up to so many files are synced one by one; beyond, the system writes them back in its own time. */
const SYNC_EACH_UP_TO = 64;

/** Everything a commit writes, ready beside its place: from here on only names change. */
export interface Stage {
  readonly steps: readonly FileStep[];
  readonly staged: ReadonlyMap<FileStep, Staged>;
  readonly madeDirectories: readonly string[];
}

/**
 * Makes directories and writes every new content beside its place, where it takes up its space. What the store holds
 * does not change.
 *
 * @param id names the drafts
 * @param again whether some of the steps may be done already; those are passed over
 * @throws NscError `store-io`; nothing is left behind then
 */
export function stageSteps(steps: readonly FileStep[], id: string, again: boolean, beforeStep: BeforeStep): Stage {
  const staged = new Map<FileStep, Staged>();
  const madeDirectories: string[] = [];
  const known = new Set<string>();
  const owners = new Map<string, Owner>();
  const durable = steps.length <= SYNC_EACH_UP_TO;
  try {
    for (const [index, step] of steps.entries()) {
      const path = pathOf(step);
      if ('make' in step) makeDirectory(path, known, madeDirectories);
      else if ('remove' in step) checkRemovable(path);
      else {
        makeDirectory(dirname(path), known, madeDirectories);
        if (again && isDone(step)) continue;
        beforeStep(`stage ${index}`);
        const target = path.endsWith(SETTINGS) ? resolveLink(path) : path;
        staged.set(step, stageFile(target, step.content, { id: `${id}-${index}`, durable, owners }));
      }
    }
  } catch (error) {
    discardStage({ steps, staged, madeDirectories });
    throw error;
  }
  return { steps, staged, madeDirectories };
}

/** Takes back what staging left on the disk. */
export function discardStage({ staged, madeDirectories }: Stage): void {
  for (const { draft } of staged.values()) removeQuietly(draft);
  for (const directory of [...madeDirectories].reverse()) removeIfEmpty(directory);
}

/**
 * Does the steps in their order: drafts take their places, files go, directories that became empty go; then waits for
 * the directories to be on the disk.
 *
 * @throws NscError `store-io`
 */
export function doSteps(roots: Roots, stage: Stage, beforeStep: BeforeStep): void {
  syncDirectories(placeSteps(roots, stage, beforeStep), beforeStep);
}

/**
 * {@link doSteps} without the wait.
 *
 * @returns the directories that {@link syncDirectories} is to wait for
 */
export function placeSteps(
  roots: Roots,
  { steps, staged, madeDirectories }: Stage,
  beforeStep: BeforeStep,
): ReadonlySet<string> {
  const touched = new Set(madeDirectories.map((directory) => dirname(directory)));
  let count = 0;
  for (const step of steps) {
    const path = pathOf(step);
    const draft = staged.get(step);
    if (draft) {
      beforeStep(`place ${count}`);
      placeFile(draft);
      touched.add(dirname(draft.target));
    } else if ('remove' in step) {
      beforeStep(`remove ${count}`);
      removeFile(path);
      touched.add(prune(dirname(path), pruneLimit(roots, path)));
    }
    count += 1;
  }
  return touched;
}

/** Waits for directories to be on the disk. Throws `store-io`. */
export function syncDirectories(touched: ReadonlySet<string>, beforeStep: BeforeStep): void {
  beforeStep('sync directories');
  for (const directory of touched) syncDirectory(directory);
}

/** Whether the first step that leaves a trace is done, or may be: then all of them have to be. */
export function haveBegun(steps: readonly FileStep[]): boolean {
  const first = steps.find((step) => !('make' in step));
  try {
    return first !== undefined && isDone(first);
  } catch {
    return true;
  }
}

function isDone(step: FileStep): boolean {
  if ('remove' in step) return !isFile(step.remove);
  if ('make' in step) return false;
  return isSeedFile(step.write) ? isFile(step.write) : hasText(step.write, step.content);
}

/** Makes a directory and what is missing above it, for its owner alone. */
function makeDirectory(path: string, known: Set<string>, made: string[]): void {
  if (known.has(path)) return;
  try {
    makeDirectories(path, (directory) => made.push(directory));
  } catch (error) {
    throw ioError('make', path, error);
  }
  known.add(path);
}

/** A file that could not be removed later must stop the commit before it counts. */
function checkRemovable(path: string): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    if (!isAbsent(error)) throw ioError('remove', path, error);
  }
}

/** Removes a directory and those above it as long as they are empty. @returns the first one that stays */
export function prune(directory: string, limit: string): string {
  let at = directory;
  while (at.length > limit.length && at.startsWith(limit) && removeIfEmpty(at)) at = dirname(at);
  return at;
}

/** Removes a directory unless there is something in it. @returns whether it is gone */
export function removeIfEmpty(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    return isAbsent(error);
  }
}

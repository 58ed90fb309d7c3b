import { linkSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { removeIfEmpty } from './apply-steps.js';
import { placeFile, removeQuietly, type Staged, stageFile, syncDirectory } from './atomic-file.js';
import type { BeforeStep } from './file-step.js';
import { errnoOf, ioError, isAbsent } from './io-error.js';
import { makeDirectories } from './make-directories.js';
import { type OwnPlaces, ownFilesGuard } from './own-files.js';

/** A file to be written beside the store, once it is clear that it may be. */
export interface OutsideWrite {
  /** Absolute. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Whether something is there that goes. */
  readonly replaces: boolean;
}

/** A file as it is asked for, by absolute path. */
interface WantedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** False refuses what is there already, a link that leads nowhere included. */
  readonly replace: boolean;
  readonly replaceHint?: string;
}

/**
 * Looks whether files can be written beside the store. Nothing is written.
 *
 * @throws NscError `already-exists`; `bad-value` for a place of the store or keystore, where a copy would be the key itself
 */
export function planOutsideFiles(files: readonly WantedFile[], places: OwnPlaces): OutsideWrite[] {
  const refuseOwn = ownFilesGuard(places);
  const taken: WantedFile[] = [];
  const writes = files.map((file) => {
    const { path, content, replace } = file;
    refuseOwn(path);
    const replaces = isThere(path);
    if (replaces && !replace) taken.push(file);
    return { path, content, replaces };
  });
  const [first] = taken;
  if (first)
    throw alreadyThere(
      taken.map(({ path }) => path),
      first.replaceHint,
    );
  return writes;
}

/**
 * Writes files for their owner alone: all of them beside their places first, synced, then each takes its place in one
 * step. A link in the way is replaced, never followed, and what came in the way since it was looked stays. Directories
 * are made (0700) as needed.
 *
 * @throws NscError `already-exists`, `store-io`; new files and directories are taken back then
 */
export function writeOutsideFiles(writes: readonly OutsideWrite[], beforeStep: BeforeStep = () => {}): void {
  const made: string[] = [];
  const staged: Staged[] = [];
  const placed: string[] = [];
  const id = Math.random().toString(36).slice(2);
  try {
    for (const directory of new Set(writes.map(({ path }) => dirname(path)))) makeDirectory(directory, made);
    for (const [index, { path, content }] of writes.entries()) {
      beforeStep(`stage ${index}`);
      staged.push(stageFile(path, content, { id: `${id}-${index}`, durable: true, tighten: true }));
    }
    for (const [index, { path, replaces }] of writes.entries()) {
      beforeStep(`place ${index}`);
      const file = staged[index];
      if (file === undefined) continue;
      if (replaces) placeFile(file);
      else placeNew(file);
      if (!replaces) placed.push(path);
    }
  } catch (error) {
    for (const { draft } of staged) removeQuietly(draft);
    for (const path of placed) removeQuietly(path);
    for (const directory of made.reverse()) removeIfEmpty(directory);
    throw error;
  }
  beforeStep('sync directories');
  const touched = [...writes.map(({ path }) => path), ...made].map((path) => dirname(path));
  for (const directory of new Set(touched)) syncDirectory(directory);
}

/** Whatever it is: a link that leads nowhere counts. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw ioError('look at', path, error);
  }
}

/** What file systems without hard links say. */
const CANNOT_LINK = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'EXDEV', 'EINVAL']);

/** Renaming would replace what another process put there meanwhile; linking does not. */
function placeNew(file: Staged): void {
  try {
    linkSync(file.draft, file.target);
    removeQuietly(file.draft);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw alreadyThere([file.target]);
    if (!CANNOT_LINK.has(errnoOf(error) ?? '')) throw ioError('write', file.target, error);
    placeFile(file);
  }
}

function makeDirectory(path: string, made: string[]): void {
  try {
    makeDirectories(path, (directory) => made.push(directory));
  } catch (error) {
    throw ioError('make', path, error);
  }
}

function alreadyThere(paths: readonly string[], hint = 'name another place, or remove the file'): NscError {
  const [first = ''] = paths;
  const more = paths.length > 1 ? ` (and ${paths.length - 1} more)` : '';
  return new NscError('already-exists', `file ${quote(first)} already exists${more}`, {
    hint,
    details: { files: paths },
  });
}

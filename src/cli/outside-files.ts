import type { OutsideFile } from '../app/command.js';
import { Secret } from '../lib/secret.js';
import type { ChangeSummary } from '../render/changes.js';
import { absolutePath } from '../store/directories.js';
import { isSealedFile } from '../store/layout.js';
import { type OutsideWrite, planOutsideFiles, writeOutsideFiles } from '../store/outside-files.js';
import { type OwnPlaces, refuseOwnFile } from '../store/own-files.js';
import type { OpenContext } from './run.js';
import type { World } from './world.js';

/** The files a mutation writes outside the store. Paths are as a person writes them. */
type OutsideFiles = readonly OutsideFile[] | undefined;
type Place = Pick<World, 'cwd' | 'home'>;

/**
 * Before anything is written: none of them takes the place of another file, unless it may, and none is a file of the
 * keystore.
 *
 * @returns what is to be written
 * @throws NscError `already-exists`, `bad-value`
 */
export function planFiles(files: OutsideFiles, { home, cwd }: Place, context: OpenContext): readonly OutsideWrite[] {
  if (files === undefined || files.length === 0) return [];
  const absolute = files.map(({ content, ...file }) => ({
    ...file,
    path: absolutePath(file.path, home, cwd),
    content: content instanceof Secret ? content.reveal() : content,
  }));
  return planOutsideFiles(absolute, context.workspace);
}

/**
 * Looks whether something may be written to a place: it may replace what a person has there, but nothing of the store,
 * where it could be the end of a key.
 *
 * @param ownPlace the file of the store that may be written all the same, unless it is encrypted
 * @throws NscError `bad-value`
 */
export function checkPlace(path: string, { home, cwd }: Place, places: OwnPlaces, ownPlace?: string): void {
  const absolute = absolutePath(path, home, cwd);
  if (absolute !== ownPlace || isSealedFile(absolute)) refuseOwnFile(absolute, places);
}

/** Writes them, all or none, with the directories they need. Throws `already-exists`, `store-io`. */
export function writeFiles(files: readonly OutsideWrite[]): void {
  if (files.length > 0) writeOutsideFiles(files);
}

/** What becomes of them, for reports. */
export function summarizeFiles(files: readonly OutsideWrite[]): ChangeSummary[] {
  return files.map(({ path, replaces }) => ({ action: replaces ? 'update' : 'create', type: 'file', name: path }));
}

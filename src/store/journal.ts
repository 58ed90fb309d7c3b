import { closeSync, fstatSync, fsyncSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { openNew, removeFile, removeQuietly, syncDirectory, writeAll } from './atomic-file.js';
import type { BeforeStep, FileStep } from './file-step.js';
import type { Holder } from './holder.js';
import { errnoOf, ioError } from './io-error.js';
import { journalDir, type Roots } from './layout.js';
import { listNames } from './read-file.js';

/**
 * The journal of a commit: `.journal/pending` while it is written, `.journal/committed` once it counts. Lines of JSON:
 * a header, one step a line in the order they are done, and a last line with their number.
 */
export interface Journal {
  /** Of the lock it was written under; names the drafts. */
  readonly id: string;
  readonly command: string;
  readonly since: string;
  readonly steps: readonly FileStep[];
}

/** The first line of the file. */
export interface JournalHeader extends Roots, Pick<Journal, 'id' | 'command' | 'since'> {
  readonly journal: 1;
  readonly host: string;
  /** Of the journal file itself: a journal that came with a copied or checked-out directory has another. */
  readonly inode: string;
}

const PENDING = 'pending';
const COMMITTED = 'committed';
const CHUNK_CHARACTERS = 1024 * 1024;

/** What a store's journal directory holds: a commit to finish, the beginning of one to discard, or nothing. */
export function findJournalState(storeRoot: string): 'committed' | 'pending' | undefined {
  const names = listNames(journalDir(storeRoot));
  return names.includes(COMMITTED) ? 'committed' : names.includes(PENDING) ? 'pending' : undefined;
}

/**
 * Writes a journal and makes it count: after this the commit happens, whatever becomes of this process.
 *
 * @throws NscError `store-io`; nothing is left behind then
 */
export function writeJournal(roots: Roots, holder: Holder, steps: readonly FileStep[], beforeStep: BeforeStep): void {
  const directory = journalDir(roots.storeRoot);
  const pending = join(directory, PENDING);
  try {
    beforeStep('journal directory');
    if (makeJournalDir(directory)) syncDirectory(roots.storeRoot);
    beforeStep('journal open');
    const descriptor = openNew(pending);
    try {
      beforeStep('journal write');
      writeLines(descriptor, headerOf(roots, holder, fstatSync(descriptor, { bigint: true }).ino), steps, beforeStep);
      beforeStep('journal sync');
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    beforeStep('journal commit');
    renameSync(pending, join(directory, COMMITTED));
    syncDirectory(directory);
  } catch (error) {
    removeQuietly(pending);
    removeQuietly(join(directory, COMMITTED));
    throw ioError('write', pending, error);
  }
}

/** @returns whether it was not there */
function makeJournalDir(directory: string): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

const headerOf = ({ storeRoot, keystoreDir, configDir }: Roots, holder: Holder, inode: bigint): JournalHeader => ({
  journal: 1,
  id: holder.id,
  host: holder.host,
  command: holder.command,
  since: holder.since,
  storeRoot,
  keystoreDir,
  configDir,
  inode: String(inode),
});

function writeLines(
  descriptor: number,
  header: JournalHeader,
  steps: readonly FileStep[],
  beforeStep: BeforeStep,
): void {
  let chunk = `${JSON.stringify(header)}\n`;
  for (const step of steps) {
    chunk += `${JSON.stringify(step)}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    writeAll(descriptor, chunk);
    chunk = '';
  }
  beforeStep('journal end');
  writeAll(descriptor, `${chunk}${JSON.stringify({ steps: steps.length })}\n`);
}

/** Ends a commit: its journal is gone for good, so that it is never applied over later ones. Throws `store-io`. */
export function dropJournal(storeRoot: string): void {
  const directory = journalDir(storeRoot);
  removeFile(join(directory, COMMITTED));
  removeFile(join(directory, PENDING));
  syncDirectory(directory);
}

export const committedJournalFile = (storeRoot: string): string => join(journalDir(storeRoot), COMMITTED);

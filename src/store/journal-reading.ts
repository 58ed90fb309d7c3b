import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NscError } from '../errors.js';
import { type FileStep, pathOf } from './file-step.js';
import { ioError } from './io-error.js';
import { committedJournalFile, type Journal, type JournalHeader } from './journal.js';
import { isOwnPath, type Roots } from './layout.js';

/**
 * Reads a committed journal back.
 *
 * It is believed only when it was written on this host, as this very file, for these directories, and when every path
 * in it is one of the layout: a directory that was copied from elsewhere must not decide what is written here.
 *
 * @throws NscError `store-corrupt`, `store-locked` when it was written for other directories, `store-io`
 */
export function readJournal(roots: Roots, host: string): Journal {
  const path = committedJournalFile(roots.storeRoot);
  const { lines, inode } = readLines(path);
  const header = lines.shift() as JournalHeader | null | undefined;
  const end = lines.pop() as { steps?: unknown } | null | undefined;
  if (header?.journal !== 1 || end?.steps !== lines.length) throw refused(path, 'is damaged');
  if (header.inode !== inode || header.host !== host) throw refused(path, 'was copied here from elsewhere');
  refuseOtherRoots(roots, header, path);
  const steps: FileStep[] = [];
  for (const line of lines) {
    if (!isStep(line) || !isOwnPath(roots, pathOf(line))) throw refused(path, 'names files that are not of a store');
    steps.push(line);
  }
  return { id: header.id, command: header.command, since: header.since, steps };
}

function readLines(path: string): { lines: unknown[]; inode: string } {
  let text: string;
  let inode: string;
  try {
    const descriptor = openSync(path, 'r');
    try {
      inode = String(fstatSync(descriptor, { bigint: true }).ino);
      text = readFileSync(descriptor, 'utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw ioError('read', path, error);
  }
  try {
    const lines = text.split('\n').filter((line) => line !== '');
    return { lines: lines.map((line) => JSON.parse(line) as unknown), inode };
  } catch {
    throw refused(path, 'is damaged');
  }
}

function isStep(line: unknown): line is FileStep {
  const { write, content, remove, make, ...rest } = (line ?? {}) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return false;
  if (write !== undefined) return typeof write === 'string' && typeof content === 'string' && !remove && !make;
  return remove !== undefined ? typeof remove === 'string' && !make : typeof make === 'string';
}

function refused(path: string, reason: string): NscError {
  return new NscError('store-corrupt', `the journal of an interrupted command, ${path}, ${reason}`, {
    hint: `to keep the files of the store as they are, remove ${dirname(path)}`,
    details: { path },
  });
}

function refuseOtherRoots({ storeRoot, keystoreDir, configDir }: Roots, header: JournalHeader, path: string): void {
  if (header.storeRoot !== storeRoot) throw refused(path, `was written for the store ${header.storeRoot}`);
  if (header.keystoreDir === keystoreDir && header.configDir === configDir) return;
  throw new NscError('store-locked', `an interrupted "${header.command}" has to be finished with its own directories`, {
    hint: `nsc --config-dir ${header.configDir} --data-dir ${storeRoot} --keystore-dir ${header.keystoreDir} env`,
    details: { path, configDir: header.configDir, keystoreDir: header.keystoreDir, since: header.since },
  });
}

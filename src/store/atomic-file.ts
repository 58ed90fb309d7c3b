import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf, ioError, isAbsent } from './io-error.js';
import { draftName } from './layout.js';

/** A file that is ready to take its place. */
export interface Staged {
  readonly draft: string;
  readonly target: string;
}

export interface StageOptions {
  readonly id?: string;
  readonly durable?: boolean;
  readonly mode?: number;
  readonly tighten?: boolean;
  readonly owners?: Map<string, Owner>;
}

/** Whose new files are in a directory. */
export type Owner = Pick<Stats, 'uid' | 'gid'>;

const NEW_FILE_MODE = 0o600;

const anyId = (): string => Math.random().toString(36).slice(2);

/**
 * Writes the new content of a file beside it. A file that exists keeps its mode and, where the system lets us, its
 * owner, as nsc's rewriting in place does; a new one is for its owner alone.
 *
 * @param options.id makes the draft's name one that no other process uses
 * @param options.durable waits until the content is on the disk
 * @param options.mode of a new file
 * @param options.tighten takes away from the mode of an old file what a new one would not have
 * @param options.owners remembers, for files that are staged together, whose they are in which directory
 * @throws NscError `store-io`; nothing is left behind then
 */
export function stageFile(
  target: string,
  content: string | Uint8Array,
  { id = anyId(), durable = false, mode = NEW_FILE_MODE, tighten = false, owners = new Map() }: StageOptions = {},
): Staged {
  const directory = dirname(target);
  const draft = join(directory, draftName(id));
  try {
    const descriptor = openNew(draft);
    try {
      writeAll(descriptor, content);
      const ownerOf = (): Owner => owners.get(directory) ?? fstatSync(descriptor);
      const own = keepModeAndOwner(descriptor, target, { newMode: mode, tighten, ownerOf });
      if (own) owners.set(directory, own);
      if (durable) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    removeQuietly(draft);
    throw ioError('write', target, error);
  }
  return { draft, target };
}

/** Puts a staged file in its place, in one step. Throws `store-io`. */
export function placeFile({ draft, target }: Staged): void {
  try {
    renameSync(draft, target);
  } catch (error) {
    throw ioError('write', target, error);
  }
}

/**
 * Replaces or creates a file: a reader finds the old content or the new one. Through a link, the file it leads to is
 * replaced. A device or pipe, such as `/dev/null`, stays and gets the content.
 *
 * @param mode of a new file; one that is there is never left more open
 * @throws NscError `store-io`
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode: number = NEW_FILE_MODE): void {
  if (leadsToSpecial(path)) {
    writeInto(path, content);
    return;
  }
  const staged = stageFile(resolveLink(path), content, { durable: true, mode, tighten: true });
  try {
    placeFile(staged);
  } catch (error) {
    removeQuietly(staged.draft);
    throw error;
  }
  syncDirectory(dirname(staged.target));
}

/** What must not be replaced by a file: neither file nor directory nor link. */
const isSpecial = (status: Stats | undefined): boolean =>
  status !== undefined && !status.isFile() && !status.isDirectory() && !status.isSymbolicLink();

function leadsToSpecial(path: string): boolean {
  try {
    return isSpecial(statSync(path, { throwIfNoEntry: false }));
  } catch (error) {
    throw ioError('write', path, error);
  }
}

function writeInto(path: string, content: string | Uint8Array): void {
  try {
    const descriptor = openSync(path, constants.O_WRONLY);
    try {
      writeAll(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw ioError('write', path, error);
  }
}

/** Where a link leads; any other path itself. */
export function resolveLink(path: string): string {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(path) : path;
  } catch (error) {
    throw ioError('write', path, error);
  }
}

/** Removes a file; one that is gone is fine. Throws `store-io`. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw ioError('remove', path, error);
  }
}

/** Removes a file if that is possible. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it stays, and is overwritten by the next one of its name
  }
}

/** What Windows and some network file systems say to syncing a directory; there it is not needed or not possible. */
const CANNOT_SYNC = new Set(['EINVAL', 'EISDIR', 'EPERM', 'EACCES', 'EBADF', 'ENOTSUP', 'EOPNOTSUPP']);

/** Waits until the entries of a directory are on the disk; one that is gone is fine. Throws `store-io`. */
export function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!isAbsent(error) && !CANNOT_SYNC.has(errnoOf(error) ?? '')) throw ioError('sync', path, error);
  }
}

/** Writes all of a content, or throws. */
export function writeAll(descriptor: number, content: string | Uint8Array): void {
  // a text is taken whole as a rule, and copying it first costs as much as writing it
  const begun = typeof content === 'string' ? writeSync(descriptor, content) : 0;
  if (begun === content.length && typeof content === 'string' && begun === Buffer.byteLength(content)) return;
  const bytes = Buffer.from(content);
  for (let from = begun; from < bytes.length; ) from += writeSync(descriptor, bytes, from);
}

/** A file that did not exist, whatever a killed process or a link left there. */
export function openNew(path: string): number {
  try {
    return openSync(path, 'wx', NEW_FILE_MODE);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    unlinkSync(path);
    return openSync(path, 'wx', NEW_FILE_MODE);
  }
}

/** @returns whose the draft was when it was made, where that was asked for */
function keepModeAndOwner(
  descriptor: number,
  target: string,
  { newMode, tighten, ownerOf }: { newMode: number; tighten: boolean; ownerOf(): Owner },
): Owner | undefined {
  const old: Stats | undefined = lstatSync(target, { throwIfNoEntry: false });
  if (old?.isDirectory()) throw ioError('write', target, { code: 'EISDIR' });
  if (isSpecial(old)) throw ioError('write', target, { code: 'EEXIST' });
  if (!old?.isFile()) {
    if (newMode !== NEW_FILE_MODE) fchmodSync(descriptor, newMode);
    return undefined;
  }
  const mode = old.mode & (tighten ? newMode : 0o777);
  const own = ownerOf();
  if (own.uid !== old.uid || own.gid !== old.gid) {
    try {
      fchownSync(descriptor, old.uid, old.gid);
    } catch {
      // only the superuser gives files away
    }
  }
  if (mode !== NEW_FILE_MODE) fchmodSync(descriptor, mode);
  return own;
}

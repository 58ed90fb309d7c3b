import {
  closeSync,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs';
import { NscError } from '../errors.js';
import { errnoOf, ioError, isAbsent } from './io-error.js';

/** No file of a store is bigger: the largest token that decodes is 1 MiB, a creds file holds one. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** But the keyring: some 500 bytes for each key, of which a hundred thousand users may have several. */
export const MAX_KEYRING_BYTES = 256 * 1024 * 1024;

/** One buffer for all reads: half the cost of an own one for each file (performance.md §3.2). */
const buffer = Buffer.allocUnsafe(64 * 1024);

/**
 * The content of a file as UTF-8; undefined when there is none.
 *
 * @param options.comesInParts for a pipe: what is there is not all of it
 * @throws NscError `store-corrupt` for a file of more than 4 MiB, or than `maxBytes`, `store-io`
 */
export function findText(path: string, { comesInParts = false, maxBytes = MAX_FILE_BYTES } = {}): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError('read', path, error);
  }
  try {
    const length = readSync(file, buffer, 0, buffer.length, null);
    if (length < buffer.length && !comesInParts) return buffer.toString('utf8', 0, length);
    return readRest(file, path, { head: Buffer.from(buffer.subarray(0, length)), maxBytes });
  } catch (error) {
    throw ioError('read', path, error);
  } finally {
    closeSync(file);
  }
}

function readRest(file: number, path: string, { head, maxBytes }: { head: Buffer; maxBytes: number }): string {
  const chunks = [head];
  let total = head.length;
  if (fstatSync(file).size > maxBytes) throw tooBig(path, maxBytes);
  for (;;) {
    const length = readSync(file, buffer, 0, buffer.length, null);
    if (length === 0) return Buffer.concat(chunks).toString('utf8');
    total += length;
    if (total > maxBytes) throw tooBig(path, maxBytes);
    chunks.push(Buffer.from(buffer.subarray(0, length)));
  }
}

const tooBig = (path: string, maxBytes: number): NscError =>
  new NscError('store-corrupt', `${path} is bigger than any file of a store can be`, {
    hint: 'move it away',
    details: { path, maxBytes },
  });

/** The bytes of a file; undefined when there is none. Throws `store-corrupt` for a file of more than 4 MiB, `store-io`. */
export function findBytes(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= MAX_FILE_BYTES) return bytes;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError('read', path, error);
  }
  throw tooBig(path, MAX_FILE_BYTES);
}

/** Names in a directory, in no order; none when it does not exist. Throws `store-io`. */
export function listNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw ioError('list', directory, error);
  }
}

/** Like {@link listNames}, with what each name stands for. Links count as what they lead to only after a look. */
export function listEntries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw ioError('list', directory, error);
  }
}

/** Whether there is a regular file, or a link to one. Throws `store-io` where it may not be looked. */
export function isFile(path: string): boolean {
  return findStatus(path)?.isFile() ?? false;
}

/** Whether a file is there and has this content. Asking first is far cheaper than failing to open (performance.md §3.2). */
export const hasText = (path: string, content: string): boolean =>
  isFile(path) && findText(path, { maxBytes: MAX_KEYRING_BYTES }) === content;

/** Whether there is a directory, or a link to one. Throws `store-io` where it may not be looked. */
export function isDirectory(path: string): boolean {
  return findStatus(path)?.isDirectory() ?? false;
}

/** Another one whenever the file was replaced or written; undefined when there is none. Throws `store-io`. */
export function findStamp(path: string): string | undefined {
  const status = findStatus(path);
  return status && `${status.ino} ${status.size} ${status.mtimeMs} ${status.ctimeMs}`;
}

function findStatus(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === 'EACCES') throw ioError('look at', path, error);
    return undefined;
  }
}

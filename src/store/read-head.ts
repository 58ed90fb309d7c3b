import { closeSync, openSync, readSync } from 'node:fs';
import { errnoOf, ioError, isAbsent } from './io-error.js';

const STANDARD_INPUT = 0;
const napping = new Int32Array(new SharedArrayBuffer(4));

/**
 * The beginning of a file, and no more than a byte beyond `maxBytes`; undefined when there is none. For files of others,
 * of any size and kind.
 *
 * @throws NscError `store-io`
 */
export function findHead(path: string, maxBytes: number): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw ioError('read', path, error);
  }
  try {
    return readHead(file, maxBytes);
  } catch (error) {
    throw ioError('read', path, error);
  } finally {
    closeSync(file);
  }
}

/** The same of standard input, up to its end. */
export function readStandardInput(maxBytes: number): Uint8Array {
  try {
    return readHead(STANDARD_INPUT, maxBytes);
  } catch (error) {
    throw ioError('read', 'standard input', error);
  }
}

function readHead(file: number, maxBytes: number): Uint8Array {
  const bytes = Buffer.alloc(maxBytes + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSome(file, bytes, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Waits for a pipe that has nothing yet. Windows tells the end of one as an error. */
function readSome(file: number, bytes: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(file, bytes, from, bytes.length - from, null);
    } catch (error) {
      if (errnoOf(error) === 'EOF') return 0;
      if (errnoOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(napping, 0, 0, 5);
    }
  }
}

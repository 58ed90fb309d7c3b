import { NscError } from '../../errors.js';
import { parseAmount } from '../../lib/amount.js';

/** Bytes that an answer may have at most, so that nothing larger is kept in memory. */
const MOST = 256 * 1024 * 1024;

/** A size in bytes, from 1 to 256 MiB. Throws `bad-value`. */
export function readSize(given: string): number {
  const size = Number(parseAmount(given));
  if (given.trim() !== '' && size >= 1 && size <= MOST) return size;
  throw new NscError('bad-value', `"${given}" is not a size from 1 to 256MiB`);
}

import type { Int64 } from '../types.js';

const LARGEST = 2n ** 63n - 1n;

/**
 * A decimal integer as Go's `strconv.Atoi` reads it: an optional sign, leading zeros allowed, nothing else, 64 bits.
 * Undefined for every other text (jwt-nkeys.md §3.9).
 */
export function parseInteger(text: string): Int64 | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  const digits = BigInt(text.replace(/^[+-]/, ''));
  const exact = text.startsWith('-') ? -digits : digits;
  return exact > LARGEST || exact < -LARGEST - 1n ? undefined : exact;
}

import { NscError } from '../errors.js';
import type { Int64 } from './int64-json.js';

/** Durations in Go's notation, in nanoseconds: `1h30m`, `-1.5s`, `250ms`, `0` (nsc-core.md §6.3). */

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  '\u00b5s': 1e3, // micro sign
  '\u03bcs': 1e3, // Greek mu
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const PART = /(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * Nanoseconds of a Go duration; a bare number other than `0` has no unit and is refused.
 *
 * @throws NscError `bad-value`
 */
export function parseGoDuration(text: string): Int64 {
  const negative = text.startsWith('-');
  const body = negative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '0') return 0;
  let total = 0n;
  PART.lastIndex = 0;
  let at = 0;
  while (at < body.length) {
    const part = PART.exec(body);
    if (!part || (part[1] === '' && !part[2])) throw badDuration(text);
    total += nanoseconds(part[1] ?? '', part[2] ?? '', UNITS[part[3] ?? ''] ?? 0);
    at = PART.lastIndex;
  }
  // Go takes -2^63 too; a duration of exactly minus 292 years is not worth the exception.
  if (body === '' || total > MAX_INT64) throw badDuration(text);
  return narrow(negative ? -total : total);
}

/** The fraction is computed in doubles and cut off, as Go does. */
function nanoseconds(whole: string, fraction: string, unit: number): bigint {
  const part = fraction === '' ? 0 : Math.trunc(Number(fraction) * (unit / 10 ** fraction.length));
  return BigInt(whole === '' ? 0 : whole) * BigInt(unit) + BigInt(Number.isFinite(part) ? part : 0);
}

function narrow(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function badDuration(text: string): NscError {
  return new NscError('bad-value', `"${text}" is not a duration`, {
    hint: 'write numbers with the units ns, us, ms, s, m or h, such as 1h30m or 500ms',
  });
}

/** Nanoseconds as Go prints them: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(ns: Int64): string {
  const value = BigInt(ns);
  if (value === 0n) return '0s';
  const sign = value < 0n ? '-' : '';
  const size = value < 0n ? -value : value;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${withFraction(size, 3)}\u00b5s`;
  if (size < 1_000_000_000n) return `${sign}${withFraction(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${withFraction(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** value / 10^places without trailing zeros. */
function withFraction(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

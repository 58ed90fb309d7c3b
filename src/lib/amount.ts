import { NscError } from '../errors.js';
import type { Int64 } from './int64-json.js';

/** Counts and sizes as people write and read them: `1000`, `1.5k`, `64 MiB`, `-1` (nsc-core.md §6.2). */

const AMOUNT = /^(-?)(\d[\d,]*|(?=\.\d))(?:\.(\d*))?\s*([a-z]*)\s*$/i;
const THOUSANDS = /^\d{1,3}(,\d{3})*$/;
const MAX_INT64 = 2n ** 63n - 1n;

/**
 * The integer an amount stands for, exactly; what a fraction leaves below 1 is cut off (`1.5k` = 1500, `1.5` = 1).
 * Units: b, k/kb, m, g, t, p, e (powers of 1000) and ki/kib … ei/eib (powers of 1024), in any letter case. The empty
 * text is 0.
 *
 * @throws NscError `bad-value`, also for what does not fit into 64 bits (nsc lets it wrap) and for commas that do not
 * separate thousands (nsc reads `1,5G` as 15G)
 */
export function parseAmount(text: string): Int64 {
  if (text === '') return 0;
  const match = AMOUNT.exec(text);
  const whole = match?.[2] ?? '';
  const unit = unitSize(match?.[4]?.toLowerCase() ?? '');
  if (!match || unit === undefined || (whole.includes(',') && !THOUSANDS.test(whole))) throw badAmount(text);
  const fraction = match[3] ?? '';
  const digits = BigInt(whole.replaceAll(',', '') + fraction);
  const size = (digits * unit) / 10n ** BigInt(fraction.length);
  if (size > MAX_INT64) throw new NscError('bad-value', `"${text}" is too large: the most is ${MAX_INT64}`);
  return narrow(match[1] === '-' ? -size : size);
}

/** Undefined for an unknown suffix. */
function unitSize(suffix: string): bigint | undefined {
  const unit = /^(?:b|([kmgtpe])(i?)b?)?$/.exec(suffix);
  if (!unit) return undefined;
  const power = 'kmgtpe'.indexOf(unit[1] ?? '') + 1;
  return unit[1] === undefined ? 1n : (unit[2] === 'i' ? 1024n : 1000n) ** BigInt(power);
}

function narrow(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function badAmount(text: string): NscError {
  return new NscError('bad-value', `"${text}" is not a number or size`, {
    hint: 'write an integer or a size such as 1000, 1.5k, 64MiB or 10GB; -1 means unlimited',
  });
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Bytes for people, in powers of 1000 with one decimal below 10: `982 B`, `1.1 GB`, `64 MB`. */
export function formatBytes(n: Int64): string {
  if (n < 0) return `-${formatBytes(-n)}`;
  let scaled = Number(n);
  let unit = 0;
  while (scaled >= 1000 && unit < SIZE_UNITS.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  if (unit === 0) return `${n} B`;
  const rounded = Math.floor(scaled * 10 + 0.5) / 10;
  return `${rounded.toFixed(rounded < 10 ? 1 : 0)} ${SIZE_UNITS[unit]}`;
}

/** An integer with commas between thousands: `10,000,000`. */
export function formatCount(n: Int64): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

import { NscError } from '../errors.js';
import type { Int64 } from './int64-json.js';

/** Points in time on the command line and in reports, in Unix seconds (nsc-core.md §6.1). */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME_UTC = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2}) UTC$/;
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const RELATIVE = /^(-?\d{1,9})([mhdwMy])$/;

const DAY = 86_400;
/** 9999-12-31 23:59:59 UTC. */
const LAST_SECOND = 253_402_300_799;

/**
 * A start, an expiry or a span: the empty text and `0` are 0 ("always", "never"); otherwise `YYYY-MM-DD` (midnight
 * UTC), `YYYY-MM-DD HH:MM:SS UTC`, RFC 3339, or a count of m(inutes), h(ours), d(ays), w(eeks), M(onths) or y(ears)
 * from now, negative for the past. Months and years are calendar steps in UTC: Jan 31 + 1M is Mar 2 or 3.
 *
 * The whole text must fit; nsc finds a match anywhere (`1h30m` is one hour there, E-48). A moment at or before 1970
 * is refused because 0 would mean "never", and so is a count of 0.
 *
 * @param now Unix seconds
 * @throws NscError `bad-value`
 */
export function parseMoment(text: string, now: number): number {
  checkMoment(text);
  if (text === '' || text === '0') return 0;
  const seconds = parseAbsolute(text) ?? parseRelative(text, now);
  if (!(seconds > 0 && seconds <= LAST_SECOND)) {
    throw new NscError('bad-value', `"${text}" is not between 1970-01-01 and 9999-12-31`);
  }
  return seconds;
}

/**
 * The text itself when {@link parseMoment} knows its form; for when "now" is not yet decided.
 *
 * @throws NscError `bad-value`
 */
export function checkMoment(text: string): string {
  const isSpan = RELATIVE.test(text) && !/^-?0+\D/.test(text);
  if (text === '' || text === '0' || isSpan || parseAbsolute(text) !== undefined) return text;
  throw new NscError('bad-value', `"${text}" is not a date or a time span`, {
    hint:
      'write YYYY-MM-DD, "YYYY-MM-DD HH:MM:SS UTC", an RFC 3339 time, one number with one of the units ' +
      'm, h, d, w, M, y (minutes to years from now, such as 90m or 1y), or 0 for none',
  });
}

/** Unix seconds of an RFC 3339 time, cut to whole seconds; undefined for any other text. */
export const parseRfc3339 = (text: string): number | undefined =>
  RFC3339.test(text) ? parseAbsolute(text) : undefined;

function parseAbsolute(text: string): number | undefined {
  const match = DATE.exec(text) ?? DATE_TIME_UTC.exec(text) ?? RFC3339.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [offsetHours, offsetMinutes] = [Number(match[8] ?? 0), Number(match[9] ?? 0)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * 60 * (match[7] === '-' ? -1 : 1);
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
}

function parseRelative(text: string, now: number): number {
  const match = RELATIVE.exec(text);
  const count = Number(match?.[1] ?? 0);
  const date = new Date(now * 1000);
  switch (match?.[2]) {
    case 'm':
      return now + count * 60;
    case 'h':
      return now + count * 3600;
    case 'd':
      return now + count * DAY;
    case 'w':
      return now + count * 7 * DAY;
    case 'M':
      date.setUTCMonth(date.getUTCMonth() + count);
      break;
    default:
      date.setUTCFullYear(date.getUTCFullYear() + count);
  }
  return Math.floor(date.getTime() / 1000);
}

/** `YYYY-MM-DD HH:MM:SS UTC`; a value that is no date of the years 0 to 9999 is shown as the number it is. */
export function formatDate(seconds: Int64): string {
  const number = Number(seconds);
  if (!(number >= -62_167_219_200 && number <= LAST_SECOND)) return `${seconds} (Unix seconds)`;
  const iso = new Date(number * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** The same as RFC 3339 in UTC: `2050-01-01T00:00:00Z`. */
export function formatRfc3339(seconds: Int64): string {
  const number = Number(seconds);
  if (!(number >= -62_167_219_200 && number <= LAST_SECOND)) return formatDate(seconds);
  return new Date(number * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}

const [MINUTE, HOUR, WEEK, MONTH, YEAR] = [60, 3600, 7 * DAY, 30 * DAY, 360 * DAY];

/** Below this many seconds → the words, or the unit to count in. */
const STEPS: readonly (readonly [below: number, words: string, unit?: number])[] = [
  [2, '1 second'],
  [MINUTE, 'seconds', 1],
  [2 * MINUTE, '1 minute'],
  [HOUR, 'minutes', MINUTE],
  [2 * HOUR, '1 hour'],
  [DAY, 'hours', HOUR],
  [2 * DAY, '1 day'],
  [WEEK, 'days', DAY],
  [2 * WEEK, '1 week'],
  [MONTH, 'weeks', WEEK],
  [2 * MONTH, '1 month'],
  [YEAR, 'months', MONTH],
  [18 * MONTH, '1 year'],
  [2 * YEAR, '2 years'],
  [37 * YEAR, 'years', YEAR],
  [Number.POSITIVE_INFINITY, 'a long while'],
];

/** How far `to` is from `from` (both Unix seconds), rounded down to one unit: `now`, `in 3 months`, `2 days ago`. */
export function formatRelative(from: Int64, to: Int64): string {
  const distance = Math.abs(Number(to) - Number(from));
  if (distance < 1) return 'now';
  const [, words, unit] = STEPS.find(([below]) => distance < below) ?? [0, 'a long while'];
  const span = unit === undefined ? words : `${Math.floor(distance / unit)} ${words}`;
  return to > from ? `in ${span}` : `${span} ago`;
}

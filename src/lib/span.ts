import { NscError } from '../errors.js';

/**
 * A length of time as people write it: a count of m(inutes), h(ours), d(ays), w(eeks), M(onths) or y(ears), as in
 * `lib/moment`. Months and years are steps of the calendar in UTC.
 */
export interface Span {
  readonly count: number;
  readonly unit: 'm' | 'h' | 'd' | 'w' | 'M' | 'y';
}

const SPAN = /^(\d{1,5})([mhdwMy])$/;

const SECONDS = { m: 60, h: 3600, d: 86_400, w: 7 * 86_400 } as const;

/** No length at all. */
export const NO_SPAN: Span = { count: 0, unit: 'm' };

/**
 * Reads a span; `0` is none.
 *
 * @throws NscError `bad-value`
 */
export function parseSpan(text: string): Span {
  if (text === '0') return NO_SPAN;
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (unit !== undefined) return { count: Number(count), unit: unit as Span['unit'] };
  throw new NscError('bad-value', `"${text}" is not a time span`, {
    hint: 'write one number with one of the units m, h, d, w, M, y (minutes to years), such as 90d or 3M; or 0 for none',
  });
}

/** The moment that lies a span after another. Unix seconds, both. */
export const addSpan = (from: number, span: Span): number => move(from, span, 1);

/** The moment that lies a span before another. Unix seconds, both. */
export const subtractSpan = (to: number, span: Span): number => move(to, span, -1);

function move(from: number, { count, unit }: Span, sign: 1 | -1): number {
  if (unit !== 'M' && unit !== 'y') return from + sign * count * SECONDS[unit];
  const date = new Date(from * 1000);
  if (unit === 'M') date.setUTCMonth(date.getUTCMonth() + sign * count);
  else date.setUTCFullYear(date.getUTCFullYear() + sign * count);
  const moved = Math.floor(date.getTime() / 1000);
  // beyond what calendars know
  return Number.isNaN(moved) ? from + sign * count * 31 * SECONDS.d : moved;
}

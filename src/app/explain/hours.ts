import type { TimeRange } from '../../domain/claims/types.js';

const DAY = 86_400;

/**
 * Whether servers let somebody in at a time of day (nats-server `validateTimes`): they look at ranges that begin today,
 * so one across midnight lets nobody in after midnight. Undefined where the time of day is not known, because the zone
 * is that of the server, or one that is unknown here.
 *
 * @param at Unix seconds
 * @param zone of the ranges; `''` is that of the server
 */
export function isWithinHours(ranges: readonly TimeRange[], zone: string, at: number): boolean | undefined {
  const now = timeOfDay(zone, at);
  if (now === undefined) return undefined;
  return ranges.some(({ start = '', end = '' }) => {
    const [from, until] = [secondsOf(start), secondsOf(end)];
    return from <= now && (until < from || now < until);
  });
}

/** Seconds since midnight in a zone, by the clock on the wall. */
function timeOfDay(zone: string, at: number): number | undefined {
  if (zone === 'UTC') return ((at % DAY) + DAY) % DAY;
  if (zone === '' || zone === 'Local') return undefined;
  try {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium', hourCycle: 'h23' });
    return secondsOf(format.format(at * 1000));
  } catch {
    return undefined;
  }
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.replace(',', '.').split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

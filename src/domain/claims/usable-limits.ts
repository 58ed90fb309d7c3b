import { isCidr } from './check/cidr.js';
import { isTimeOfDay } from './check/time-range.js';
import type { TimeRange, UserPermissionLimits } from './types.js';

/*
 * Limits from which and when somebody may connect, as far as servers make sense of them: they go through each list in its
 * order and let nobody in once they meet an entry that is malformed (nats-server `validateSrc`, `validateTimes`). Users
 * with such an entry break a rule; templates of scopes are looked at by no rule.
 */

/** The networks before the first that is none. */
export const usableNetworks = ({ src = [] }: UserPermissionLimits): readonly string[] => upToFault(src, isCidr);

/** The hours before the first range without a beginning or an end. */
export const usableHours = ({ times = [] }: UserPermissionLimits): readonly TimeRange[] =>
  upToFault(times, ({ start = '', end = '' }) => isTimeOfDay(start) && isTimeOfDay(end));

function upToFault<T>(entries: readonly T[], isSound: (entry: T) => boolean): readonly T[] {
  const fault = entries.findIndex((entry) => !isSound(entry));
  return fault < 0 ? entries : entries.slice(0, fault);
}

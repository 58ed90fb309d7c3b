import type { Issue, TimeRange, UserClaims, UserPermissionLimits } from '../types.js';
import { isCidr } from './cidr.js';
import { issueOf, within } from './issue.js';
import { checkOptionalKey } from './key.js';
import { checkPermissions } from './permissions.js';
import { show } from './show.js';
import { isTimeOfDay } from './time-range.js';
import { isTimeZone } from './time-zone.js';
import { checkValidity } from './validity.js';

/** Rules C, UP and U1–U7 (jwt-nkeys.md §4.4). */
export function checkUser(claims: UserClaims, now: number): Issue[] {
  return [
    ...checkValidity(claims, now),
    ...checkUserLimits(claims.nats),
    ...checkOptionalKey('U7', 'account', claims.nats.issuer_account, 'issuer account'),
  ];
}

/** Rules UP and U1–U6: what a user may do, from where and when. */
function checkUserLimits(limits: UserPermissionLimits): Issue[] {
  const issues = within('UP', checkPermissions(limits));
  for (const network of limits.src ?? []) {
    if (!isCidr(network)) issues.push(issueOf('U1', `source network ${show(network)} is not a CIDR block`));
  }
  for (const range of limits.times ?? []) issues.push(...checkTimeRange(range));
  const zone = limits.times_location ?? '';
  if (zone !== '' && !isTimeZone(zone)) issues.push(issueOf('U6', `time zone ${show(zone)} is unknown`));
  return issues;
}

function checkTimeRange({ start = '', end = '' }: TimeRange): Issue[] {
  const issues: Issue[] = [];
  const named = `time range ${show(`${start}-${end}`)}`;
  if (start === '') issues.push(issueOf('U2', `${named} has no start`));
  else if (!isTimeOfDay(start)) issues.push(issueOf('U3', `${named} starts at what is not a time (HH:MM:SS)`));
  if (end === '') issues.push(issueOf('U4', `${named} has no end`));
  else if (!isTimeOfDay(end)) issues.push(issueOf('U5', `${named} ends at what is not a time (HH:MM:SS)`));
  return issues;
}

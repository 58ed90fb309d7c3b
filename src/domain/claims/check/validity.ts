import { formatDate } from '../../../lib/moment.js';
import type { Issue, RegisteredClaims } from '../types.js';
import { issueOf } from './issue.js';

/**
 * Rules C1 and C2: expiry and start against `now` (Unix seconds). A token is still valid in the second it expires;
 * zero and negative times mean none (jwt-nkeys.md §4.1).
 */
export function checkValidity(claims: RegisteredClaims, now: number): Issue[] {
  const { exp = 0, nbf = 0 } = claims;
  const issues: Issue[] = [];
  if (exp > 0 && now > exp) issues.push(issueOf('C1', `expired at ${formatDate(exp)}`));
  if (nbf > 0 && nbf > now) issues.push(issueOf('C2', `not valid before ${formatDate(nbf)}`));
  return issues;
}

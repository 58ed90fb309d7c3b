import type { RegisteredClaims } from '../../domain/claims/types.js';
import { formatDate } from '../../lib/moment.js';
import type { Failure } from './rules.js';

/**
 * Valid up to and including `exp`, from `nbf` on; zero and less mean no bound (jwt-nkeys.md C1, C2).
 *
 * @param ends whether it is expired already in the second `exp`, as servers take activations (§5.3 rule 7)
 */
export function checkTimes(
  { exp = 0, nbf = 0 }: RegisteredClaims,
  now: number,
  ends: 'after' | 'at' = 'after',
): Failure | undefined {
  if (exp > 0 && (now > exp || (ends === 'at' && now === Number(exp))))
    return { rule: 'expired', message: `the JWT expired on ${formatDate(exp)}` };
  if (nbf > now) return { rule: 'not-yet-valid', message: `the JWT is not valid before ${formatDate(nbf)}` };
  return undefined;
}

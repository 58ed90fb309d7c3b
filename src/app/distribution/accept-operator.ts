import { checkClaims } from '../../domain/claims/check/claims.js';
import type { OperatorEntry } from '../../domain/tree/tree.js';
import { verifyOperator } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';
import { type Arrived, decodeArrived, readArrived, untrusted } from './arrived.js';

export interface AcceptedOperator {
  /** Under the name it has in the store. */
  readonly entry: OperatorEntry;
  readonly age: 'same' | 'newer';
}

/**
 * Judges an operator JWT that an account server gave. It has to be about the very key of the operator that is here,
 * signed by itself, version 2, within the rules of operators and not older: who an operator is never changes on the word
 * of a server (S-43).
 *
 * @param text a JWT, bare or between banners
 * @param expected.source who sent it, made safe to show already
 * @throws NscError `untrusted-answer`, whose `details.reason` says which rule it broke
 */
export function acceptOperator(
  text: string,
  { source, held, now }: { readonly source: string; readonly held: OperatorEntry; readonly now: number },
): AcceptedOperator {
  const { sub: key = '', iat = 0 } = held.claims;
  const arrived: Arrived = { source, what: `operator ${quote(held.name)}`, key };
  const token = readArrived(text, arrived);
  if (token === held.token) return { entry: held, age: 'same' };

  const { claims, version } = decodeArrived(token, 'operator', arrived);
  if (claims.sub !== key) throw untrusted('subject-mismatch', `it is about ${claims.sub || 'nobody'}`, arrived);
  if (version !== 2) throw untrusted('version', `it is of version ${version}, and 2 is needed`, arrived);
  const entry = { name: held.name, token, claims };
  const refusal = verifyOperator(entry);
  if (refusal) throw untrusted(refusal.code, refusal.message, arrived);
  const broken = checkClaims('operator', claims, now).find(({ level }) => level === 'error');
  if (broken) throw untrusted('claims', `it breaks a rule: ${broken.message}`, arrived);
  if (Number(claims.iat ?? 0) < Number(iat)) {
    throw untrusted('older', 'it was issued before the one that is here', arrived);
  }
  return { entry, age: 'newer' };
}

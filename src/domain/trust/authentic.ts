import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { RegisteredClaims } from '../claims/types.js';
import { decodeToken, verifyToken } from '../token/decode.js';
import type { Entry } from '../tree/tree.js';

/**
 * Whether a stored token still holds what its issuer signed. Nothing is shown, handed out or signed on the word of one
 * that does not: an edit would give a forged payload a real signature.
 *
 * @throws NscError `bad-token`
 */
export function requireAuthentic(
  kind: 'operator' | 'account' | 'user',
  { name, token }: Entry<RegisteredClaims>,
): void {
  if (verifyToken(decodeToken(token))) return;
  throw new NscError('bad-token', `the JWT of ${kind} ${quote(name)} does not hold what its issuer signed`, {
    hint: 'it was altered or damaged: restore it from a backup; nsc validate --all-accounts shows what else is wrong',
    details: { kind, name },
  });
}

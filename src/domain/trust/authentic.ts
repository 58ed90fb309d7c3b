import { NscError } from '../../errors.js';
import { encodeBase64Url } from '../../lib/base64url.js';
import { quote } from '../../lib/display.js';
import type { AnyClaims, RegisteredClaims } from '../claims/types.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { decodeToken, verifyToken } from '../token/decode.js';
import { isSignedHere } from '../token/signed-here.js';
import type { Entry } from '../tree/tree.js';

/**
 * Whether a stored token still holds what its issuer signed.
 *
 * @param issuer the pair of who signed it, where that is at hand: it makes the same signature again in a third of the
 *   time that verifying takes, because Ed25519 is deterministic. Another signature may still be a right one, so that one
 *   is verified.
 */
export function isAuthentic({ token, claims }: Entry<RegisteredClaims>, issuer?: KeyPair): boolean {
  if (issuer && issuer.publicKey === claims.iss) {
    const end = token.lastIndexOf('.');
    if (encodeBase64Url(issuer.sign(token.slice(0, end))) === token.slice(end + 1)) return true;
  }
  return verifyToken(decodeToken(token));
}

/**
 * Nothing is shown, handed out or signed on the word of a stored token that does not hold what its issuer signed: an
 * edit would give a forged payload a real signature.
 *
 * @throws NscError `bad-token`
 */
export function requireAuthentic(kind: 'operator' | 'account' | 'user', entry: Entry<RegisteredClaims>): void {
  if (!isAuthentic(entry)) throw notAuthentic(kind, entry.name);
}

/** The refusal of a token that was altered. */
export const notAuthentic = (kind: 'operator' | 'account' | 'user', name: string): NscError =>
  new NscError('bad-token', `the JWT of ${kind} ${quote(name)} does not hold what its issuer signed`, {
    hint: 'it was altered or damaged: restore it from a backup; nsc validate --all-accounts shows what else is wrong',
    details: { kind, name },
  });

/** Claims that were made from a token of the store which had been found authentic. */
const vouched = new WeakSet<AnyClaims>();

/**
 * Notes that new claims are made from a token that {@link isAuthentic} was asked about, so that the check of the outcome
 * need not read and verify that token a second time.
 *
 * Where several steps are planned one upon the other, that token may itself be one of them, which says nothing of the one
 * that is in the store: it counts only if somebody has vouched for it, too.
 *
 * @param claims the very claims that a change puts
 * @param madeFrom the claims of the token they are made from, as the tree has them
 */
export function vouchFor(claims: AnyClaims, madeFrom: AnyClaims): void {
  if (!isSignedHere(madeFrom) || vouched.has(madeFrom)) vouched.add(claims);
}

/** Whether somebody has vouched for what these claims are made from. */
export const isVouchedFor = (claims: AnyClaims): boolean => vouched.has(claims);

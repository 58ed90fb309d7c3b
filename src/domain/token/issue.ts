import type { ClaimsByKind } from '../claims/types.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { encodeToken } from './encode.js';

export type IssuedKind = 'operator' | 'account' | 'user' | 'activation';

/** A token that was signed, and its claims with what signing added. */
export interface Issued<Kind extends IssuedKind> {
  readonly token: string;
  /** As signed: with `iss`, `iat` and `jti`. */
  readonly claims: ClaimsByKind[Kind];
}

/**
 * Signs claims now.
 *
 * Servers keep the token with the newer `iat`, and `jti` covers little more than `iat` (E-52): an operator or account
 * token that replaces one of the same second, or of a clock ahead, is dated one second after it. Other tokens are dated
 * as the caller says: `issueTime` of `claims/revocation` knows when that has to be, because revocation compares times
 * (E-49).
 *
 * @param now Unix seconds
 * @param previous the claims of the token that is replaced
 * @throws NscError those of {@link encodeToken}
 */
export function issue<Kind extends IssuedKind>(
  kind: Kind,
  claims: ClaimsByKind[Kind],
  signer: KeyPair,
  { now, previous }: { readonly now: number; readonly previous?: ClaimsByKind[Kind] },
): Issued<Kind> {
  const follows = kind === 'operator' || kind === 'account' ? Number(previous?.iat ?? 0) + 1 : 0;
  const issuedAt = Number.isSafeInteger(follows) ? Math.max(now, follows) : now;
  return encodeToken<ClaimsByKind[Kind]>(claims, signer, issuedAt, kind);
}

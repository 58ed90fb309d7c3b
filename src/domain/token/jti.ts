import { encodeBase32 } from '../../lib/base32.js';
import { sha512Over256 } from '../../lib/ed25519.js';
import { REGISTERED } from '../claims/registered.js';
import type { RegisteredClaims } from '../claims/types.js';

/**
 * The `jti` of claims whose `iss` and `iat` are set: a hash of the registered claims, not of the body, so two tokens
 * of one second can share it (jwt-nkeys.md §2.3, E-52).
 */
export function tokenId({ aud, exp, iat, iss, name, nbf, sub }: RegisteredClaims): string {
  const hashed: { [Name in keyof RegisteredClaims]: RegisteredClaims[Name] | undefined } = {
    aud,
    exp,
    iat,
    iss,
    name,
    nbf,
    sub,
  };
  return encodeBase32(sha512Over256(REGISTERED.write(hashed as RegisteredClaims)));
}

import type { AnyClaims } from '../claims/types.js';
import type { KeyPair } from '../nkey/key-pair.js';

/** A signature that this process made. */
interface OwnSignature {
  readonly token: string;
  readonly signer: KeyPair;
}

/**
 * The tokens that this process signed, by the claims it got back for them.
 *
 * To verify a signature takes three times as long as to make it, and one that was made a moment ago says nothing new:
 * Ed25519 is deterministic, and node:crypto throws where it cannot sign. What could be wrong is the pair, whose public
 * key might not belong to what it signs with; so the first signature of every pair is verified all the same, and the
 * others are taken at the word of that pair (docs/adr/0019). Claims that come from anywhere else, a copy included, are
 * not in here.
 */
const own = new WeakMap<AnyClaims, OwnSignature>();

/** Pairs of which a signature was verified. */
const proven = new WeakSet<KeyPair>();

/** To be called by who signs, with the claims that it hands out. */
export function rememberSigned(claims: AnyClaims, token: string, signer: KeyPair): void {
  own.set(claims, { token, signer });
}

/** Whether signing handed out these claims in this run: their token may not be in any store yet. */
export const isSignedHere = (claims: AnyClaims): boolean => own.has(claims);

/**
 * Whether a token is known to hold what its issuer signed, or else what a look at it says.
 *
 * @param verify verifies the signature
 */
export function holdsSignature(claims: AnyClaims, token: string, verify: () => boolean): boolean {
  const signature = own.get(claims);
  const isOwn = signature?.token === token;
  if (isOwn && proven.has(signature.signer)) return true;
  const holds = verify();
  if (isOwn && holds) proven.add(signature.signer);
  return holds;
}

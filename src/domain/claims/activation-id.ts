import { encodeBase32 } from '../../lib/base32.js';
import { sha256 } from '../../lib/ed25519.js';
import type { ActivationClaims } from './types.js';

/**
 * The name of an activation among those of its issuer, under which account servers keep it: base32 with padding of the
 * SHA-256 of issuer, subject and the literal beginning of what may be imported (jwt-nkeys.md §3.6). Undefined while one
 * of them is missing.
 */
export function activationId({ iss, sub, nats: { subject } }: ActivationClaims): string | undefined {
  if (!iss || !sub || !subject) return undefined;
  const text = encodeBase32(sha256(`${iss}.${sub}.${literalStart(subject)}`));
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** The tokens before the first wildcard; `_` where there are none. */
function literalStart(subject: string): string {
  const tokens = subject.split('.');
  const wildcard = tokens.findIndex((token) => token === '*' || token === '>');
  if (wildcard < 0) return subject;
  return wildcard === 0 ? '_' : tokens.slice(0, wildcard).join('.');
}

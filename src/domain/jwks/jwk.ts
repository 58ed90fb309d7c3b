import { encodeBase64Url } from '../../lib/base64url.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { isSmallOrder } from '../../lib/ed25519.js';
import { decodePublicKey } from '../nkey/codec.js';
import type { Role } from '../nkey/prefix.js';

/** A public nkey as other programs read keys (RFC 7517 §4, RFC 8037 §2). Its members are in the order they are written. */
export interface Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** The 32 bytes, base64url. */
  readonly x: string;
  /** The nkey itself, which is what tokens have as `iss`. */
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

/**
 * The key as a JWK. Undefined for a text that is no key of the role, and for a key under which anybody can sign: whoever
 * reads the set may not look out for those.
 */
export function jwkOf(publicKey: string, role: Role): Jwk | undefined {
  const decoded = decodePublicKey(publicKey);
  if (decoded?.role !== role || isSmallOrder(decoded.bytes)) return undefined;
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x: encodeBase64Url(decoded.bytes),
    kid: publicKey,
    use: 'sig',
    alg: 'EdDSA',
  };
}

/**
 * A key set (RFC 7517 §5), a key on each line: equal keys in equal order give equal bytes. A key that comes again, since
 * two accounts list it, is written once.
 */
export function encodeKeySet(keys: readonly Jwk[]): string {
  const distinct = new Map(keys.map((key) => [key.kid, key]));
  if (distinct.size === 0) return '{"keys":[]}\n';
  return `{"keys":[\n${[...distinct.values()].map((key) => encodeJson(key)).join(',\n')}\n]}\n`;
}

import { decodeBase64Url, encodeBase64Url } from '../../lib/base64url.js';
import type { JsonValue } from '../../lib/int64-json.js';
import { type Jwk, jwkOf } from '../jwks/jwk.js';
import { decodeSeed } from '../nkey/codec.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { roleNamedBy } from './named-role.js';
import { type FoundKey, RawKey } from './raw-key.js';
import { badKey, publicOnly, severalKeys, wrongAlgorithm } from './refusals.js';

/** JSON Web Keys: Ed25519 as RFC 8037 has it, alone or in a set (RFC 7517). */

type JsonObject = { readonly [member: string]: JsonValue };

const TYPES = new Map<unknown, string>([
  ['RSA', 'an RSA key'],
  ['EC', 'an EC key'],
  ['oct', 'a symmetric key'],
]);
const CURVES = new Map<unknown, string>([
  ['X25519', 'an X25519 key'],
  ['X448', 'an X448 key'],
  ['Ed448', 'an Ed448 key'],
]);

/**
 * The one private key of a set.
 *
 * @throws NscError `bad-key`, `wrong-key-kind`
 */
export function readJwkSet(keys: readonly JsonValue[]): FoundKey {
  const all = keys.filter(isObject);
  const secret = all.filter((key) => 'd' in key || key.kty === 'oct');
  const [first] = secret;
  if (secret.length > 1) throw severalKeys(secret.length);
  if (first) return { ...readJwk(first), format: 'JWK set' };
  throw all.length > 0 ? publicOnly() : badKey('it holds a JWK set without keys');
}

/**
 * Reads a private key. A `kid` that is an nkey says what the key is for, and has to be the key's own.
 *
 * @throws NscError `bad-key`, `wrong-key-kind`
 */
export function readJwk(jwk: JsonObject): FoundKey {
  const { kty, crv, x, d, kid } = jwk;
  if (kty !== 'OKP') throw wrongAlgorithm(TYPES.get(kty) ?? 'a JWK of another type');
  if (crv !== 'Ed25519') throw wrongAlgorithm(CURVES.get(crv) ?? 'a JWK of another curve');
  const shown = readBytes(x, 'x');
  if (d === undefined) throw publicOnly();
  const key = new RawKey(readBytes(d, 'd'));
  if (!key.hasPublic(shown)) throw badKey('its public half (x) does not belong to its private half (d)');
  const role = typeof kid === 'string' ? roleNamedBy(kid, key) : undefined;
  return { format: 'JWK', key, ...(role && { role }) };
}

/** Both halves, with the nkey as id. Throws a RangeError for a key that is not of Ed25519. */
export function privateJwk({ role, publicKey, seed }: KeyPair): Jwk & { readonly d: string } {
  const shown = role === 'curve' ? undefined : jwkOf(publicKey, role);
  if (!shown) throw new RangeError('not a key of Ed25519');
  return { ...shown, d: encodeBase64Url(decodeSeed(seed.reveal())?.raw ?? '') };
}

/** Whether a JSON value is an object. */
export const isObject = (value: JsonValue | undefined): value is { [member: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readBytes(value: JsonValue | undefined, member: string): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64Url(value) : undefined;
  if (bytes?.length === 32) return bytes;
  throw badKey(`its member ${member} is not base64url of 32 bytes`);
}

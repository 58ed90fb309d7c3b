import { NscError } from '../../errors.js';
import { decodeBase32, encodeBase32 } from '../../lib/base32.js';
import { crc16 } from '../../lib/crc16.js';
import { escapeForTerminal } from '../../lib/display.js';
import { Secret } from '../../lib/secret.js';
import { findRole, PREFIX, type Role, SEED_PREFIX } from './prefix.js';

/**
 * The text form of keys: base32 of prefix, 32 bytes and checksum (jwt-nkeys.md §1.1).
 *
 * Decoding is the strict profile of §1.3: exact length, nothing but the alphabet, exact prefix byte, unused bits zero.
 * Everything a real tool writes passes; a text has at most one key and a key exactly one text. Nothing is trimmed.
 */

const KEY_BYTES = 32;
const PUBLIC_KEY_LENGTH = 56;
const SEED_LENGTH = 58;

/** The text of a public key. Throws a RangeError unless there are 32 bytes. */
export function encodePublicKey(role: Role, bytes32: Uint8Array): string {
  checkLength(bytes32);
  const packed = new Uint8Array(35);
  packed[0] = PREFIX[role];
  packed.set(bytes32, 1);
  return encodeWithChecksum(packed);
}

interface DecodedPublicKey {
  readonly role: Role;
  readonly bytes: Uint8Array;
}

/** The keys that were decoded last: one issuer signs many tokens. */
const latest = new Map<string, DecodedPublicKey>();
const REMEMBERED = 32;

/** Role and 32 bytes of a public key, which are not to be changed; undefined for any other text. */
export function decodePublicKey(text: string): DecodedPublicKey | undefined {
  const known = latest.get(text);
  if (known) return known;
  const packed = text.length === PUBLIC_KEY_LENGTH ? decodeWithChecksum(text) : undefined;
  const role = packed && findRole(packed[0] ?? 0);
  if (!packed || !role) return undefined;
  const decoded = { role, bytes: packed.subarray(1, 33) };
  if (latest.size >= REMEMBERED) latest.clear();
  latest.set(text, decoded);
  return decoded;
}

/** The text of a seed. Throws a RangeError unless there are 32 bytes. */
export function encodeSeed(role: Role, raw32: Uint8Array): Secret {
  checkLength(raw32);
  const packed = new Uint8Array(36);
  packed[0] = SEED_PREFIX | (PREFIX[role] >> 5);
  packed[1] = (PREFIX[role] & 31) << 3;
  packed.set(raw32, 2);
  return new Secret(encodeWithChecksum(packed));
}

/** Role and 32 raw bytes of a seed; undefined for any other text. */
export function decodeSeed(text: string): { role: Role; raw: Uint8Array } | undefined {
  const packed = text.length === SEED_LENGTH ? decodeWithChecksum(text) : undefined;
  if (!packed) return undefined;
  const [first = 0, second = 0] = packed;
  if ((first & 0xf8) !== SEED_PREFIX || (second & 7) !== 0) return undefined;
  const role = findRole(((first & 7) << 5) | (second >> 3));
  return role && { role, raw: packed.subarray(2, 34) };
}

/** Whether a text is a public key, and of that role if one is given. */
export function isPublicKey(text: string, role?: Role): boolean {
  const decoded = decodePublicKey(text);
  return decoded !== undefined && (role === undefined || decoded.role === role);
}

/** Whether a text was probably meant as a seed, right or not; such a text must not be repeated in a message. */
export function looksLikeSeed(text: string): boolean {
  return /^\s*S[OAUNCX][A-Z2-7]{30,}/i.test(text);
}

/**
 * The role of a public key.
 *
 * @throws NscError `bad-key`
 */
export function roleOf(publicKey: string): Role {
  const decoded = decodePublicKey(publicKey);
  if (decoded) return decoded.role;
  const shown = looksLikeSeed(publicKey) ? 'a seed' : `"${escapeForTerminal(publicKey.slice(0, 80))}"`;
  throw new NscError('bad-key', `${shown} is not a public key`);
}

function checkLength(bytes: Uint8Array): void {
  if (bytes.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes, not ${bytes.length}`);
}

/** Fills the last two bytes with the checksum (little-endian) of all others. */
function encodeWithChecksum(packed: Uint8Array): string {
  const end = packed.length - 2;
  const crc = crc16(packed.subarray(0, end));
  packed[end] = crc & 0xff;
  packed[end + 1] = crc >> 8;
  return encodeBase32(packed);
}

function decodeWithChecksum(text: string): Uint8Array | undefined {
  const packed = decodeBase32(text);
  if (!packed) return undefined;
  const end = packed.length - 2;
  const crc = (packed[end] ?? 0) | ((packed[end + 1] ?? 0) << 8);
  return crc16(packed.subarray(0, end)) === crc ? packed : undefined;
}

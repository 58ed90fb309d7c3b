import {
  type DerElement,
  derLength,
  readDer,
  readDerInteger,
  readDerList,
  readDerOid,
  TAG,
  writeDer,
  writeDerInteger,
  writeDerOid,
} from '../../lib/der.js';
import { describeAlgorithm, ED25519 } from './algorithms.js';
import { RawKey } from './raw-key.js';
import { badKey, publicOnly, wrongAlgorithm } from './refusals.js';

/** Private and public keys in DER: PKCS#8 (RFC 5958) and SubjectPublicKeyInfo, with Ed25519 as RFC 8410 has it. */

const KEY_BYTES = 32;

/** [0] attributes and [1] public key of a PKCS#8 key; some writers wrap the latter once more. */
const ATTRIBUTES = 0xa0;
const PUBLIC_KEY = 0x81;
const WRAPPED_PUBLIC_KEY = 0xa1;

/** What a DER text turned out to be. */
export type DerKey =
  | { readonly kind: 'plain'; readonly key: RawKey }
  /** Algorithm and ciphertext of an EncryptedPrivateKeyInfo. */
  | { readonly kind: 'encrypted'; readonly algorithm: DerElement; readonly data: Uint8Array };

/**
 * Reads a private key, whatever kind of DER structure there is.
 *
 * @throws NscError `bad-key`, `wrong-key-kind`
 */
export function readDerKey(der: Uint8Array): DerKey {
  const parts = readParts(der);
  const [first, second, third] = parts;
  const shape = parts.map(({ tag }) => tag);
  if (first?.tag === TAG.integer) {
    if (second?.tag === TAG.sequence && third?.tag === TAG.octetString) {
      return { kind: 'plain', key: readPkcs8(first, second, third, parts.slice(3)) };
    }
    if (second?.tag === TAG.octetString) throw wrongAlgorithm('an EC key');
    if (shape.length > 2 && shape.every((tag) => tag === TAG.integer)) throw wrongAlgorithm('an RSA key');
    if (shape.length === 2 && second?.tag === TAG.integer) throw publicOnly();
    if (second?.tag === TAG.sequence && readDerInteger(first) === 3) {
      throw badKey(
        'it holds a PKCS#12 container',
        'take the key out of it with: openssl pkcs12 -in FILE -nocerts -noenc',
      );
    }
  }
  if (first?.tag === TAG.sequence) {
    if (shape.length === 2 && second?.tag === TAG.octetString) {
      return { kind: 'encrypted', algorithm: first, data: second.content };
    }
    if (shape.length === 2 && second?.tag === TAG.bitString) throw publicOnly();
    if (shape.length === 3 && second?.tag === TAG.sequence && third?.tag === TAG.bitString) {
      throw badKey('it holds a certificate and no key', 'name the file that holds the private key');
    }
  }
  throw badKey('what it holds is DER, but no key');
}

/** An Ed25519 key as PKCS#8 (RFC 8410 §7). Throws a RangeError unless there are 32 bytes. */
export function writePkcs8(raw32: Uint8Array): Uint8Array {
  checkLength(raw32);
  const algorithm = writeDer(TAG.sequence, writeDerOid(ED25519));
  const key = writeDer(TAG.octetString, writeDer(TAG.octetString, raw32));
  return writeDer(TAG.sequence, writeDerInteger(0), algorithm, key);
}

/** An Ed25519 public key as SubjectPublicKeyInfo (RFC 8410 §4). Throws a RangeError unless there are 32 bytes. */
export function writeSpki(public32: Uint8Array): Uint8Array {
  checkLength(public32);
  const algorithm = writeDer(TAG.sequence, writeDerOid(ED25519));
  return writeDer(TAG.sequence, algorithm, writeDer(TAG.bitString, Uint8Array.of(0), public32));
}

function readParts(der: Uint8Array): readonly DerElement[] {
  const length = derLength(der);
  if (length !== undefined && length > der.length) throw badKey('it is cut off: the end of the key is missing');
  if (length !== undefined && length < der.length) throw badKey('something follows after the end of the key');
  const outer = readDer(der);
  const parts = outer?.tag === TAG.sequence ? readDerList(outer.content) : undefined;
  if (parts === undefined) throw badKey('it is damaged: what it holds is no DER');
  return parts;
}

function readPkcs8(version: DerElement, algorithm: DerElement, key: DerElement, others: readonly DerElement[]): RawKey {
  const [name, ...parameters] = readDerList(algorithm.content) ?? [];
  const oid = readDerOid(name);
  if (oid === undefined) throw badKey('it is damaged: the key has no algorithm');
  if (oid !== ED25519) throw wrongAlgorithm(describeAlgorithm(oid));
  if (![0, 1].includes(readDerInteger(version) ?? -1)) throw badKey('the PKCS#8 key is of an unknown version');
  if (parameters.length > 0) throw badKey('the Ed25519 key has parameters, which RFC 8410 forbids');
  const inner = readDer(key.content);
  if (inner?.tag !== TAG.octetString) throw badKey('it is damaged: there is no key inside');
  if (inner.content.length !== KEY_BYTES) {
    throw badKey(`the Ed25519 key has ${inner.content.length} bytes instead of ${KEY_BYTES}`);
  }
  const found = new RawKey(inner.content);
  for (const other of others) checkOther(found, other);
  return found;
}

function checkOther(key: RawKey, other: DerElement): void {
  if (other.tag === ATTRIBUTES) return;
  const bits = publicBits(other);
  if (bits === undefined) throw badKey('it is damaged: something unknown follows the key');
  if (bits[0] !== 0 || !key.hasPublic(bits.subarray(1))) {
    throw badKey('the public key in it does not belong to the private key');
  }
}

function publicBits({ tag, content }: DerElement): Uint8Array | undefined {
  if (tag === PUBLIC_KEY) return content;
  const inner = tag === WRAPPED_PUBLIC_KEY ? readDer(content) : undefined;
  return inner?.tag === TAG.bitString ? inner.content : undefined;
}

function checkLength(bytes: Uint8Array): void {
  if (bytes.length !== KEY_BYTES) throw new RangeError(`a key has ${KEY_BYTES} bytes, not ${bytes.length}`);
}

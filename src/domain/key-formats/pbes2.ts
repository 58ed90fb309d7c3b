import { NscError } from '../../errors.js';
import {
  type DerElement,
  derLength,
  readDerInteger,
  readDerList,
  readDerOid,
  TAG,
  writeDer,
  writeDerInteger,
  writeDerOid,
} from '../../lib/der.js';
import { type BlockCipher, decryptCbc, encryptCbc, type Pbkdf2Hash, pbkdf2, scrypt } from '../../lib/ed25519.js';
import type { Secret } from '../../lib/secret.js';
import { badKey } from './refusals.js';

/**
 * Encrypted PKCS#8 keys: scheme 2 of RFC 8018, with PBKDF2 or scrypt (RFC 7914) and a cipher in CBC mode, as OpenSSL,
 * Java and .NET write them. What a file may cost to open is bounded: somebody else has written it.
 */

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';

const HASHES: Readonly<Record<string, Pbkdf2Hash>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  [HMAC_SHA256]: 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const CIPHERS: Readonly<
  Record<string, { readonly name: BlockCipher; readonly keyBytes: number; readonly ivBytes: number }>
> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16, ivBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24, ivBytes: 16 },
  [AES_256_CBC]: { name: 'aes-256-cbc', keyBytes: 32, ivBytes: 16 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24, ivBytes: 8 },
};

/** About ten seconds of work, and 256 MiB: more than anybody asks for who wants to open the file again. */
const MAX_ITERATIONS = 20_000_000;
const MAX_MEMORY = 256 * 1024 * 1024;
const MAX_SCRYPT_WORK = 2 ** 24;

/** What OWASP recommends for PBKDF2 with SHA-256 (2023). */
const ITERATIONS = 600_000;

/** Salt and initial vector take this many random bytes together. */
export const RANDOM_BYTES = 32;

/**
 * The PKCS#8 key (DER) that was encrypted.
 *
 * @throws NscError `wrong-passphrase`; `bad-key` for schemes that are unknown or too costly
 */
export function decryptPkcs8(algorithm: DerElement, data: Uint8Array, passphrase: Secret): Uint8Array {
  const [scheme, parameters] = listOf(algorithm);
  if (readDerOid(scheme) !== PBES2) throw oldScheme();
  const [derivation, encryption] = listOf(parameters);
  const [cipherName, iv] = listOf(encryption);
  const cipher = CIPHERS[readDerOid(cipherName) ?? ''];
  if (!cipher) throw oldScheme();
  if (iv?.tag !== TAG.octetString || iv.content.length !== cipher.ivBytes) throw damaged();
  const key = deriveKey(derivation, cipher.keyBytes, passphrase);
  const plain = decryptCbc(cipher.name, key, iv.content, data);
  // a wrong key passes for padding once in 256 times; what comes out is no sequence then
  if (plain === undefined || plain[0] !== TAG.sequence || derLength(plain) !== plain.length) {
    throw new NscError('wrong-passphrase', 'the passphrase does not open it', {
      hint: 'check the passphrase; every blank counts',
    });
  }
  return plain;
}

/**
 * Encrypts a PKCS#8 key (DER) with PBKDF2 and AES-256.
 *
 * @param random {@link RANDOM_BYTES} bytes, never used twice
 */
export function encryptPkcs8(der: Uint8Array, passphrase: Secret, random: Uint8Array): Uint8Array {
  if (random.length !== RANDOM_BYTES) throw new RangeError(`${RANDOM_BYTES} random bytes are needed`);
  const [salt, iv] = [random.subarray(0, 16), random.subarray(16)];
  const key = pbkdf2(passphrase.reveal(), { salt, iterations: ITERATIONS, hash: 'sha256', keyBytes: 32 });
  const hash = writeDer(TAG.sequence, writeDerOid(HMAC_SHA256), writeDer(TAG.null));
  const salted = writeDer(TAG.sequence, writeDer(TAG.octetString, salt), writeDerInteger(ITERATIONS), hash);
  const derivation = writeDer(TAG.sequence, writeDerOid(PBKDF2), salted);
  const cipher = writeDer(TAG.sequence, writeDerOid(AES_256_CBC), writeDer(TAG.octetString, iv));
  const algorithm = writeDer(TAG.sequence, writeDerOid(PBES2), writeDer(TAG.sequence, derivation, cipher));
  const data = encryptCbc('aes-256-cbc', key, iv, der);
  return writeDer(TAG.sequence, algorithm, writeDer(TAG.octetString, data));
}

function deriveKey(derivation: DerElement | undefined, keyBytes: number, passphrase: Secret): Uint8Array {
  const [name, parameters] = listOf(derivation);
  const [salt, ...numbers] = listOf(parameters);
  if (salt?.tag !== TAG.octetString) throw damaged();
  switch (readDerOid(name)) {
    case PBKDF2:
      return derivePbkdf2(salt.content, numbers, keyBytes, passphrase);
    case SCRYPT:
      return deriveScrypt(salt.content, numbers, keyBytes, passphrase);
    default:
      throw oldScheme();
  }
}

/** Iterations, perhaps the length of the key, perhaps the hash: SHA-1 if it is not said. */
function derivePbkdf2(
  salt: Uint8Array,
  numbers: readonly DerElement[],
  keyBytes: number,
  passphrase: Secret,
): Uint8Array {
  const [count, ...others] = numbers;
  const iterations = count && readDerInteger(count);
  if (!iterations) throw damaged();
  if (iterations > MAX_ITERATIONS) throw tooCostly();
  const hashed = others.find(({ tag }) => tag === TAG.sequence);
  const hash = hashed ? HASHES[readDerOid(listOf(hashed)[0]) ?? ''] : 'sha1';
  if (hash === undefined) throw oldScheme();
  return pbkdf2(passphrase.reveal(), { salt, iterations, hash, keyBytes });
}

function deriveScrypt(
  salt: Uint8Array,
  numbers: readonly DerElement[],
  keyBytes: number,
  passphrase: Secret,
): Uint8Array {
  const [cost = 0, blockSize = 0, parallelization = 0] = numbers.map((number) => readDerInteger(number) ?? 0);
  const isPowerOfTwo = Number.isInteger(Math.log2(cost)) && cost > 1;
  // beyond that the algorithm is not defined (RFC 7914 §2)
  const isDefined = blockSize > 0 && parallelization > 0 && cost < 2 ** (16 * blockSize);
  if (!isPowerOfTwo || !isDefined) throw damaged();
  const work = cost * blockSize * parallelization;
  const bytes = 128 * blockSize * (cost + parallelization + 2);
  if (work > MAX_SCRYPT_WORK || bytes > MAX_MEMORY) throw tooCostly();
  const limits = { keyBytes, maxBytes: MAX_MEMORY + 1024 * 1024 };
  return scrypt(passphrase.reveal(), { salt, cost, blockSize, parallelization }, limits);
}

function listOf(element: DerElement | undefined): readonly DerElement[] {
  const list = element?.tag === TAG.sequence ? readDerList(element.content) : undefined;
  if (list === undefined) throw damaged();
  return list;
}

const damaged = () => badKey('it is damaged: how it is encrypted cannot be understood');
const tooCostly = () => badKey('opening it would take more time or memory than any key is worth');
const oldScheme = () =>
  badKey(
    'it is encrypted in a way that is not supported',
    'encrypt it anew with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEWFILE',
  );

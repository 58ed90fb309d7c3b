import type { KeyObject } from 'node:crypto';

/**
 * The only door to node:crypto: Ed25519 signatures, X25519 public keys, hashes, randomness, and what encrypted key files
 * are made with.
 *
 * Keys are imported as JWK, which is 13 times faster than DER on Node 20 (performance.md §2.1). Pairs are made from
 * random bytes, never by generateKeyPairSync: exporting such a pair as JWK hangs Node 20.
 */

type Crypto = typeof import('node:crypto');

let loaded: Crypto | undefined;

/** Loaded at first use, because it takes 2.5 ms and most queries need none of it. */
function nodeCrypto(): Crypto {
  loaded ??= process.getBuiltinModule('node:crypto');
  return loaded;
}

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** An Ed25519 signing key. It holds the imported key only; the raw seed is not kept. */
export interface PrivateKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The 64-byte signature, which RFC 8032 makes deterministic. A text is signed as UTF-8. */
  sign(data: Uint8Array | string): Uint8Array;
}

type Curve = 'Ed25519' | 'X25519';

const PKCS8_HEADER: Record<Curve, Uint8Array> = {
  Ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  X25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
};

/** Imports 32 raw seed bytes (RFC 8032). Throws a RangeError on any other length. */
export function importSeed(raw32: Uint8Array): PrivateKey {
  const { key, publicKey } = importPrivate('Ed25519', raw32);
  return { publicKey, sign: (data) => nodeCrypto().sign(null, asBytes(data), key) };
}

/** The X25519 public key (32 bytes) of a raw 32-byte scalar. Throws a RangeError on any other length. */
export function x25519PublicKey(raw32: Uint8Array): Uint8Array {
  return importPrivate('X25519', raw32).publicKey;
}

/** Whether a signature is right. False, never an error, for keys and signatures of wrong length and unusable keys. */
export function verifySignature(publicKey32: Uint8Array, data: Uint8Array | string, signature64: Uint8Array): boolean {
  const key = signature64.length === SIGNATURE_BYTES ? findVerifyKey(publicKey32) : undefined;
  return key !== undefined && nodeCrypto().verify(null, asBytes(data), key, signature64);
}

/** {@link verifySignature} on the thread pool; for many signatures keep about 64 in flight. */
export function verifySignatureAsync(
  publicKey32: Uint8Array,
  data: Uint8Array | string,
  signature64: Uint8Array,
): Promise<boolean> {
  const key = signature64.length === SIGNATURE_BYTES ? findVerifyKey(publicKey32) : undefined;
  if (key === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    nodeCrypto().verify(null, asBytes(data), key, signature64, (error, valid) => resolve(error === null && valid));
  });
}

/** SHA-512/256 of a text's UTF-8 (FIPS 180-4, its own initial value): 32 bytes. */
export function sha512Over256(text: string): Uint8Array {
  return nodeCrypto().hash('sha512-256', text, 'buffer');
}

/** SHA-256: 32 bytes. A text is hashed as UTF-8. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return nodeCrypto().hash('sha256', data, 'buffer');
}

/** 32 bytes from the system's cryptographic random generator. */
export function randomSeed(): Uint8Array {
  return nodeCrypto().randomBytes(KEY_BYTES);
}

export type Pbkdf2Hash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
export type BlockCipher = 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' | 'des-ede3-cbc';

/** A key of a passphrase (RFC 8018 §5.2). Takes as long as there are iterations: bound them before. */
export function pbkdf2(
  passphrase: string,
  { salt, iterations, hash, keyBytes }: { salt: Uint8Array; iterations: number; hash: Pbkdf2Hash; keyBytes: number },
): Uint8Array {
  return nodeCrypto().pbkdf2Sync(passphrase, salt, iterations, keyBytes, hash);
}

/** A key of a passphrase (RFC 7914), which takes 128 · cost · blockSize bytes. Throws a RangeError beyond `maxBytes`. */
export function scrypt(
  passphrase: string,
  options: { salt: Uint8Array; cost: number; blockSize: number; parallelization: number },
  { keyBytes, maxBytes }: { keyBytes: number; maxBytes: number },
): Uint8Array {
  const { salt, ...parameters } = options;
  return nodeCrypto().scryptSync(passphrase, salt, keyBytes, { ...parameters, maxmem: maxBytes });
}

/** Encrypts with a key and initial vector of the cipher's size; padding is that of PKCS#7. */
export function encryptCbc(cipher: BlockCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const encryption = nodeCrypto().createCipheriv(cipher, key, iv);
  return Buffer.concat([encryption.update(data), encryption.final()]);
}

/** Undoes {@link encryptCbc}; undefined when the padding is wrong, as it mostly is under a wrong key. */
export function decryptCbc(
  cipher: BlockCipher,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  const decryption = nodeCrypto().createDecipheriv(cipher, key, iv);
  try {
    return Buffer.concat([decryption.update(data), decryption.final()]);
  } catch {
    return undefined;
  }
}

function asBytes(data: Uint8Array | string): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data) : data;
}

function importPrivate(curve: Curve, raw32: Uint8Array): { key: KeyObject; publicKey: Uint8Array } {
  // OpenSSL takes longer input silently, so the length is checked here.
  if (raw32.length !== KEY_BYTES) throw new RangeError(`a seed has ${KEY_BYTES} bytes, not ${raw32.length}`);
  const raw = Buffer.from(raw32);
  try {
    const fast = importPrivateJwk(curve, raw);
    if (fast) return fast;
    const key = nodeCrypto().createPrivateKey({
      key: Buffer.concat([PKCS8_HEADER[curve], raw]),
      format: 'der',
      type: 'pkcs8',
    });
    return { key, publicKey: publicKeyOf(key) };
  } finally {
    raw.fill(0);
  }
}

/** `x` is required but not looked at: the public key is derived anew. A runtime that does look gets DER instead. */
function importPrivateJwk(curve: Curve, raw: Buffer): { key: KeyObject; publicKey: Uint8Array } | undefined {
  try {
    const key = nodeCrypto().createPrivateKey({
      key: { kty: 'OKP', crv: curve, x: '', d: raw.toString('base64url') },
      format: 'jwk',
    });
    const publicKey = publicKeyOf(key);
    return publicKey.length === KEY_BYTES ? { key, publicKey } : undefined;
  } catch {
    return undefined;
  }
}

function publicKeyOf(key: KeyObject): Uint8Array {
  return Buffer.from(nodeCrypto().createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}

/** Importing costs more than finding, and one issuer signs many tokens. */
const verifyKeys = new Map<string, KeyObject>();
const MAX_VERIFY_KEYS = 1024;

function findVerifyKey(publicKey32: Uint8Array): KeyObject | undefined {
  if (publicKey32.length !== KEY_BYTES) return undefined;
  const x = Buffer.from(publicKey32.buffer, publicKey32.byteOffset, KEY_BYTES).toString('base64url');
  const known = verifyKeys.get(x);
  if (known) return known;
  if (isSmallOrder(publicKey32)) return undefined;
  const key = nodeCrypto().createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (verifyKeys.size >= MAX_VERIFY_KEYS) {
    for (const oldest of verifyKeys.keys()) {
      verifyKeys.delete(oldest);
      break;
    }
  }
  verifyKeys.set(x, key);
  return key;
}

/**
 * The y coordinates (sign bit cleared) of the points whose order divides 8, canonical or not. Anybody can make a
 * "signature" for such a key; OpenSSL refuses them since 3.5, Node 20's does not (jwt-nkeys.md §6.2).
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether a public key is one for which anybody can sign: its point has a small order. */
export function isSmallOrder(publicKey32: Uint8Array): boolean {
  const y = Buffer.from(publicKey32);
  y[KEY_BYTES - 1] = (y[KEY_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER.has(y.toString('hex'));
}

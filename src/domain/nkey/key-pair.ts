import { NscError } from '../../errors.js';
import {
  importSeed,
  type PrivateKey,
  verifySignature,
  verifySignatureAsync,
  x25519PublicKey,
} from '../../lib/ed25519.js';
import type { Secret } from '../../lib/secret.js';
import { decodePublicKey, decodeSeed, encodePublicKey, encodeSeed } from './codec.js';
import type { Role } from './prefix.js';

/** A key with its secret half. */
export interface KeyPair {
  readonly role: Role;
  readonly publicKey: string;
  readonly seed: Secret;
  /** The 64-byte Ed25519 signature; a text is signed as UTF-8. Throws `wrong-key-kind` for curve keys. */
  sign(data: string | Uint8Array): Uint8Array;
}

/**
 * The pair of a seed.
 *
 * @throws NscError `bad-key`; the message never repeats what was given
 */
export function keyPairFromSeed(text: string): KeyPair {
  const decoded = decodeSeed(text);
  if (decoded) return keyPairFromRaw(decoded.role, decoded.raw);
  const given = decodePublicKey(text) ? `the public key ${text} was given where a seed is needed` : 'not a valid seed';
  throw new NscError('bad-key', given, { hint: 'a seed has 58 characters and begins with SO, SA, SU, SN, SC or SX' });
}

/** The pair of 32 random bytes. Deriving the public key waits until it is asked for, and happens once. */
export function keyPairFromRaw(role: Role, raw32: Uint8Array): KeyPair {
  return new LazyKeyPair(role, encodeSeed(role, raw32));
}

class LazyKeyPair implements KeyPair {
  readonly role: Role;
  readonly seed: Secret;
  #private: PrivateKey | undefined;
  #publicKey: string | undefined;

  constructor(role: Role, seed: Secret) {
    this.role = role;
    this.seed = seed;
  }

  get publicKey(): string {
    this.#publicKey ??= encodePublicKey(
      this.role,
      this.role === 'curve' ? x25519PublicKey(this.#raw()) : this.#privateKey().publicKey,
    );
    return this.#publicKey;
  }

  sign(data: string | Uint8Array): Uint8Array {
    if (this.role === 'curve') {
      throw new NscError('wrong-key-kind', `the curve key ${this.publicKey} can encrypt but not sign`);
    }
    return this.#privateKey().sign(data);
  }

  #privateKey(): PrivateKey {
    this.#private ??= importSeed(this.#raw());
    return this.#private;
  }

  #raw(): Uint8Array {
    return decodeSeed(this.seed.reveal())?.raw ?? new Uint8Array(0);
  }
}

/** Whether a signature by that key is right. False for texts that are no signing key. */
export function verify(publicKey: string, data: string | Uint8Array, signature: Uint8Array): boolean {
  const bytes = findSigningKey(publicKey);
  return bytes !== undefined && verifySignature(bytes, data, signature);
}

/** {@link verify} on the thread pool, for bulk work. */
export function verifyAsync(publicKey: string, data: string | Uint8Array, signature: Uint8Array): Promise<boolean> {
  const bytes = findSigningKey(publicKey);
  return bytes === undefined ? Promise.resolve(false) : verifySignatureAsync(bytes, data, signature);
}

function findSigningKey(publicKey: string): Uint8Array | undefined {
  const decoded = decodePublicKey(publicKey);
  return decoded && decoded.role !== 'curve' ? decoded.bytes : undefined;
}

import { importSeed } from '../../lib/ed25519.js';
import { type KeyPair, keyPairFromRaw } from '../nkey/key-pair.js';
import type { Role } from '../nkey/prefix.js';

/** The 32 secret bytes of an Ed25519 key that nobody has given a role yet. Printing it shows nothing of them. */
export class RawKey {
  readonly #raw: Uint8Array;

  /** @param raw32 throws a RangeError unless there are 32 bytes */
  constructor(raw32: Uint8Array) {
    if (raw32.length !== 32) throw new RangeError(`a seed has 32 bytes, not ${raw32.length}`);
    this.#raw = Uint8Array.from(raw32);
  }

  /** The pair in a role. */
  pair(role: Role): KeyPair {
    return keyPairFromRaw(role, this.#raw);
  }

  /** Whether these 32 bytes are its public half. */
  hasPublic(bytes: Uint8Array): boolean {
    return Buffer.compare(importSeed(this.#raw).publicKey, bytes) === 0;
  }
}

/** A private key as a file has it. */
export interface FoundKey {
  /** What it was found in: `PKCS#8 PEM`. */
  readonly format: string;
  readonly key: RawKey;
  /** Set where the format says what the key is for: nkeys do, and names of keys that are nkeys. */
  readonly role?: Role;
}

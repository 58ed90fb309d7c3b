import { keyPairFromRaw } from '../domain/nkey/key-pair.js';
import type { Role } from '../domain/nkey/prefix.js';
import { NscError } from '../errors.js';

/** The search for a key whose public text begins with a wanted prefix. */
export interface VanityJob {
  readonly role: Role;
  /** What follows the letter of the role. */
  readonly prefix: string;
  readonly attempts: number;
}

/**
 * The prefix in capitals.
 *
 * @throws NscError `bad-value` when no public key can begin like that: the first character after the letter holds two
 * bits of the key only, so it is A, B, C or D. (The reference tries ten million keys before it gives up.)
 */
export function readVanityPrefix(text: string): string {
  const prefix = text.toUpperCase();
  if (!/^[A-Z2-7]{1,54}$/.test(prefix)) {
    throw new NscError(
      'bad-value',
      `"${text}" cannot be part of a key: keys are made of the letters A to Z and the digits 2 to 7`,
    );
  }
  if (!/^[A-D]/.test(prefix)) {
    throw new NscError(
      'bad-value',
      `no public key has "${prefix}" after its first letter: what follows that letter is A, B, C or D`,
    );
  }
  return prefix;
}

/** One key in how many begins with a prefix: four letters are possible in the first place, 32 in each further one. */
export function rarityOf(prefix: string): number {
  return 4 * 32 ** (prefix.length - 1);
}

/** The raw seed of a matching key, or undefined after that many attempts. */
export function searchVanity(job: VanityJob, randomSeed: () => Uint8Array): Uint8Array | undefined {
  for (let tries = 0; tries < job.attempts; tries += 1) {
    const raw = randomSeed();
    if (keyPairFromRaw(job.role, raw).publicKey.startsWith(job.prefix, 1)) return raw;
  }
  return undefined;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyPair, keyPairFromSeed } from '../../src/domain/nkey/key-pair.js';
import type { Session } from './session.js';

/** A key pair from the keystore of a session. */
export function readSeed({ home }: Session, publicKey: string): KeyPair {
  const directory = join(home, '.local/share/nats/nsc/keys/keys', publicKey.slice(0, 1), publicKey.slice(1, 3));
  return keyPairFromSeed(readFileSync(join(directory, `${publicKey}.nk`), 'utf8').trim());
}

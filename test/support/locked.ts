import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../src/lib/secret.js';
import { sealByPassphrase } from '../../src/store/seal/lock-keystore.js';
import { encodeSeal } from '../../src/store/seal/seal.js';
import { IDENTITY, RECIPIENT } from './identities.js';
import type { Session } from './session.js';

/** Locks the keystore of a session, so that commands open it without being asked for anything. */
export async function lockKeystore(session: Session, ...flags: string[]): Promise<void> {
  const identity = join(session.root, 'identity.txt');
  writeFileSync(identity, `# for tests\n${IDENTITY}\n`, { mode: 0o600 });
  session.env.NSC_KEYSTORE_IDENTITY = identity;
  await session.ok(['keys', 'lock', '--recipient', RECIPIENT, ...flags]);
}

/** Locks it for a passphrase that takes no time to try. */
export async function lockByPassphrase(session: Session, passphrase: string, creds = false): Promise<void> {
  const { seal, identity } = await sealByPassphrase(new Secret(passphrase), creds, 1);
  mkdirSync(keystoreOf(session), { recursive: true, mode: 0o700 });
  writeFileSync(join(keystoreOf(session), '.keystore.age'), identity ?? '', { mode: 0o600 });
  writeFileSync(join(keystoreOf(session), '.keystore.json'), encodeSeal(seal), { mode: 0o600 });
  await session.ok('keys lock');
}

export const keystoreOf = (session: Session): string => join(session.home, '.local/share/nats/nsc/keys');

/** Paths below a directory, sorted, of files that a pattern fits. */
export function filesBelow(directory: string, pattern: RegExp): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => pattern.test(path))
    .sort();
}

/** Every seed in plain sight below a directory, in a file of any name: the paths. */
export const seedsInSight = (directory: string): string[] =>
  filesBelow(directory, /./).filter((path) => /S[OAUNCX]A[A-P][A-Z2-7]{54}/.test(readFileSync(path, 'latin1')));

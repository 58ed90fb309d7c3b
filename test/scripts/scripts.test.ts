import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { lockKeystore } from '../support/locked.js';
import { playScript } from '../support/script.js';
import type { Session } from '../support/session.js';

const scripts = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.txtar'))
  .sort();

/** What searches the files of the keystore for seeds, as `fix` does, finds none that are encrypted. */
const NEEDS_PLAIN_FILES = ['whole-store.txtar'];

/** What goes on to hand out the path of creds. */
const NEEDS_PLAIN_CREDS = ['first-steps.txtar'];

/** Locks a keystore that nothing is in yet. */
async function startLocked(session: Session, path: string): Promise<void> {
  await lockKeystore(session, ...(NEEDS_PLAIN_CREDS.includes(path) ? [] : ['--creds']));
  rmSync(join(session.home, '.local/share/nats/nsc/stores'), { recursive: true }); // scripts begin without any
}

describe.each(scripts)('%s', (path) => {
  const play = (options?: Parameters<typeof playScript>[1]) =>
    playScript(readFileSync(join(import.meta.dirname, path), 'utf8'), options);

  it('plays', () => play());

  if (!NEEDS_PLAIN_FILES.includes(path)) {
    it('plays with a locked keystore', () => play({ onStart: (session) => startLocked(session, path) }));
  }
});

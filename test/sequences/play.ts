import { expect } from 'vitest';
import { Session } from '../support/session.js';
import { fillIn, type Words } from './commands.js';

/** What there is before: something to edit, to share, to take away. */
const STORE = [
  'add operator O --sys',
  'add account A',
  'add account B',
  'edit account A --sk generate',
  'add user -a A u',
  'add user -a B v',
  'add export -a A -s news.>',
  'add export -a A -s time --service --private',
];

/**
 * Runs a sequence in a new store; every line is done or refused with a typed error, never more.
 *
 * @param prepare is called before there is anything
 */
export async function play(
  lines: readonly Words[],
  prepare: (session: Session) => Promise<void> = async () => {},
): Promise<Session> {
  const session = new Session();
  await prepare(session);
  for (const line of STORE) await session.ok(line);
  for (const line of lines) {
    const words = fillIn(session, line);
    if (!words) continue;
    const { exit, stderr } = await session.run([...words, '--keep-valid']);
    expect([0, 2, 3, 4, 6], `nsc ${words.join(' ')}\n${stderr}`).toContain(exit);
  }
  return session;
}

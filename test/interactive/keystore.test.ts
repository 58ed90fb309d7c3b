import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ageProgram, skipsAge } from '../support/find-age.js';
import { filesBelow, keystoreOf, seedsInSight } from '../support/locked.js';
import { Session } from '../support/session.js';
import { KEYS, skipsTerminal, TerminalRun } from '../support/terminal.js';

const { enter, ctrlC } = KEYS;
const PASSPHRASE = 'correct horse battery staple';

/** A store that was locked on a terminal. */
async function lockedStore(): Promise<Session> {
  const session = new Session();
  for (const line of ['add operator O', 'add account A', 'add user u']) await session.ok(line);
  const run = new TerminalRun(session, ['keys', 'lock', '--creds']);
  await run.answer('New passphrase of the keystore', `${PASSPHRASE}${enter}`);
  await run.answer('The same again', `${PASSPHRASE}${enter}`);
  await run.sees('encrypted 3 seeds and 1 creds file');
  expect(await run.exit()).toBe(0);
  expect(run.raw).not.toContain(PASSPHRASE);
  expect(seedsInSight(session.home)).toEqual([]);
  return session;
}

describe.skipIf(skipsTerminal)('a keystore that is locked on a terminal', { timeout: 120_000 }, () => {
  it('is opened by what is typed and not shown, asked for again after a mistake, and once for many seeds', async () => {
    const session = await lockedStore();
    const run = new TerminalRun(session, ['add', 'user', 'v']);
    await run.answer('Passphrase of the keystore', `wrong${enter}`);
    await run.answer('that does not open it', `\u0015${PASSPHRASE}${enter}`);
    await run.sees('added user "v"');
    expect(await run.exit()).toBe(0);
    expect(run.raw).not.toContain('battery');

    const exporting = new TerminalRun(session, ['export', 'keys', '--all', '--dir', 'out']);
    await exporting.answer('Passphrase of the keystore', `${PASSPHRASE}${enter}`);
    expect(await exporting.exit()).toBe(0);
    expect(filesBelow(join(session.cwd, 'out'), /\.nk$/)).toHaveLength(4);
  });

  it('gets another passphrase', async () => {
    const session = await lockedStore();
    const run = new TerminalRun(session, ['keys', 'passwd']);
    await run.answer('Passphrase of the keystore', `${PASSPHRASE}${enter}`);
    await run.answer('New passphrase of the keystore', `another passphrase${enter}`);
    await run.answer('The same again', `another passphrase${enter}`);
    await run.sees('changed the passphrase');
    expect(await run.exit()).toBe(0);
  });

  it('stays as it is when the question is left', async () => {
    const session = await lockedStore();
    const run = new TerminalRun(session, ['add', 'user', 'v']);
    await run.answer('Passphrase of the keystore', ctrlC);
    expect(await run.exit()).toBe(130);
    const { exit } = await session.run('describe user v');
    expect(exit).toBe(3);
  });

  it.skipIf(skipsAge)('is opened by a real age with the identity in the keystore', async () => {
    const session = await lockedStore();
    const identity = join(keystoreOf(session), '.keystore.age');
    const [path = ''] = filesBelow(keystoreOf(session), /\.nk\.age$/);
    const out = join(session.cwd, 'seed');
    const run = new TerminalRun(session, [], {
      shell: `exec '${ageProgram()}' -d -i '${identity}' -o '${out}' '${path}'`,
    });
    await run.answer('Enter passphrase', `${PASSPHRASE}${enter}`);
    expect(await run.exit()).toBe(0);
    session.env.NSC_KEYSTORE_PASSPHRASE = PASSPHRASE;
    await session.ok('keys unlock');
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(path.slice(0, -'.age'.length), 'utf8'));
  });
});

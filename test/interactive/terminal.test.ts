import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '../support/session.js';
import { KEYS, skipsTerminal, snapshot, TerminalRun } from '../support/terminal.js';

const { enter, down, ctrlC, ctrlD, ctrlZ, clearLine } = KEYS;

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`);

/** A store with operator O, and what else it takes. */
async function storeWith(...lines: string[]): Promise<Session> {
  const session = new Session();
  for (const line of ['add operator O', ...lines]) await session.ok(line);
  return session;
}

const field = async (session: Session, line: string): Promise<unknown> => JSON.parse(await session.ok(line));

describe.skipIf(skipsTerminal)('on a terminal', () => {
  it('init asks where, how and under which name', async () => {
    const session = new Session();
    const run = new TerminalRun(session, ['init', '-i']);
    await run.answer('Directory that will hold the operator', enter);
    await run.answer('Operator to work under', enter);
    await run.answer('Name for operator, account and user', `a/b${enter}`);
    await run.answer('it holds a path separator', `${clearLine}Acme${enter}`);
    expect(await run.exit()).toBe(0);
    expect(run.text).toContain('created operator "Acme"');
    expect(run.raw).toMatch(COLOUR);
    expect(await session.ok('describe user Acme -F name')).toBe('"Acme"\n');
    expect((await session.run('validate -A')).exit).toBe(0);
  });

  it('add account asks again for what cannot be read, and colours nothing against NO_COLOR', async () => {
    const session = await storeWith();
    const run = new TerminalRun(session, ['add', 'account', '-i'], { env: { NO_COLOR: '1' } });
    await run.answer('Name of the account', enter);
    await run.answer('an answer is needed', `A${enter}`);
    await run.answer('Key of the account', enter);
    await run.answer('Valid from', enter);
    await run.answer('Valid until', `soon${enter}`);
    await run.answer('"soon" is not a date or a time span', `${clearLine}2050-01-01${enter}`);
    expect(await run.exit()).toBe(0);
    expect(run.raw).not.toMatch(COLOUR);
    expect(await field(session, 'describe account A -F exp')).toBe(Date.UTC(2050) / 1000);
  });

  it('add user offers the keys that may sign, and takes the seed of another one without showing it', async () => {
    const session = await storeWith('add account A', 'edit account A --sk generate,generate');
    const [first, second] = (await field(session, 'describe account A -F nats.signing_keys')) as [string, string];
    const file = seedFile(session, second);
    const seed = readFileSync(file, 'utf8').trim();
    renameSync(file, join(session.cwd, 'second.nk'));

    const run = new TerminalRun(session, ['add', 'user', '-i']);
    await run.answer('Name of the user', `u${enter}`);
    await run.answer('Key of the user', enter);
    await run.answer('Valid from', enter);
    await run.answer('Valid until', enter);
    await run.sees('identity of account "A"');
    expect(run.text).toContain(first);
    expect(run.text).not.toContain(second);
    run.type(`${down}${down}`);
    await run.answer('❯ Other…', enter);
    await run.answer('Seed or key file to sign with', `nowhere.nk${enter}`);
    await run.answer('neither a seed nor a file with one', `${clearLine}${seed}${enter}`);
    expect(await run.exit()).toBe(0);
    expect(await field(session, 'describe user u -F iss')).toBe(second);
    expect(run.text).not.toContain(seed.slice(0, 12));
  });

  it('edit account edits nothing when every answer is as it was', async () => {
    const session = await storeWith('add account A', 'edit account A --tag t --description d --expiry 2050-01-01');
    const before = snapshot(session.home);
    const run = new TerminalRun(session, ['edit', 'account', '-i']);
    for (const question of EDIT_ACCOUNT) await run.answer(question, enter);
    expect(await run.exit()).toBe(2);
    expect(run.text).toContain('nothing to edit was given');
    expect(snapshot(session.home)).toEqual(before);
  });

  it('an answer that is offered is shown, not obeyed, and stays as it was', async () => {
    const title = '\u001b]0;owned\u0007\u202e';
    const session = await storeWith('add account A');
    await session.ok(['edit', 'account', 'A', '--description', title]);
    const run = new TerminalRun(session, ['edit', 'account', '-i']);
    for (const question of EDIT_ACCOUNT.slice(0, EDIT_ACCOUNT.indexOf('Tags to remove'))) {
      await run.answer(question.replace('(d)', '(\\u{1b}]0;owned\\u{7}\\u{202e})'), enter);
    }
    await run.answer('Valid from', `${'SUA'}${'A'.repeat(55)}${enter}`);
    await run.answer('SU…(seed)', `${clearLine}${enter}`);
    await run.answer('Valid until', enter);
    expect(await run.exit()).toBe(2);
    expect(run.text).toContain('nothing to edit was given');
    expect(run.raw).not.toContain(title);
    expect(run.raw).not.toContain('\u202e');
  });

  it('a long list is searched by what is typed', async () => {
    const session = await storeWith(...Array.from({ length: 18 }, (_, at) => `add account account${at + 1}`));
    const run = new TerminalRun(session, ['select', 'account', '-i']);
    await run.answer('❯ account', 'unt17');
    await run.answer('❯ account17', enter);
    expect(await run.exit()).toBe(0);
    expect(await field(session, 'env --json')).toMatchObject({ account: 'account17' });
  });

  it('the answer is all that goes to standard output', async () => {
    const session = await storeWith('add account A', 'add user u', 'add user v');
    const run = new TerminalRun(session, ['describe', 'user', '-i', '-F', 'name'], {
      shell: 'exec "$0" "$@" >answer',
    });
    await run.answer('❯ u', down);
    await run.answer('❯ v', enter);
    expect(await run.exit()).toBe(0);
    expect(readFileSync(join(session.cwd, 'answer'), 'utf8')).toBe('"v"\n');
  });

  it.each([
    ['Ctrl-C', ctrlC],
    ['the end of input', ctrlD],
  ])('%s at a question changes nothing', async (_what, key) => {
    const session = await storeWith('add account A');
    const before = snapshot(session.home);
    const run = new TerminalRun(session, ['add', 'user', '-i', '--color', 'never']);
    await run.answer('Name of the user', `u${enter}`);
    await run.answer('Key of the user', key);
    expect(await run.exit()).toBe(130);
    expect(run.text).toContain('nothing was changed');
    expect(run.raw).not.toMatch(COLOUR);
    expect(snapshot(session.home)).toEqual(before);
  });

  it('a question waits while the program is stopped', async () => {
    const session = await storeWith();
    const shell = 'set -m; "$0" "$@"; echo "now asleep"; fg';
    const run = new TerminalRun(session, ['add', 'account', '-i'], { shell });
    await run.answer('Name of the account', ctrlZ);
    await run.answer('now asleep', `A${enter}`);
    for (const question of ['Key of the account', 'Valid from', 'Valid until']) await run.answer(question, enter);
    expect(await run.exit()).toBe(0);
    expect(await session.ok('describe account A -F name')).toBe('"A"\n');
  });

  it('the end of input at the last question, whether to go on, changes nothing', async () => {
    const session = await storeWith('add account A');
    const before = snapshot(session.home);
    const run = new TerminalRun(session, ['delete', 'account', 'A']);
    await run.answer('Delete account "A" and all its users?', ctrlD);
    expect(await run.exit()).toBe(130);
    expect(snapshot(session.home)).toEqual(before);
  });

  it.each([
    ['with --no-input', ['--no-input'], {}],
    ['when standard error is no terminal', [], { shell: 'exec "$0" "$@" 2>errors' }],
  ])('nothing is asked %s', async (_what, more, options) => {
    const session = await storeWith();
    const run = new TerminalRun(session, ['add', 'account', '-i', ...more], options);
    expect(await run.exit()).toBe(2);
    expect(run.text).not.toContain('Name of the account');
    if ('shell' in options) {
      expect(readFileSync(join(session.cwd, 'errors'), 'utf8')).toContain('give the values as options: --name');
    }
  });
});

const EDIT_ACCOUNT = [
  'Signing key to add',
  'Most client connections',
  'Most leaf node connections',
  'Most bytes of data',
  'Most exports',
  'Most imports',
  'Largest message in bytes',
  'Most subscriptions',
  'JetStream tier to set limits of',
  'What the account is for (d)',
  'URL to read about it',
  'Subject that message traces are sent to',
  'Tag to add',
  'Tags to remove',
  'Valid from (0 = at once) (0)',
  'Valid until (0 = no end) (2050-01-01 00:00:00 UTC)',
];

function seedFile({ home }: Session, key: string): string {
  const keys = join(home, '.local/share/nats/nsc/keys/keys');
  const path = readdirSync(keys, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith(`${key}.nk`));
  if (path === undefined || !existsSync(join(keys, path))) throw new Error(`${key} is not in the keystore`);
  return join(keys, path);
}

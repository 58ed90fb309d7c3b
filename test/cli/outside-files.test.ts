import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { account, KEYS, operator } from '../domain/trust/hierarchy.js';
import { forgeToken } from '../support/forged-token.js';
import { Session } from '../support/session.js';

/** Files that commands write beside the store, and files that they take in, on a real disk. */

async function start(...lines: string[]): Promise<Session> {
  const session = new Session();
  for (const line of lines) await session.ok(line);
  return session;
}

const stores = (session: Session): string => join(session.home, '.local/share/nats/nsc/stores');
const keys = (session: Session): string[] =>
  readdirSync(join(session.home, '.local/share/nats/nsc/keys/keys'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.nk'))
    .sort();

describe('a move of keys', () => {
  it('that cannot write its files leaves the store as it was', async () => {
    const session = await start('add operator O');
    writeFileSync(join(session.cwd, 'file'), '');
    const before = keys(session);
    expect(await session.run('export keys -o --remove --dir file/out')).toMatchObject({ exit: 5 });
    expect(keys(session)).toEqual(before);
    expect(readdirSync(session.cwd)).toEqual(['file']);
  });

  it('that cannot change the store has lost nothing: copies and originals are both there', async () => {
    const session = await start('add operator O --generate-signing-key');
    const before = keys(session);
    rmSync(join(stores(session), '.journal'), { recursive: true, force: true });
    writeFileSync(join(stores(session), '.journal'), '');
    expect((await session.run('export keys -o --remove --dir out')).exit).not.toBe(0);
    rmSync(join(stores(session), '.journal'));
    expect(keys(session)).toEqual(before);
    expect(readdirSync(join(session.cwd, 'out'))).toHaveLength(2);
  });

  it('writes all files before the first key goes', async () => {
    const session = await start('add operator O --generate-signing-key');
    const document = JSON.parse(await session.ok('export keys -o --remove --dir out --json'));
    expect(document.changes.map(({ action, type }: Record<string, string>) => `${action} ${type}`)).toEqual([
      'delete key',
      'delete key',
      'create file',
      'create file',
    ]);
    expect(JSON.stringify(document)).not.toMatch(/SO[A-Z2-7]{56}/);
    expect(keys(session)).toEqual([]);
    await session.ok('import keys --dir out');
    expect(keys(session)).toHaveLength(2);
  });
});

it('an export takes no lock and writes nothing to the store, which may be on a read-only disk', async () => {
  const session = await start('add operator O');
  rmSync(join(stores(session), '.nsc.lock'), { recursive: true, force: true });
  await session.ok('export keys -o --dir out');
  expect(existsSync(join(stores(session), '.nsc.lock'))).toBe(false);
  expect(JSON.parse(await session.ok('export keys -o --dir out --force --json'))).toMatchObject({
    changes: [{ action: 'update', type: 'file' }],
  });
});

it('an entry of a directory that leads nowhere does not disturb import keys (S-61)', async () => {
  const session = await start();
  mkdirSync(join(session.cwd, 'in/below'), { recursive: true });
  symlinkSync(join(session.cwd, 'nowhere'), join(session.cwd, 'in/gone.nk'));
  symlinkSync(join(session.cwd, 'in'), join(session.cwd, 'in/below/circle.nk'));
  writeFileSync(join(session.cwd, 'in/below/o.nk'), KEYS.o1.seed.reveal());
  expect(await session.ok('import keys --dir in --recurse')).toBe(`[ OK ] stored ${KEYS.o1.publicKey}\n`);
});

describe('a hostile file', () => {
  const evil = forgeToken(account('A', 'a1').token, { name: '../../x' }, 'o1');
  const evilOperator = forgeToken(operator().token, { name: '../../x' }, 'o1');
  it.each([
    ['import account --force --skip --file', evil, 2],
    ['migrate --force --url', evil, 2],
    ['add operator --force --url', evilOperator, 2],
    ['import account --file', 'x'.repeat(5 * 1024 * 1024), 5],
    ['import user --file', 'x'.repeat(5 * 1024 * 1024), 5],
    ['migrate --url', 'x'.repeat(5 * 1024 * 1024), 5],
    ['import account --file', operator().token, 5],
    ['import user --file', account('A', 'a1').token, 5],
  ])('%s is refused and leaves nothing behind (S-42)', async (command, content, exit) => {
    const session = await start(`add operator O -K ${KEYS.o1.seed.reveal()}`);
    writeFileSync(join(session.cwd, 'in.jwt'), content);
    const before = readdirSync(session.root, { recursive: true }).sort();
    expect(await session.run(`${command} in.jwt`)).toMatchObject({ exit, stdout: '' });
    expect(readdirSync(session.root, { recursive: true }).sort()).toEqual(before);
  });
});

it('a name from a file that a shell would obey is in quotes where a hint shows a command', async () => {
  const session = await start(
    `add operator O -K ${KEYS.o1.seed.reveal()}`,
    `add account A -k ${KEYS.a1.seed.reveal()}`,
  );
  writeFileSync(join(session.cwd, 'in.jwt'), account('$(id)', 'a1').token);
  const { stderr } = await session.run('import account --file in.jwt --overwrite');
  expect(stderr).toContain(`nsc rename account "A" '$(id)'`);
});

it('a creds file brings JWT, seed and creds, or nothing of them (S-25, S-39)', async () => {
  const session = await start('add operator O', 'add account A', 'add user u', 'generate creds -n u -o ~/u.creds');
  await session.ok('delete user u --rm-nkey --rm-creds');
  const creds = readFileSync(join(session.home, 'u.creds'), 'utf8');
  writeFileSync(join(session.cwd, 'mixed.creds'), creds.replace(/SU[A-Z2-7]{56}/, KEYS.u1.seed.reveal()));
  const before = keys(session);
  expect(await session.run('import user --file mixed.creds')).toMatchObject({ exit: 6 });
  expect(keys(session)).toEqual(before);

  await session.ok('import user --file ~/u.creds');
  expect(keys(session)).toHaveLength(before.length + 1);
  expect(readFileSync(join(session.home, '.local/share/nats/nsc/keys/creds/O/A/u.creds'), 'utf8')).toBe(creds);
});

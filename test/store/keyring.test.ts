import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.js';
import { encodeKeyring } from '../../src/domain/keyring/codec.js';
import { emptyKeyring, type Keyring, newRecord, withRecords } from '../../src/domain/keyring/keyring.js';
import { caught } from '../support/caught.js';
import { Session } from '../support/session.js';
import { createOperator, keyOf, NOW, putAccount, TestHome, wholeUser } from './fixtures.js';

const ring = (state: 'next' | 'active', note?: string): Keyring =>
  withRecords(emptyKeyring, [
    { ...newRecord(keyOf('operator', 2).publicKey, { kind: 'operator-signing' }, state, NOW), ...(note && { note }) },
  ]);
const putKeyring = (keyring: Keyring): Change => ({ type: 'put-keyring', keyring });

describe('.keyring.json', () => {
  let home: TestHome;
  beforeEach(async () => {
    home = new TestHome();
    await home.commit('O', [createOperator(), putAccount('A', 1), ...wholeUser('A', 1, 'u', 1)]);
  });
  afterEach(() => home.remove());
  const file = (operator = 'O'): string => home.store(operator, '.keyring.json');

  it('is not there until something is known, and an absent one is empty', () => {
    expect(existsSync(file())).toBe(false);
    expect(home.open().tree('O').keyring).toEqual(emptyKeyring);
  });

  it('is a file of the owner beside the JWT of the operator; no other file changes', async () => {
    const before = process.umask(0o022);
    const untouched = home.snapshot();
    await home.commit('O', [putKeyring(ring('next'))]);
    process.umask(before);
    const { '.local/share/nats/nsc/stores/O/.keyring.json': written, ...rest } = home.snapshot();
    expect(rest).toEqual(untouched);
    expect(written).toBe(`600 ${encodeKeyring(ring('next'))}`);
    expect(home.open().tree('O').keyring).toEqual(ring('next'));
  });

  it('keeps the mode that somebody gave it', async () => {
    await home.commit('O', [putKeyring(ring('next'))]);
    await home.commit('O', [putKeyring(ring('active'))]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(home.open().tree('O').keyring).toEqual(ring('active'));
  });

  it('is no operator, no account and no token', async () => {
    await home.commit('O', [putKeyring(ring('next'))]);
    expect(home.open().operatorNames()).toEqual(['O']);
    expect(home.open().tree('O').accountNames()).toEqual(['A']);
    expect(home.open().tree('O').operator.name).toBe('O');
  });

  it('goes with the directory of the operator', async () => {
    await home.commit('O', [putKeyring(ring('next'))]);
    renameSync(home.store('O'), home.store('Moved'));
    expect(home.open().tree('Moved').keyring).toEqual(ring('next'));
    await home.commit('Moved', [putKeyring(ring('active'))]);
    expect(existsSync(file('Moved'))).toBe(true);
    expect(existsSync(file())).toBe(false);
  });

  it('can be as big as many keys make it', async () => {
    const keys = Array.from({ length: 12_000 }, (_, at) => keyOf('user', at).publicKey);
    const records = keys.map((key) => ({
      ...newRecord(key, { kind: 'user', account: keyOf('account', 1).publicKey, user: `user ${key}` }, 'active', NOW),
      replaces: key,
    }));
    await home.commit('O', [putKeyring(withRecords(emptyKeyring, records))]);
    expect(statSync(file()).size).toBeGreaterThan(4 * 1024 * 1024);
    expect(home.open().tree('O').keyring.records.size).toBe(12_000);
    await home.commit('O', [putKeyring(ring('active'))]);
    expect(home.open().tree('O').keyring).toEqual(ring('active'));
  });

  it('needs an operator', async () => {
    await expect(home.commit('P', [putKeyring(ring('next'))])).rejects.toMatchObject({ code: 'operator-not-found' });
  });

  it('is read when it is needed, and what is wrong with it is told with its path', () => {
    writeFileSync(file(), '{"version": 2}');
    const tree = home.open().tree('O');
    expect(tree.findUser('A', 'u')?.name).toBe('u');
    expect(caught(() => tree.keyring)).toMatchObject({
      code: 'store-corrupt',
      message: `${file()}: the keyring cannot be understood: its version is 2, and 1 is known here`,
      hint: expect.stringContaining('restore .keyring.json from a backup'),
    });
  });

  it('is refused where it is no file', () => {
    mkdirSync(file());
    expect(caught(() => home.open().tree('O').keyring)).toMatchObject({ code: expect.stringMatching(/^store-/) });
  });
});

describe('a damaged keyring', () => {
  async function damaged(): Promise<{ session: Session; path: string }> {
    const session = new Session();
    for (const line of ['add operator O --sys', 'edit operator --sk generate', 'add account A', 'add user u'])
      await session.ok(line);
    const path = `${session.home}/.local/share/nats/nsc/stores/O/.keyring.json`;
    writeFileSync(path, '{"version":1,"keys":[{}]}');
    return { session, path };
  }

  it('stops no command that does without it', async () => {
    const { session } = await damaged();
    for (const line of [
      'list users',
      'list accounts',
      'list keys --all',
      'list roles',
      'describe operator',
      'describe account A',
      'describe user u',
      'generate creds -n u',
      'generate config --mem-resolver',
      'expirations',
      'env',
      'select account A',
      'export keys --all --dir out',
    ])
      await session.ok(line);
  });

  it('stops who signs or looks after keys, says what to do, and leaves it as it is', async () => {
    const { session, path } = await damaged();
    const key = JSON.parse(await session.ok('describe account A --field sub')) as string;
    for (const line of [
      'add user v',
      'edit account A --tag x',
      'keys list',
      `keys show ${key}`,
      `keys note ${key} x`,
    ]) {
      const { exit, stderr } = await session.run(line);
      expect([line, exit, stderr]).toEqual([line, 5, expect.stringContaining('.keyring.json: the keyring cannot be')]);
      expect(stderr).toContain('nsc: hint: restore .keyring.json from a backup');
    }
    expect(readFileSync(path, 'utf8')).toBe('{"version":1,"keys":[{}]}');
  });

  it('is found by validate, which checks all the rest', async () => {
    const { session } = await damaged();
    const { exit, stdout } = await session.run('validate --all-accounts');
    expect(exit).toBe(1);
    expect(stdout).toMatch(/keyring +.*the keyring cannot be understood/);
    expect(stdout).toContain('Account "A"');
  });

  it('is needed no more once it is removed', async () => {
    const { session, path } = await damaged();
    rmSync(path);
    await session.ok('add user v');
    expect(existsSync(path)).toBe(false);
  });
});

describe('what is known about keys', () => {
  it('stays when an account is renamed, and is told under its new name', async () => {
    const session = new Session();
    for (const line of ['add operator O', 'add account A', 'edit account A --sk generate']) await session.ok(line);
    const key = JSON.parse(await session.ok('describe account A --field nats.signing_keys[0]')) as string;
    await session.ok(`keys alias ${key} prod`);
    await session.ok('rename account A Sales --OK');
    const [, found] = JSON.parse(await session.ok('keys list --account Sales --json'));
    expect(found).toMatchObject({ publicKey: key, alias: 'prod', account: 'Sales', use: 'signing' });
    await session.ok('add user -a Sales u -K prod');
    expect(JSON.parse(await session.ok('describe user -a Sales u --field iss'))).toBe(key);
  });

  it('is behind the tokens where another program changed them: those count', async () => {
    const session = new Session();
    for (const line of ['add operator O', 'add account A', 'edit account A --sk generate']) await session.ok(line);
    const key = JSON.parse(await session.ok('describe account A --field nats.signing_keys[0]')) as string;
    await session.ok(`keys note ${key} mine`);
    await session.ok(`edit account A --rm-sk ${key}`);
    expect(JSON.parse(await session.ok(`keys show ${key} --json`))).toMatchObject({ state: 'removed', public: false });
    await session.ok(`edit account A --sk ${key}`);
    expect(JSON.parse(await session.ok(`keys show ${key} --json`))).toMatchObject({ state: 'active', note: 'mine' });
  });
});

import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.js';
import { Secret } from '../../src/lib/secret.js';
import { commitChanges } from '../../src/store/commit.js';
import {
  createOperator,
  keepVersion,
  keyOf,
  putAccount,
  putCreds,
  putOperator,
  putSeed,
  putUser,
  TestHome,
  wholeUser,
} from './fixtures.js';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const account = keyOf('account', 1).publicKey;
const user = keyOf('user', 1).publicKey;

/** Operator O with account A and its user u, seeds and creds included. */
const setUp = (): Promise<void> =>
  home.commit('O', [
    createOperator(),
    putSeed('operator', 1),
    putAccount('A', 1),
    putSeed('account', 1),
    ...wholeUser('A', 1, 'u', 1),
    { type: 'select', operator: 'O' },
  ]);

describe('what a commit writes', () => {
  it('keeps a version that is replaced, where nothing reads it', async () => {
    await setUp();
    await home.commit('O', [keepVersion('A', 1), putAccount('A', 1, 'pulled')]);
    const [kept] = Object.keys(home.snapshot(home.path('.local/share/nats/nsc/stores/O/.history/accounts/A')));
    expect(kept).toMatch(/^1700000000-[A-Z2-7]{12}\.jwt$/);
    const { replaced } = keepVersion('A', 1) as Extract<Change, { type: 'keep-version' }>;
    const path = home.path(`.local/share/nats/nsc/stores/O/.history/accounts/A/${kept}`);
    expect(readFileSync(path, 'utf8')).toBe(replaced.token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(home.open().tree('O').accountNames()).toEqual(['A']);
    expect(home.open().tree('O').findAccount('A')?.claims.nats.tags).toEqual(['pulled']);
  });

  it('has the layout, the bytes and the modes of nsc', async () => {
    const before = process.umask(0o022);
    await setUp();
    process.umask(before);
    const files = home.snapshot(home.path('.local/share/nats/nsc'));
    expect(Object.keys(files).map((path) => `${path} ${files[path]?.split(' ')[0]}`)).toEqual([
      'keys 700/',
      'keys/.gitignore 600',
      'keys/creds 700/',
      'keys/creds/O 700/',
      'keys/creds/O/A 700/',
      'keys/creds/O/A/u.creds 600',
      'keys/keys 700/',
      'keys/keys/A 700/',
      `keys/keys/A/${account.slice(1, 3)} 700/`,
      `keys/keys/A/${account.slice(1, 3)}/${account}.nk 600`,
      'keys/keys/O 700/',
      `keys/keys/O/${keyOf('operator', 1).publicKey.slice(1, 3)} 700/`,
      `keys/keys/O/${keyOf('operator', 1).publicKey.slice(1, 3)}/${keyOf('operator', 1).publicKey}.nk 600`,
      'keys/keys/U 700/',
      `keys/keys/U/${user.slice(1, 3)} 700/`,
      `keys/keys/U/${user.slice(1, 3)}/${user}.nk 600`,
      'stores 700/',
      'stores/.journal 700/',
      'stores/O 700/',
      'stores/O/.nsc 600',
      'stores/O/O.jwt 600',
      'stores/O/accounts 700/',
      'stores/O/accounts/A 700/',
      'stores/O/accounts/A/A.jwt 600',
      'stores/O/accounts/A/users 700/',
      'stores/O/accounts/A/users/u.jwt 600',
    ]);
    expect(files['stores/O/.nsc']).toBe('600 {"managed":false,"name":"O","kind":"operator","version":"1"}');
    expect(files[`keys/keys/U/${user.slice(1, 3)}/${user}.nk`]).toBe(`600 ${keyOf('user', 1).seed.reveal()}`);
    expect(files['stores/O/accounts/A/A.jwt']).toMatch(/^600 eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(files['keys/.gitignore']).toMatch(/^600 # .* \n\*\*\/\*\.nk\n\n# .*\n\*\*\/\*\.creds\n$/);
    expect(files['keys/.gitignore']).toHaveLength(68 + '600 '.length);
    expect(home.settings()).toEqual({
      store_root: home.store(),
      operator: 'O',
      account: 'A',
      github_updates: 'nats-io/nsc',
      last_update: 1_700_000_000,
    });
  });

  it('leaves the ignore file alone once there is one, and out when asked', async () => {
    await home.commit('', [putSeed('user', 1)], () => home.open({}, { NSC_NO_GIT_IGNORE: '' }));
    expect(existsSync(home.keystore('.gitignore'))).toBe(false);
    await home.commit('', [putSeed('user', 2)]);
    writeFileSync(home.keystore('.gitignore'), 'mine');
    await home.commit('', [putSeed('user', 3)]);
    expect(readFileSync(home.keystore('.gitignore'), 'utf8')).toBe('mine');
  });

  it('keeps the mode of a file that exists, like nsc, and never makes it more open (E-32)', async () => {
    await setUp();
    const path = home.store('O/accounts/A/A.jwt');
    chmodSync(path, 0o640);
    await home.commit('O', [putAccount('A', 1, 'changed')]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    chmodSync(path, 0o400);
    await home.commit('O', [putAccount('A', 1, 'again')]);
    expect(statSync(path).mode & 0o777).toBe(0o400);
  });

  it('does not write what is there already', async () => {
    await setUp();
    const before = statSync(home.store('O/accounts/A/A.jwt'), { bigint: true }).mtimeNs;
    const steps: string[] = [];
    await home.commit('O', [putAccount('A', 1), ...wholeUser('A', 1, 'u', 1)], undefined, {
      beforeStep: (step) => steps.push(step),
    });
    expect(steps).toEqual([]);
    expect(statSync(home.store('O/accounts/A/A.jwt'), { bigint: true }).mtimeNs).toBe(before);
  });

  it('writes one file without a journal, several with one', async () => {
    await setUp();
    const steps: string[] = [];
    const beforeStep = (step: string) => steps.push(step);
    await home.commit('O', [putAccount('A', 1, 'x')], undefined, { beforeStep });
    expect(steps).toEqual(['stage 0', 'place 0', 'sync directories']);
    steps.length = 0;
    await home.commit('O', [putAccount('A', 1, 'y'), putOperator('O', 'y')], undefined, { beforeStep });
    expect(steps).toEqual([
      'journal directory',
      'journal open',
      'journal write',
      'journal end',
      'journal sync',
      'journal commit',
      'stage 0',
      'stage 1',
      'place 0',
      'place 1',
      'sync directories',
      'drop journal',
    ]);
  });

  it('is ordered: seeds, tokens, creds, deletions, settings', async () => {
    await setUp();
    const sizes: string[] = [];
    await home.commit(
      'O',
      [
        { type: 'select', account: '' },
        { type: 'delete-user', account: 'A', name: 'u' },
        ...wholeUser('A', 1, 'v', 2).reverse(),
      ],
      undefined,
      {
        beforeStep(step) {
          if (step !== 'place 0') return;
          const lines = readFileSync(home.store('.journal/committed'), 'utf8').trimEnd().split('\n').slice(1, -1);
          for (const line of lines) {
            const { write, remove } = JSON.parse(line) as { write?: string; remove?: string };
            sizes.push((write ?? `-${remove}`).replace(/^.*[./]/, ''));
          }
        },
      },
    );
    expect(sizes).toEqual(['nk', 'jwt', 'creds', 'jwt', 'json']);
    expect(existsSync(home.store('.journal/committed'))).toBe(false);
  });

  it('goes through a link for the settings, not for tokens', async () => {
    mkdirSync(home.path('.config/nats/nsc'), { recursive: true });
    mkdirSync(home.path('dotfiles'));
    writeFileSync(home.path('dotfiles/nsc.json'), '{}');
    symlinkSync(home.path('dotfiles/nsc.json'), home.path('.config/nats/nsc/nsc.json'));
    await setUp();
    expect(JSON.parse(readFileSync(home.path('dotfiles/nsc.json'), 'utf8'))).toMatchObject({ operator: 'O' });

    const elsewhere = home.path('elsewhere');
    writeFileSync(elsewhere, 'precious');
    symlinkSync(elsewhere, home.store('O/accounts/A/users/v.jwt'));
    await home.commit('O', [putUser('A', 1, 'v', 2)]);
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious');
    expect(readFileSync(home.store('O/accounts/A/users/v.jwt'), 'utf8')).toMatch(/^eyJ/);
  });
});

describe('seeds', () => {
  it('an identical seed is fine, with or without a newline', async () => {
    await setUp();
    const path = home.open().seedPath(user);
    writeFileSync(path, `${keyOf('user', 1).seed.reveal()}\n`);
    await home.commit('O', [putSeed('user', 1)]);
    expect(readFileSync(path, 'utf8')).toMatch(/\n$/);
  });

  it('another text under the name of the key is not overwritten', async () => {
    await setUp();
    const path = home.open().seedPath(user);
    writeFileSync(path, 'something else');
    await expect(home.commit('O', [putAccount('A', 1, 'x'), putSeed('user', 1)])).rejects.toMatchObject({
      code: 'already-exists',
      message: `${path} exists and holds something else`,
    });
    expect(home.open().tree('O').findAccount('A')?.claims.nats.tags).toBeUndefined();
  });

  it('only a public key names a file', async () => {
    const change: Change = { type: 'put-seed', publicKey: '../../../evil', seed: new Secret('x') };
    await expect(home.commit('', [change])).rejects.toMatchObject({ code: 'bad-key' });
  });
});

describe('deletions', () => {
  it('take directories along that became empty', async () => {
    await setUp();
    await home.commit('O', [
      { type: 'delete-user', account: 'A', name: 'u' },
      { type: 'delete-creds', account: 'A', user: 'u' },
      { type: 'delete-seed', publicKey: user },
    ]);
    expect(existsSync(home.store('O/accounts/A/users'))).toBe(false);
    expect(existsSync(home.store('O/accounts/A/A.jwt'))).toBe(true);
    expect(existsSync(home.keystore('creds/O'))).toBe(false);
    expect(existsSync(home.keystore('creds'))).toBe(true);
    expect(existsSync(home.keystore('keys/U'))).toBe(false);
    expect(existsSync(home.keystore('keys/A'))).toBe(true);
  });

  it('an account takes its users with it, and leaves files that are none of ours', async () => {
    await setUp();
    await home.commit('O', [{ type: 'delete-account', name: 'A' }]);
    expect(existsSync(home.store('O/accounts/A'))).toBe(false);
    expect(existsSync(home.store('O/accounts'))).toBe(true);

    await home.commit('O', [putAccount('A', 1), putUser('A', 1, 'u', 1)]);
    writeFileSync(home.store('O/accounts/A/README'), 'keep');
    await home.commit('O', [{ type: 'delete-account', name: 'A' }]);
    expect(readFileSync(home.store('O/accounts/A/README'), 'utf8')).toBe('keep');
    expect(home.open().tree('O').accountNames()).toEqual([]);
    await home.commit('O', [putAccount('A', 1)]);
    expect(home.open().tree('O').userNames('A')).toEqual([]);
  });

  it('of what is not there is fine', async () => {
    await setUp();
    const before = home.snapshot();
    await home.commit('O', [
      { type: 'delete-user', account: 'A', name: 'nobody' },
      { type: 'delete-seed', publicKey: keyOf('user', 9).publicKey },
      { type: 'delete-creds', account: 'B', user: 'x' },
      { type: 'delete-account', name: 'B' },
    ]);
    expect(home.snapshot()).toEqual(before);
  });

  it('the last change of a file counts', async () => {
    await setUp();
    const moved = putUser('A', 1, 'v', 1);
    await home.commit('O', [
      moved,
      putCreds('A', 'v', moved, 1),
      { type: 'delete-user', account: 'A', name: 'v' },
      { type: 'delete-user', account: 'A', name: 'u' },
      putUser('A', 1, 'u', 1, 'back'),
    ]);
    const tree = home.open().tree('O');
    expect(tree.userNames('A')).toEqual(['u']);
    expect(tree.findUser('A', 'u')?.claims.nats.tags).toEqual(['back']);
  });
});

describe('names (E-01, E-03, E-44)', () => {
  const refused = async (changes: readonly Change[], operator = 'O'): Promise<unknown> => {
    const before = home.snapshot();
    const error = await home.commit(operator, changes).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(home.snapshot()).toEqual(before);
    return error;
  };

  it.each(['../../x', 'a/b', 'a\\b', '..', '.', '', 'a\0b'])('%j leads nowhere', async (name) => {
    await setUp();
    expect(await refused([putAccount(name, 2)])).toMatchObject({ code: 'bad-name' });
    expect(await refused([putUser('A', 1, name, 2)])).toMatchObject({ code: 'bad-name' });
    expect(await refused([putUser(name, 1, 'x', 2)])).toMatchObject({
      code: expect.stringMatching(/bad-name|account-not-found/),
    });
    expect(await refused([{ ...createOperator(name) }], name)).toMatchObject({ code: 'bad-name' });
    expect(await refused([putCreds('A', name, putUser('A', 1, 'u', 1), 1)])).toMatchObject({ code: 'bad-name' });
  });

  it.each(['a\nb', 'CON', ' a', '-a', account])('%j is no name for something new', async (name) => {
    await setUp();
    expect(await refused([putAccount(name, 2)])).toMatchObject({ code: 'bad-name' });
  });

  it('the same name in another letter case or composition is taken', async () => {
    await setUp();
    await home.commit('O', [putUser('A', 1, 'caf\u00e9', 3)]);
    expect(await refused([putAccount('a', 2)])).toMatchObject({
      code: 'already-exists',
      message: 'account "a" would differ from "A" only in the case of letters',
    });
    expect(await refused([putUser('A', 1, 'U', 2)])).toMatchObject({ code: 'already-exists' });
    expect(await refused([putUser('A', 1, 'cafe\u0301', 2)])).toMatchObject({ code: 'already-exists' });
    expect(await refused([putUser('A', 1, 'New', 2), putUser('A', 1, 'new', 4)])).toMatchObject({
      code: 'already-exists',
    });
    expect(await refused([createOperator('o')], 'o')).toMatchObject({ code: 'already-exists' });
  });

  it('an account may change the letter case of its own name', async () => {
    await setUp();
    const user = putUser('a', 1, 'u', 1);
    await home.commit('O', [putAccount('a', 1), user, { type: 'delete-account', name: 'A' }]);
    const tree = home.open().tree('O');
    expect([tree.accountNames(), tree.userNames('a')]).toEqual([['a'], ['u']]);
  });

  it('but not where the file system takes both names for one', async () => {
    await setUp();
    // what a file system that ignores case shows: both names lead to the same files
    symlinkSync('A', home.store('O/accounts/a'));
    linkSync(home.store('O/accounts/A/A.jwt'), home.store('O/accounts/A/a.jwt'));
    const error = await refused([putAccount('a', 1), { type: 'delete-account', name: 'A' }]);
    expect(error).toMatchObject({ code: 'policy-refused', message: expect.stringContaining('are one file') });
  });

  it('users that move along keep names that nsc let through', async () => {
    await setUp();
    const names = ['-dash', 'line\nbreak', 'U'];
    for (const [at, name] of names.entries()) {
      const change = putUser('A', 1, name, at + 2);
      writeFileSync(home.store('O/accounts/A/users', `${name}.jwt`), change.type === 'put-user' ? change.token : '');
    }
    const moved = [putUser('Z', 1, 'u', 1), ...names.map((name, at) => putUser('Z', 1, name, at + 2))];
    await home.commit('O', [putAccount('Z', 1), ...moved, { type: 'delete-account', name: 'A' }]);
    expect(home.open().tree('O').userNames('Z')).toEqual([...names, 'u'].sort());
    expect(await refused([putUser('Z', 1, '-other', 9)])).toMatchObject({ code: 'bad-name' });
  });

  it('an operator cannot take the place of files of the store', async () => {
    const open = () => home.open({ allDirs: home.path('all') });
    for (const name of ['keys', 'creds', 'nsc.json', 'KEYS']) {
      await expect(home.commit(name, [createOperator(name)], open)).rejects.toMatchObject({ code: 'already-exists' });
    }
    await expect(home.commit('.journal', [createOperator('.journal')])).rejects.toMatchObject({ code: 'bad-name' });
    mkdirSync(home.store('busy/x'), { recursive: true });
    await expect(home.commit('busy', [createOperator('busy')])).rejects.toMatchObject({ code: 'already-exists' });
    await setUp();
    await expect(home.commit('O', [createOperator()])).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('what nsc let through can still be read and edited', async () => {
    await setUp();
    const name = 'line\nbreak';
    mkdirSync(home.store('O/accounts', name), { recursive: true });
    const change = putAccount(name, 2);
    writeFileSync(home.store('O/accounts', name, `${name}.jwt`), change.type === 'put-account' ? change.token : '');
    await home.commit('O', [putAccount(name, 2, 'edited')]);
    expect(home.open().tree('O').findAccount(name)?.claims.nats.tags).toEqual(['edited']);
  });
});

describe('a commit needs', () => {
  it('the lock', () => {
    expect(() => commitChanges(home.open(), { operator: '' }, [putSeed('user', 1)])).toThrow(/needs the lock/);
  });

  it('an operator and an account to put things in', async () => {
    await expect(home.commit('Nope', [putAccount('A', 1)])).rejects.toMatchObject({ code: 'operator-not-found' });
    await setUp();
    await expect(home.commit('O', [putUser('B', 1, 'x', 2)])).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(
      home.commit('O', [{ type: 'delete-account', name: 'A' }, putUser('A', 1, 'x', 2)]),
    ).rejects.toMatchObject({ code: 'account-not-found' });
  });
});

it('a renamed operator directory keeps the names in .nsc', async () => {
  await setUp();
  const { renameSync } = await import('node:fs');
  renameSync(home.store('O'), home.store('Renamed'));
  const workspace = home.open();
  expect(workspace.selected.operator).toBe('');
  expect(workspace.tree('Renamed').operator.name).toBe('Renamed');
  expect(workspace.tree('Renamed').findCreds('A', 'u')?.reveal()).toContain('BEGIN NATS USER JWT');
  expect(workspace.credsPath('Renamed', 'A', 'u')).toBe(join(home.keystore(), 'creds/O/A/u.creds'));
  await home.commit('Renamed', [putOperator('Renamed', 'x')]);
  expect(home.open().tree('Renamed').operator.claims.nats.tags).toEqual(['x']);
  expect(existsSync(home.store('Renamed/Renamed.jwt'))).toBe(false);
});

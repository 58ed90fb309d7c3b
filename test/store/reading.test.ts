import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOwnPath } from '../../src/store/layout.js';
import { caught } from '../support/caught.js';
import { createOperator, keyOf, putAccount, putSeed, putUser, TestHome, wholeUser } from './fixtures.js';

let home: TestHome;
beforeEach(async () => {
  home = new TestHome();
  await home.commit('O', [
    createOperator(),
    putAccount('A', 1),
    putAccount('B', 2),
    ...wholeUser('A', 1, 'u', 1),
    putUser('A', 1, 'v', 2),
    putSeed('curve', 1),
  ]);
});
afterEach(() => home.remove());

const tree = () => home.open().tree('O');
const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

describe('a tree on disk', () => {
  it('reads one file for one entity (S-5)', () => {
    write(home.store('O/accounts/B/B.jwt'), 'broken');
    write(home.store('O/accounts/A/users/v.jwt'), 'broken');
    expect(tree().findAccount('A')?.claims.sub).toBe(keyOf('account', 1).publicKey);
    expect(tree().findUser('A', 'u')?.claims.sub).toBe(keyOf('user', 1).publicKey);
    expect(caught(() => tree().findAccount('B'))).toMatchObject({
      code: 'bad-token',
      message: expect.stringContaining(home.store('O/accounts/B/B.jwt')),
    });
  });

  it('finds by key past what cannot be read', () => {
    write(home.store('O/accounts/0/0.jwt'), 'broken');
    write(home.store('O/accounts/A/users/0.jwt'), 'broken');
    expect(tree().findAccountByKey(keyOf('account', 2).publicKey)?.name).toBe('B');
    expect(tree().findUserByKey('A', keyOf('user', 2).publicKey)?.name).toBe('v');
    expect(tree().findUserByKey('A', keyOf('user', 9).publicKey)).toBeUndefined();
    expect(tree().findUserByKey('A', 'x')).toBeUndefined();
  });

  it('finds nothing under names that lead elsewhere', () => {
    for (const name of ['..', '../A', 'A/../A', '', '.', 'x'.repeat(300), '\0']) {
      expect(tree().findAccount(name)).toBeUndefined();
      expect(tree().findUser('A', name)).toBeUndefined();
      expect(tree().findUser(name, 'u')).toBeUndefined();
      expect(tree().userNames(name)).toEqual([]);
      expect(tree().findCreds(name, 'u')).toBeUndefined();
      expect(caught(() => home.open().tree(name))).toMatchObject({ code: 'operator-not-found' });
    }
  });

  it('lists directories that hold the JWT they are named after', () => {
    mkdirSync(home.store('O/accounts/empty'));
    write(home.store('O/accounts/file.jwt'), 'x');
    write(home.store('O/accounts/A/users/note.txt'), 'x');
    expect(tree().accountNames()).toEqual(['A', 'B']);
    expect(tree().userNames('A')).toEqual(['u', 'v']);
    mkdirSync(home.store('other'));
    expect(home.open().operatorNames()).toEqual(['O']);
    expect(home.open().isOccupied('O')).toBe(true);
    expect(home.open().isOccupied('other')).toBe(false);
    expect(caught(() => home.open().operatorDir('a/b'))).toMatchObject({ code: 'bad-name' });
  });

  it('says which file of the operator is missing or too big', () => {
    renameSync(home.store('O/O.jwt'), home.store('O/moved'));
    expect(caught(() => tree().operator)).toMatchObject({
      code: 'store-corrupt',
      details: { path: home.store('O/O.jwt') },
    });
    write(home.store('O/O.jwt'), 'x'.repeat(5 * 1024 * 1024));
    expect(caught(() => tree().operator)).toMatchObject({ code: 'store-corrupt' });
    rmSync(home.store('O/O.jwt'));
    mkdirSync(home.store('O/O.jwt'));
    expect(caught(() => tree().operator)).toMatchObject({ code: 'store-io', details: { reason: 'EISDIR' } });
  });

  it('takes a token with a newline at its end', () => {
    const { token } = tree().operator;
    write(home.store('O/O.jwt'), `${token}\n`);
    expect(tree().operator.token).toBe(token);
  });
});

describe('a keystore', () => {
  const user = keyOf('user', 1);
  const file = () => home.open().seedPath(user.publicKey);

  it('gives the pair of a key, and undefined for none', () => {
    expect(tree().findKeyPair(user.publicKey)?.seed.equals(user.seed)).toBe(true);
    expect(tree().findKeyPair(keyOf('curve', 1).publicKey)?.role).toBe('curve');
    expect(tree().hasSeed(keyOf('user', 2).publicKey)).toBe(false);
    expect(tree().findKeyPair(keyOf('user', 2).publicKey)).toBeUndefined();
    expect(tree().hasSeed('../../O')).toBe(false);
    expect(tree().findKeyPair('../../O')).toBeUndefined();
    expect(tree().storedKeys()).toEqual([user.publicKey, keyOf('curve', 1).publicKey].sort());
  });

  it('lets line ends pass, nothing else', () => {
    write(file(), `${user.seed.reveal()}\r\n`);
    expect(tree().findKeyPair(user.publicKey)?.publicKey).toBe(user.publicKey);
    for (const text of [` ${user.seed.reveal()}`, '', 'garbage', `${user.seed.reveal()}A`]) {
      write(file(), text);
      const error = caught(() => tree().findKeyPair(user.publicKey));
      expect(error).toMatchObject({ code: 'store-corrupt', details: { path: file() } });
      expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain(user.seed.reveal());
    }
  });

  it('a file with the public key has no seed', () => {
    write(file(), user.publicKey);
    expect(tree().findKeyPair(user.publicKey)).toBeUndefined();
  });

  it('the file must hold the key its name says (E-09)', () => {
    write(file(), keyOf('user', 2).seed.reveal());
    expect(caught(() => tree().findKeyPair(user.publicKey))).toMatchObject({
      code: 'key-mismatch',
      details: { expected: user.publicKey, found: keyOf('user', 2).publicKey },
    });
  });

  it('does not list what is no key or in the wrong place', () => {
    write(home.keystore('keys/U/XX', `${user.publicKey}.nk`), 'x');
    write(home.keystore('keys/U/note.nk'), 'x');
    write(home.keystore('keys/README'), 'x');
    expect(tree().storedKeys()).toHaveLength(2);
  });
});

describe('a keystore of an old version (E-26)', () => {
  const refused = () => caught(() => home.open());

  it('is refused, with the file that gives it away and the command that helps', () => {
    write(home.keystore('Old/Old.nk'), 'x');
    expect(refused()).toMatchObject({
      code: 'keystore-old-layout',
      message: expect.stringContaining(home.keystore('Old/Old.nk')),
      hint: 'nsc keys migrate',
    });
    rmSync(home.keystore('Old'), { recursive: true });
    write(home.keystore('Old/accounts/A/A.nk'), 'x');
    expect(refused()).toMatchObject({ code: 'keystore-old-layout' });
  });

  it('files that lie around do not stop anything', () => {
    write(home.keystore('stray.nk'), 'x');
    write(home.keystore('u.creds'), 'x');
    write(home.keystore('backup/u.creds'), 'x');
    write(home.keystore('.git/accounts/x'), 'x');
    expect(home.open().operatorNames()).toEqual(['O']);
  });

  it('operators in the same directory (-H) are not searched', async () => {
    const open = () => home.open({ allDirs: home.path('all') });
    await home.commit('P', [createOperator('P'), putAccount('A', 1)], open);
    write(home.path('all/P/u.creds'), 'x');
    expect(open().operatorNames()).toEqual(['P']);
  });
});

it('a journal may only name files of the layout', () => {
  const roots = { storeRoot: '/s', keystoreDir: '/k', configDir: '/c' };
  const key = keyOf('user', 1).publicKey;
  const own = [
    '/s/O/.nsc',
    '/s/O/O.jwt',
    '/s/O/accounts',
    '/s/O/accounts/A/A.jwt',
    '/s/O/accounts/A/users/u.jwt',
    '/s/O/.history/1700000000-ABCDEF.jwt',
    '/s/O/.history/accounts/A/1700000000-ABCDEF.jwt',
    '/k/.gitignore',
    '/k/keys',
    '/k/creds',
    `/k/keys/U/${key.slice(1, 3)}/${key}.nk`,
    '/k/creds/O/A/u.creds',
    '/c/nsc.json',
  ];
  expect(own.filter((path) => !isOwnPath(roots, path))).toEqual([]);
  const others = [
    '/etc/passwd',
    '/s',
    '/s/',
    '/s/x',
    '/s/../x/y.jwt',
    '/s/O/../y.jwt',
    '/s/.nsc.lock/x.jwt',
    '/s/.journal/x.jwt',
    '/s/O/other/A/A.jwt',
    '/s/O/.history/A/1.jwt',
    '/s/O/.history/accounts/A/1.txt',
    '/s/O/accounts/A/users/x/u.jwt',
    '/s/O/accounts/A/evil',
    '/sx/O/O.jwt',
    '/k/keys/U/XX/x.nk',
    `/k/keys/A/${key.slice(1, 3)}/${key}.nk`,
    '/k/creds/O/u.creds',
    '/k/creds/O/A/u.jwt',
    '/c/other.json',
    '/c/x/nsc.json',
    's/O/O.jwt',
  ];
  expect(others.filter((path) => isOwnPath(roots, path))).toEqual([]);
});

it('reading writes nothing', () => {
  const before = home.snapshot();
  const workspace = home.open();
  expect([workspace.selected.operator, workspace.selected.account]).toEqual(['O', '']);
  workspace.tree('O').findUserByKey('A', keyOf('user', 2).publicKey);
  expect(home.snapshot()).toEqual(before);
  expect(readdirSync(home.path())).not.toContain('.config');
});

it('a store behind a link is the same store', () => {
  symlinkSync(home.store(), home.path('link'));
  expect(
    home
      .open({ dataDir: home.path('link') })
      .tree('O')
      .accountNames(),
  ).toEqual(['A', 'B']);
});

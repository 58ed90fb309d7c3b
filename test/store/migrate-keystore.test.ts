import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrateKeystore } from '../../src/store/migrate-keystore.js';
import { keyOf, putCreds, putUser, TestHome } from './fixtures.js';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const seedOf = (role: 'operator' | 'account' | 'user', number: number) => keyOf(role, number).seed.reveal();
const creds = (): string => {
  const change = putCreds('A', 'u', putUser('A', 1, 'u', 1), 1);
  return change.type === 'put-creds' ? change.creds.reveal() : '';
};
const pathOf = (role: 'operator' | 'account' | 'user', number: number) =>
  home
    .open({ keystoreDir: home.path('x') })
    .seedPath(keyOf(role, number).publicKey)
    .replace(home.path('x'), home.keystore());

function makeOld(): void {
  write(home.keystore('O/O.nk'), `${seedOf('operator', 1)}\n`);
  write(home.keystore('O/accounts/A/A.nk'), seedOf('account', 1));
  write(home.keystore('O/accounts/A/users/u.nk'), seedOf('user', 1));
  write(home.keystore('O/accounts/A/users/u.creds'), creds());
}

it('files keys and creds where they belong now, for their owner alone', () => {
  makeOld();
  expect(migrateKeystore(home.keystore())).toMatchObject({ moved: { length: 4 }, setAside: [] });
  expect(readFileSync(pathOf('user', 1), 'utf8')).toBe(seedOf('user', 1));
  expect(statSync(pathOf('operator', 1)).mode & 0o777).toBe(0o600);
  expect(readFileSync(home.keystore('creds/O/A/u.creds'), 'utf8')).toBe(creds());
  expect(Object.keys(home.snapshot(home.keystore())).filter((path) => path.startsWith('O'))).toEqual([]);
  expect(home.open().findKeyPair(keyOf('operator', 1).publicKey)?.role).toBe('operator');
  expect(migrateKeystore(home.keystore())).toEqual({ moved: [], setAside: [] });
});

it('goes on where an earlier migration stopped', () => {
  makeOld();
  write(pathOf('account', 1), seedOf('account', 1));
  expect(migrateKeystore(home.keystore())).toMatchObject({ moved: { length: 3 }, setAside: [] });
  expect(home.open().storedKeys()).toHaveLength(3);
});

it('sets aside what makes no sense, and blocks nothing (E-26)', () => {
  makeOld();
  write(home.keystore('O/accounts/A/users/broken.nk'), 'garbage');
  write(home.keystore('O/stray.creds'), 'x');
  write(home.keystore('O/accounts/README'), 'x');
  write(home.keystore('creds/O/A/u.creds'), 'newer');
  const { moved, setAside } = migrateKeystore(home.keystore());
  expect(moved).toHaveLength(3);
  const aside = `${home.keystore()}_old/O`;
  expect(setAside.map(({ to, reason }) => [to.replace(aside, ''), reason.replace(home.keystore(), '')])).toEqual([
    ['/accounts/A/users/broken.nk', 'it holds no seed'],
    ['/accounts/A/users/u.creds', '/creds/O/A/u.creds holds something else'],
    ['/stray.creds', 'it is not where the creds of a user are'],
    ['.2', 'it holds files that are no keys or creds'],
  ]);
  expect(readFileSync(home.keystore('creds/O/A/u.creds'), 'utf8')).toBe('newer');
  expect(readFileSync(`${aside}.2/accounts/README`, 'utf8')).toBe('x');
  expect(home.open().storedKeys()).toHaveLength(3);
});

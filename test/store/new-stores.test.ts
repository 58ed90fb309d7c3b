import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewStore } from '../../src/app/ports.js';
import { makeStores } from '../../src/store/new-stores.js';
import { caught } from '../support/caught.js';
import { createOperator, keyOf, putAccount, putSeed, TestHome, wholeUser } from './fixtures.js';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const stores: NewStore[] = [
  { operator: 'O', changes: [createOperator(), putAccount('A', 1), ...wholeUser('A', 1, 'u', 1)] },
  { operator: 'P', changes: [createOperator('P'), putSeed('operator', 1)] },
];
const options = { rehearse: false, writesGitIgnore: true };

describe('stores made from nothing', () => {
  it('are stores like any other, with one keystore', () => {
    const places = makeStores(home.path('deep/out'), stores, options);
    expect(places).toEqual({ storeRoot: home.path('deep/out/operators'), keystoreDir: home.path('deep/out/keys') });
    const workspace = home.open({ dataDir: places.storeRoot, keystoreDir: places.keystoreDir });
    expect(workspace.operatorNames()).toEqual(['O', 'P']);
    expect(workspace.tree('O').findUser('A', 'u')?.claims.sub).toBe(keyOf('user', 1).publicKey);
    expect(workspace.tree('O').credsNames('A')).toEqual(['u']);
    expect([workspace.tree('O').credsAccounts(), workspace.tree('P').credsAccounts()]).toEqual([['A'], []]);
    expect(workspace.storedKeys()).toEqual([keyOf('operator', 1).publicKey, keyOf('user', 1).publicKey].sort());
    const modes = Object.entries(home.snapshot(home.path('deep'))).filter(([, file]) => !/^(600 |700\/)/.test(file));
    expect(modes).toEqual([]);
    expect(existsSync(home.path('deep/out/keys/.gitignore'))).toBe(true);
    expect(readdirSync(home.path('deep'))).toEqual(['out']);
  });

  it('take the place of an empty directory', () => {
    mkdirSync(home.path('out'));
    makeStores(home.path('out'), stores, { ...options, writesGitIgnore: false });
    expect(readdirSync(home.path('out'))).toEqual(['keys', 'operators']);
    expect(existsSync(home.path('out/keys/.gitignore'))).toBe(false);
  });

  it('are only talked about when rehearsed', () => {
    expect(makeStores(home.path('out'), stores, { ...options, rehearse: true })).toEqual({
      storeRoot: home.path('out/operators'),
      keystoreDir: home.path('out/keys'),
    });
    expect(home.snapshot()).toEqual({});
  });
});

describe('nothing is left behind', () => {
  it.each([
    ['in a directory that holds something', () => mkdirSync(home.path('out/x'), { recursive: true })],
    ['where a file is', () => writeFileSync(home.path('out'), '')],
  ])('%s', (_what, prepare) => {
    prepare();
    const before = home.snapshot();
    for (const rehearse of [true, false]) {
      expect(caught(() => makeStores(home.path('out'), stores, { ...options, rehearse }))).toMatchObject({
        code: 'already-exists',
        message: `"${home.path('out')}" is there already and not empty`,
      });
    }
    expect(home.snapshot()).toEqual(before);
  });

  it('when one of the stores is refused', () => {
    const bad: NewStore = { operator: 'Q', changes: [createOperator('Q'), putAccount('../x', 2)] };
    expect(caught(() => makeStores(home.path('out'), [...stores, bad], options)).code).toBe('bad-name');
    expect(home.snapshot()).toEqual({});
  });

  it('where nothing can be written', () => {
    writeFileSync(home.path('file'), '');
    expect(caught(() => makeStores(home.path('file/out'), stores, options)).code).toBe('store-io');
  });
});

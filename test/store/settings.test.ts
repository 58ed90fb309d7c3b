import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.js';
import { caught } from '../support/caught.js';
import { createOperator, putAccount, TestHome } from './fixtures.js';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const settingsFile = (): string => home.path('.config/nats/nsc/nsc.json');
const settings = (): string => readFileSync(settingsFile(), 'utf8');

describe('where things are', () => {
  it('by default below the home directory', () => {
    const { configDir, storeRoot, keystoreDir, selected, fromWorkingDirectory } = home.open();
    expect({ configDir, storeRoot, keystoreDir }).toEqual({
      configDir: home.path('.config/nats/nsc'),
      storeRoot: home.store(),
      keystoreDir: home.keystore(),
    });
    expect(selected).toMatchObject({ operator: '', account: '' });
    expect(fromWorkingDirectory).toBe(false);
    expect(home.snapshot()).toEqual({});
  });

  it('in the XDG directories; empty counts as unset', () => {
    const env = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' };
    expect(home.open({}, env)).toMatchObject({
      configDir: '/c/nats/nsc',
      storeRoot: '/d/nats/nsc/stores',
      keystoreDir: '/d/nats/nsc/keys',
    });
    expect(home.open({}, { XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' })).toMatchObject({ storeRoot: home.store() });
  });

  it('NSC_HOME and NKEYS_PATH choose, flags win over them, -H over all', () => {
    const env = { NSC_HOME: home.path('c'), NKEYS_PATH: home.path('k') };
    expect(home.open({}, env)).toMatchObject({ configDir: home.path('c'), keystoreDir: home.path('k') });
    const flags = { configDir: '~/cc', dataDir: 'dd', keystoreDir: home.path('kk') };
    expect(home.open(flags, env)).toMatchObject({
      configDir: home.path('cc'),
      storeRoot: home.path('dd'),
      keystoreDir: home.path('kk'),
    });
    const all = home.path('all');
    expect(home.open({ ...flags, allDirs: 'all' }, env)).toMatchObject({
      configDir: all,
      storeRoot: all,
      keystoreDir: all,
    });
    expect(caught(() => home.open({ allDirs: '~bob/x' }))).toMatchObject({ code: 'bad-value' });
  });

  it('in the places of old versions while those are all there is', () => {
    write(home.path('.nsc/nsc.json'), '{}');
    mkdirSync(home.path('.nsc/nats'));
    mkdirSync(home.path('.nkeys'));
    expect(home.open()).toMatchObject({
      configDir: home.path('.nsc'),
      storeRoot: home.path('.nsc/nats'),
      keystoreDir: home.path('.nkeys'),
    });
    write(settingsFile(), '{}');
    mkdirSync(home.store(), { recursive: true });
    mkdirSync(home.keystore(), { recursive: true });
    expect(home.open()).toMatchObject({
      configDir: home.path('.config/nats/nsc'),
      storeRoot: home.store(),
      keystoreDir: home.keystore(),
    });
  });
});

describe('nsc.json', () => {
  it('has the bytes nsc writes', async () => {
    await home.commit('O&<1>', [createOperator('O&<1>'), { type: 'select', operator: 'O&<1>' }]);
    expect(settings()).toBe(
      `{"store_root":"${home.store()}","operator":"O\\u0026\\u003c1\\u003e","account":"","github_updates":"nats-io/nsc","last_update":1700000000}`,
    );
  });

  it('keeps members it does not know, and their place', async () => {
    write(settingsFile(), '{"a":[1,{"b":12345678901234567890}],"store_root":"","z":null,"last_update":5}');
    await home.commit('O', [createOperator(), { type: 'select', operator: 'O' }]);
    expect(settings()).toBe(
      `{"a":[1,{"b":12345678901234567890}],"store_root":"${home.store()}","z":null,"last_update":5,"operator":"O","account":""}`,
    );
  });

  it.each(['{', '[]', '"x"', '{"operator":1}', '{"operator":"a","operator":"b"}'])('%s is refused', (text) => {
    write(settingsFile(), text);
    expect(caught(() => home.open())).toMatchObject({ code: 'store-corrupt', details: { path: settingsFile() } });
  });

  it('is a first run when empty', () => {
    write(settingsFile(), '');
    expect(home.open().storeRoot).toBe(home.store());
  });

  it('is neither read nor written under NSC_CWD_ONLY, which keeps scripts apart (E-41, S-41)', async () => {
    write(settingsFile(), '{broken');
    const open = () => home.open({}, { NSC_CWD_ONLY: '' });
    await home.commit('O', [createOperator(), { type: 'select', operator: 'O' }], open);
    expect(settings()).toBe('{broken');
    await expect(home.commit('O', [{ type: 'select', operator: 'O' }], open)).rejects.toMatchObject({
      code: 'policy-refused',
    });
  });
});

describe('what is selected', () => {
  const operator = (name: string, ...accounts: string[]) =>
    home.commit(name, [createOperator(name), ...accounts.map((account, at) => putAccount(account, at))]);
  const stored = (selection: Record<string, string>): void =>
    write(settingsFile(), JSON.stringify({ store_root: home.store(), operator: '', account: '', ...selection }));
  const selected = (open = home.open()) => [open.selected.operator, open.selected.account];

  it('the only operator and the only account when nothing is stored', async () => {
    await operator('O', 'A');
    expect(selected()).toEqual(['O', 'A']);
    await operator('P');
    expect(selected()).toEqual(['', '']);
    stored({ operator: 'O' });
    expect(selected()).toEqual(['O', 'A']);
  });

  it('what is stored, while it exists; never silently something else (E-45)', async () => {
    await operator('O', 'A', 'B');
    stored({ operator: 'O', account: 'B' });
    expect(selected()).toEqual(['O', 'B']);
    rmSync(home.store('O/accounts/B'), { recursive: true });
    expect(selected()).toEqual(['O', '']);
    stored({ operator: 'Gone', account: 'B' });
    expect(selected()).toEqual(['', '']);
  });

  it('in a store root however it is written', async () => {
    await operator('O', 'A');
    stored({ store_root: '~/.local/share/nats/nsc//stores/', operator: 'O', account: 'A' });
    expect(selected()).toEqual(['O', 'A']);
    await home.commit('O', [putAccount('B', 2), { type: 'select', account: 'B' }]);
    expect(home.settings()).toMatchObject({ store_root: home.store(), operator: 'O', account: 'B' });
  });

  it('names that lead elsewhere select nothing', async () => {
    await operator('O', 'A');
    stored({ operator: '../stores/O' });
    expect(selected()).toEqual(['', '']);
  });

  it('follows changes: the same names, else the only ones', async () => {
    await operator('One', 'A', 'B');
    await operator('Two', 'A');
    stored({ operator: 'One', account: 'B' });
    await home.commit('Two', [{ type: 'select', operator: 'Two' }]);
    expect(home.settings()).toMatchObject({ operator: 'Two', account: 'A' });
    await home.commit('One', [{ type: 'select', operator: 'One' }]);
    expect(home.settings()).toMatchObject({ operator: 'One', account: 'A' });
    await home.commit('', [{ type: 'select', storeRoot: '~/other' }]);
    expect(home.settings()).toMatchObject({ store_root: home.path('other'), operator: '', account: '' });
    await home.commit('', [{ type: 'select', storeRoot: home.store() }]);
    expect(home.settings()).toMatchObject({ store_root: home.store(), operator: '', account: '' });
  });

  it('sees what the commit itself makes and deletes', async () => {
    await home.commit('O', [createOperator(), putAccount('SYS', 1), { type: 'select', operator: 'O' }]);
    expect(home.settings()).toMatchObject({ operator: 'O', account: 'SYS' });
    await home.commit('O', [putAccount('A', 2), { type: 'select', account: 'A' }]);
    expect(home.settings()).toMatchObject({ operator: 'O', account: 'A' });
    await home.commit('O', [
      { type: 'delete-account', name: 'A' },
      { type: 'select', account: '' },
    ]);
    expect(home.settings()).toMatchObject({ operator: 'O', account: '' });
  });

  it('follows an account that gets another name, wherever that is done (E-43)', async () => {
    await home.commit('O', [createOperator(), putAccount('A', 1), { type: 'select', operator: 'O', account: 'A' }]);
    await home.commit('O', [putAccount('B', 2)]);
    const rename = (from: string, to: string, number: number): Change[] => [
      putAccount(to, number),
      { type: 'delete-account', name: from },
      { type: 'select', account: to, insteadOf: from },
    ];
    await home.commit('O', rename('B', 'C', 2));
    expect(home.settings()).toMatchObject({ operator: 'O', account: 'A' });
    const inC = () => home.open({}, {}, home.store('O/accounts/C'));
    await home.commit('O', rename('A', 'Z', 1), inC);
    expect(home.settings()).toMatchObject({ operator: 'O', account: 'Z' });
  });

  it('only what exists can be selected, all of it or nothing (E-28)', async () => {
    await operator('One', 'A');
    await operator('Two', 'B');
    stored({ operator: 'One', account: 'A' });
    const before = settings();
    const wrong = [{ type: 'select', operator: 'Two', account: 'A' } as const];
    await expect(home.commit('Two', wrong)).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(home.commit('', [{ type: 'select', operator: 'Nope' }])).rejects.toMatchObject({
      code: 'operator-not-found',
    });
    const deleted = [
      { type: 'delete-account', name: 'A' },
      { type: 'select', account: 'A' },
    ] as const;
    await expect(home.commit('One', deleted)).rejects.toMatchObject({ code: 'account-not-found' });
    expect(settings()).toBe(before);
    expect(home.open().tree('One').accountNames()).toEqual(['A']);
  });
});

describe('a store root of the moment (E-27)', () => {
  const other = (): string => home.path('other');
  const openOther = () => home.open({ dataDir: other() });
  beforeEach(async () => {
    await home.commit('O', [createOperator(), putAccount('A', 1), { type: 'select', operator: 'O', account: 'A' }]);
    await home.commit('P', [createOperator('P'), putAccount('B', 2)], openOther);
  });
  const remembered = { store_root: '', operator: 'O', account: 'A' };
  const expectRemembered = () => expect(home.settings()).toMatchObject({ ...remembered, store_root: home.store() });

  it('is not remembered for an account that is made there', async () => {
    await home.commit('P', [putAccount('C', 3), { type: 'select', account: 'C' }], openOther);
    expectRemembered();
    const inDirectory = () => home.open({}, {}, join(other(), 'P'));
    await home.commit('P', [putAccount('D', 4), { type: 'select', account: 'D' }], inDirectory);
    expectRemembered();
  });

  it('is remembered by what selects: an operator, or nothing else', async () => {
    await home.commit('P', [{ type: 'select', account: 'B' }], openOther);
    expect(home.settings()).toMatchObject({ store_root: other(), operator: 'P', account: 'B' });
    await home.commit('Q', [createOperator('Q'), { type: 'select', operator: 'Q' }]);
    expect(home.settings()).toMatchObject({ store_root: other(), operator: 'Q', account: '' });
  });

  it('an account under another operator of the same store is not selected along', async () => {
    await home.commit('Q', [createOperator('Q')]);
    const inQ = () => home.open({}, {}, home.store('Q'));
    await home.commit('Q', [putAccount('E', 5), { type: 'select', account: 'E' }], inQ);
    expectRemembered();
    expect(inQ().selected).toMatchObject({ operator: 'Q', account: 'E' });
  });
});

describe('the working directory', () => {
  beforeEach(async () => {
    await home.commit('One', [createOperator('One'), putAccount('A', 1)]);
    await home.commit('Two', [
      createOperator('Two'),
      putAccount('B', 2),
      putAccount('C', 3),
      { type: 'select', operator: 'Two', account: 'C' },
    ]);
  });
  const at = (...parts: string[]) => {
    const { storeRoot, selected, fromWorkingDirectory } = home.open({}, {}, home.store(...parts));
    return [
      storeRoot === home.store() ? 'stores' : storeRoot,
      selected.operator,
      selected.account,
      fromWorkingDirectory,
    ];
  };

  it('inside an operator names it, and the account below accounts', () => {
    expect(at('One')).toEqual(['stores', 'One', 'A', true]);
    expect(at('One/accounts')).toEqual(['stores', 'One', 'A', true]);
    expect(at('Two/accounts')).toEqual(['stores', 'Two', 'C', true]);
    mkdirSync(home.store('Two/accounts/B/users'));
    expect(at('Two/accounts/B/users')).toEqual(['stores', 'Two', 'B', true]);
    mkdirSync(home.store('Two/accounts/none'));
    expect(at('Two/accounts/none')).toEqual(['stores', 'Two', '', true]);
  });

  it('that holds operators is a store', () => {
    write(settingsFile(), '{}');
    expect(at('')).toEqual(['stores', '', '', true]);
    const { storeRoot } = home.open({}, {}, home.path());
    expect(storeRoot).toBe(home.store());
  });

  it('counts for a flag only when it lies in that store', () => {
    const { storeRoot, selected, fromWorkingDirectory } = home.open(
      { dataDir: home.path('other') },
      {},
      home.store('One'),
    );
    expect([storeRoot, selected.operator, fromWorkingDirectory]).toEqual([home.path('other'), '', false]);
    expect(home.open({ dataDir: home.store() }, {}, home.store('One')).selected.operator).toBe('One');
  });

  it('with a broken .nsc says nothing', () => {
    writeFileSync(home.store('One/.nsc'), '{');
    expect(at('One')[1]).toBe('Two');
    expect(caught(() => home.open().tree('One'))).toMatchObject({ code: 'store-corrupt' });
  });
});

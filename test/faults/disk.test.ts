import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.js';
import { NscError } from '../../src/errors.js';
import {
  createOperator,
  describeTree,
  putAccount,
  putOperator,
  putSeed,
  TestHome,
  wholeUser,
} from '../store/fixtures.js';

/** A file system of its own, as small as wanted; undefined where this user may not mount one. */
function mount(options: string): { path: string; run: (...args: string[]) => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), 'nsc-mount-'));
  const run = (...args: string[]): void => {
    execFileSync('mount', [...args, path], { stdio: 'ignore' });
  };
  try {
    run('-t', 'tmpfs', '-o', options, 'tmpfs');
    mounted.push(path);
    return { path, run };
  } catch {
    rmSync(path, { recursive: true });
    return undefined;
  }
}

const mounted: string[] = [];
const unmountAll = (): void => {
  for (const path of mounted.splice(0)) {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
  }
};
afterAll(unmountAll);

const probe = mount('size=64k');
unmountAll();
const reason = probe ? '' : ' (skipped: no file system can be mounted here)';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => {
  unmountAll();
  home.remove();
});

/** What a commit throws. */
const failing = async (changes: readonly Change[], root: string): Promise<unknown> =>
  home
    .commit('O', changes, () => home.open({ allDirs: root }))
    .then(
      () => undefined,
      (error: unknown) => error,
    );

const BASE: readonly Change[] = [createOperator(), putAccount('A', 1), ...wholeUser('A', 1, 'u', 1)];
const stateOf = (root: string) => describeTree(home.open({ allDirs: root }).tree('O'), [['A', 'u']]);
const litter = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /draft|pending|committed|lock/.test(path));

/** Leaves that many blocks of 4 KiB free. */
function fill(root: string, free: number): void {
  rmSync(join(root, 'filler'), { force: true });
  for (let at = 0; ; at += 1) {
    try {
      writeFileSync(join(root, `filler${at}`), Buffer.alloc(4096));
    } catch {
      rmSync(join(root, `filler${at}`), { force: true });
      for (let back = 1; back <= free; back += 1) rmSync(join(root, `filler${at - back}`), { force: true });
      return;
    }
  }
}

const empty = (root: string): void => {
  for (const name of readdirSync(root)) if (name.startsWith('filler')) rmSync(join(root, name));
};

describe.skipIf(!probe)(`a full disk${reason}`, () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('with %i blocks left keeps the old store or takes the new one', async (free) => {
    const root = mount('size=160k')?.path ?? '';
    await home.commit('O', BASE, () => home.open({ allDirs: root }));
    const before = stateOf(root);
    fill(root, free);
    const changes = [putAccount('A', 1, 'edited'), ...wholeUser('A', 1, 'w', 2), putSeed('account', 1)];
    const error = await failing(changes, root);
    if (error !== undefined) {
      expect(error).toBeInstanceOf(NscError);
      expect(error).toMatchObject({ code: 'store-io', details: { reason: 'ENOSPC' } });
      expect(stateOf(root)).toEqual(before);
      expect(litter(root)).toEqual([]);
    } else expect(free).toBeGreaterThan(4);
    empty(root);
    expect(await failing(changes, root)).toBeUndefined();
    expect(home.open({ allDirs: root }).tree('O').userNames('A')).toEqual(['u', 'w']);
  });
});

describe.skipIf(!probe)(`a read-only file system${reason}`, () => {
  it('can be read, and refuses to be written', async () => {
    const disk = mount('size=4m');
    const root = disk?.path ?? '';
    await home.commit('O', BASE, () => home.open({ allDirs: root }));
    const before = stateOf(root);
    disk?.run('-o', 'remount,ro');
    expect(stateOf(root)).toEqual(before);
    expect(await failing([putAccount('A', 1, 'edited')], root)).toMatchObject({
      code: 'store-io',
      message: `cannot lock ${root}/.nsc.lock: the file system is read-only`,
    });
    expect(stateOf(root)).toEqual(before);
  });

  it('for the keys alone stops the whole commit', async () => {
    const disk = mount('size=4m');
    const keystoreDir = disk?.path ?? '';
    const open = () => home.open({ keystoreDir });
    await home.commit('O', BASE, open);
    const before = describeTree(open().tree('O'), [['A', 'u']]);
    disk?.run('-o', 'remount,ro');
    await expect(home.commit('O', [putOperator('O', 'x'), ...wholeUser('A', 1, 'w', 2)], open)).rejects.toMatchObject({
      code: 'store-io',
      details: { reason: 'EROFS' },
    });
    await expect(
      home.commit('O', [putOperator('O', 'x'), { type: 'delete-creds', account: 'A', user: 'u' }], open),
    ).rejects.toMatchObject({ code: 'store-io' });
    expect(describeTree(open().tree('O'), [['A', 'u']])).toEqual(before);
    expect(litter(home.home)).toEqual([]);
  });
});

it('a directory where a file belongs stops the commit', async () => {
  await home.commit('O', BASE);
  mkdirSync(home.store('O/accounts/A/users/w.jwt'));
  const before = home.snapshot();
  await expect(home.commit('O', wholeUser('A', 1, 'w', 2))).rejects.toMatchObject({ code: 'store-io' });
  expect(home.snapshot()).toEqual(before);
});

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileStep } from '../../src/store/file-step.js';
import { findJournalState, writeJournal } from '../../src/store/journal.js';
import type { Roots } from '../../src/store/layout.js';
import { acquireLock, findOwnLock } from '../../src/store/lock.js';
import { caught } from '../support/caught.js';
import { createOperator, keyOf, putAccount, putSeed, self, TestHome } from './fixtures.js';

let home: TestHome;
beforeEach(async () => {
  home = new TestHome();
  await home.commit('O', [createOperator(), putAccount('A', 1), putSeed('user', 1), { type: 'select', operator: 'O' }]);
});
afterEach(() => home.remove());

const roots = (): Roots => ({
  storeRoot: home.store(),
  keystoreDir: home.keystore(),
  configDir: home.path('.config/nats/nsc'),
});
const journal = (): string => home.store('.journal/committed');
const options = () => ({ command: 'nsc edit account', self, timeoutMs: 0 });

/** A commit that was interrupted right after its commit point. */
async function interrupt(
  steps: readonly FileStep[] = [edit(), { remove: home.store('O/accounts/A/users/u.jwt') }],
): Promise<void> {
  const release = await acquireLock(home.store(), options());
  const holder = findOwnLock(home.store());
  if (holder) writeJournal(roots(), holder, steps, () => {});
  release();
}

function edit(): FileStep {
  const change = putAccount('A', 1, 'edited');
  return { write: home.store('O/accounts/A/A.jwt'), content: change.type === 'put-account' ? change.token : '' };
}

const tags = (): string[] | undefined => home.open().tree('O').findAccount('A')?.claims.nats.tags;

describe('an interrupted commit', () => {
  it('is finished by the next reader', async () => {
    await interrupt();
    expect(statSync(journal()).mode & 0o777).toBe(0o600);
    expect(statSync(home.store('.journal')).mode & 0o777).toBe(0o700);
    expect(tags()).toEqual(['edited']);
    expect(findJournalState(home.store())).toBeUndefined();
  });

  it('is finished by a writer that holds the lock already', async () => {
    const workspace = home.open();
    await interrupt();
    const release = await acquireLock(workspace.storeRoot, options());
    expect(tags()).toEqual(['edited']);
    release();
  });

  it('may have been one that changed the settings', async () => {
    const other = home.path('other');
    await interrupt([{ write: home.path('.config/nats/nsc/nsc.json'), content: `{"store_root":"${other}"}` }]);
    expect(home.open().storeRoot).toBe(other);
  });

  it('never overwrites a seed', async () => {
    const path = home.open().seedPath(keyOf('user', 1).publicKey);
    await interrupt([{ write: path, content: 'other' }, edit()]);
    expect(tags()).toEqual(['edited']);
    expect(readFileSync(path, 'utf8')).toBe(keyOf('user', 1).seed.reveal());
  });

  it('is waited for while its owner lives', async () => {
    await interrupt();
    const release = await acquireLock(home.store(), options());
    const lock = home.store('.nsc.lock');
    const living = readFileSync(lock, 'utf8').replace(`"pid":${process.pid}`, `"pid":${process.ppid}`);
    release();
    writeFileSync(lock, living.replace(/"start":"\d+",?/, '').replace(',}', '}'));
    const began = Date.now();
    spawn('sh', ['-c', `sleep 0.3; rm '${lock}'`], { stdio: 'ignore' });
    expect(tags()).toEqual(['edited']);
    expect(Date.now() - began).toBeGreaterThan(250);
  });
});

describe('the beginning of a journal', () => {
  it('is discarded', async () => {
    mkdirSync(home.store('.journal'), { recursive: true });
    writeFileSync(home.store('.journal/pending'), '{"journal":1');
    expect(tags()).toBeUndefined();
    expect(existsSync(home.store('.journal/pending'))).toBe(false);
  });

  it('is left to its owner while that lives', async () => {
    const release = await acquireLock(home.store(), options());
    const lock = home.store('.nsc.lock');
    const living = readFileSync(lock, 'utf8').replace(`"pid":${process.pid}`, `"pid":${process.ppid}`);
    release();
    writeFileSync(lock, living.replace(/"start":"\d+",?/, '').replace(',}', '}'));
    mkdirSync(home.store('.journal'), { recursive: true });
    writeFileSync(home.store('.journal/pending'), '{"journal":1');
    expect(tags()).toBeUndefined();
    expect(existsSync(home.store('.journal/pending'))).toBe(true);
  });
});

describe('a journal is not believed', () => {
  const before = () => home.snapshot();
  const refused = (): unknown => {
    const files = before();
    const error = caught(() => home.open());
    expect(home.snapshot()).toEqual(files);
    return error;
  };
  const rewrite = (change: (text: string) => string): void =>
    writeFileSync(journal(), change(readFileSync(journal(), 'utf8')));

  it('when it came with a copy of the store', async () => {
    await interrupt();
    cpSync(home.store(), home.path('copy'), { recursive: true });
    const error = caught(() => home.open({ dataDir: home.path('copy') }));
    expect(error).toMatchObject({
      code: 'store-corrupt',
      message: expect.stringContaining('was copied here from elsewhere'),
    });
    expect(error.hint).toContain(`remove ${home.path('copy')}/.journal`);
  });

  it('when it was written on another host', async () => {
    await interrupt();
    rewrite((text) => text.replace(`"host":"${self.host}"`, '"host":"elsewhere"'));
    expect(refused()).toMatchObject({ code: 'store-corrupt' });
  });

  it('when it is damaged', async () => {
    await interrupt();
    rewrite((text) => text.slice(0, -20));
    expect(refused()).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining('is damaged') });
    rewrite(() => '');
    expect(refused()).toMatchObject({ code: 'store-corrupt' });
    rewrite(() => 'null\nnull\n');
    expect(refused()).toMatchObject({ code: 'store-corrupt' });
  });

  it('when it names files that are not of a store', async () => {
    const target = home.path('precious');
    for (const step of [{ write: target, content: 'x' }, { remove: target }, { make: target }]) {
      await interrupt([edit(), step]);
      expect(refused()).toMatchObject({ code: 'store-corrupt', message: expect.stringContaining('not of a store') });
    }
    await interrupt([{ ...edit(), remove: home.store('O/O.jwt') } as FileStep]);
    expect(refused()).toMatchObject({ code: 'store-corrupt' });
  });

  it('where keys or settings are elsewhere: the command to finish it is named', async () => {
    await interrupt();
    const error = caught(() => home.open({ keystoreDir: home.path('k'), dataDir: home.store() }));
    expect(error).toMatchObject({ code: 'store-locked', message: expect.stringContaining('"nsc edit account"') });
    expect(error.hint).toBe(
      `nsc --config-dir ${home.path('.config/nats/nsc')} --data-dir ${home.store()} --keystore-dir ${home.keystore()} env`,
    );
    expect(tags()).toEqual(['edited']);
  });
});

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Holder } from '../../src/store/holder.js';
import { acquireLock, findOwnLock, type LockOptions } from '../../src/store/lock.js';
import { caughtAsync } from '../support/caught.js';
import { self, TestHome } from './fixtures.js';

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

const file = (): string => home.path('.nsc.lock');
const options = (more: Partial<LockOptions> = {}): LockOptions => ({
  command: 'add user',
  self,
  timeoutMs: 0,
  ...more,
});
const DEAD = 2 ** 22 + 1;

/** A lock as another process would have left it. */
function leave(holder: Partial<Holder>): void {
  const own = { id: 'x-1', pid: DEAD, host: self.host, command: 'edit account', since: '2024-01-01T00:00:00.000Z' };
  writeFileSync(file(), JSON.stringify({ ...own, ...spaceOf(), ...holder }));
}

/** The PID namespace as a lock of this process says it. */
function spaceOf(): { space?: string } {
  return space === undefined ? {} : { space };
}
let space: string | undefined;
beforeEach(async () => {
  const release = await acquireLock(home.path(), options());
  space = (JSON.parse(readFileSync(file(), 'utf8')) as Holder).space;
  release();
});

describe('a lock', () => {
  it('is a file that names its holder, and is gone afterwards', async () => {
    const before = Date.now();
    const release = await acquireLock(home.path(), options());
    const holder = JSON.parse(readFileSync(file(), 'utf8')) as Holder;
    expect(holder).toMatchObject({ pid: process.pid, host: self.host, command: 'add user' });
    expect(Date.parse(holder.since)).toBeGreaterThanOrEqual(before);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(findOwnLock(home.path())?.id).toBe(holder.id);
    release();
    release();
    expect(readdirSync(home.path())).toEqual([]);
    expect(findOwnLock(home.path())).toBeUndefined();
  });

  it('makes the store root when there is none', async () => {
    const release = await acquireLock(home.path('a/b'), options());
    expect(statSync(home.path('a')).mode & 0o777).toBe(0o700);
    release();
  });

  it('is not given twice, and says who has it', async () => {
    const release = await acquireLock(home.path(), options({ command: 'init' }));
    const error = await caughtAsync(() => acquireLock(home.path(), options()));
    expect(error).toMatchObject({ code: 'store-locked', details: { pid: process.pid, command: 'init', path: file() } });
    expect(error.message).toContain(`"init" (process ${process.pid} on ${self.host}, since `);
    expect(error.hint).toContain('--lock-timeout');
    release();
  });

  it('is waited for, and the waiter is told once for whom', async () => {
    const release = await acquireLock(home.path(), options({ command: 'push' }));
    setTimeout(release, 900);
    const onWait = vi.fn();
    const next = await acquireLock(home.path(), options({ timeoutMs: 10_000, onWait }));
    expect(onWait.mock.calls).toMatchObject([[{ command: 'push', pid: process.pid }]]);
    next();
  });

  it('is not taken from another file by a late release', async () => {
    const release = await acquireLock(home.path(), options());
    leave({ pid: process.ppid });
    release();
    expect(existsSync(file())).toBe(true);
  });
});

describe('the lock of a process that ended', () => {
  const taken = async (): Promise<boolean> => {
    try {
      (await acquireLock(home.path(), options()))();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'store-locked' });
      return false;
    }
  };

  it('is taken over, and nothing is left of it', async () => {
    leave({});
    expect(await taken()).toBe(true);
    expect(readdirSync(home.path())).toEqual([]);
  });

  it('is taken over although the number belongs to somebody else by now', async () => {
    leave({ pid: process.pid });
    expect(await taken()).toBe(true);
    if (process.platform !== 'linux') return;
    leave({ pid: process.ppid, start: '1' });
    expect(await taken()).toBe(true);
  });

  it('is kept while it lives, on another host, in another container, or when it cannot be understood', async () => {
    leave({ pid: process.ppid });
    expect(await taken()).toBe(false);
    leave({ host: 'elsewhere' });
    expect(await taken()).toBe(false);
    leave({ space: 'pid:[1]' });
    expect(await taken()).toBe(false);
    writeFileSync(file(), '');
    expect(await taken()).toBe(false);
    writeFileSync(file(), '{"pid":"x"}');
    const error = await caughtAsync(() => acquireLock(home.path(), options()));
    expect(error.message).toContain('an unknown process');
  });

  it('is taken over from somebody who ended while taking over', async () => {
    leave({ id: 'first' });
    const claim = `${file()}.first`;
    writeFileSync(claim, readFileSync(file(), 'utf8').replace('first', 'second'));
    writeFileSync(`${claim}.second`, readFileSync(file(), 'utf8').replace('first', 'third'));
    expect(await taken()).toBe(true);
    expect(readdirSync(home.path())).toEqual([]);
  });

  it('waits for somebody who is taking over', async () => {
    leave({ id: 'first' });
    writeFileSync(`${file()}.first`, readFileSync(file(), 'utf8').replace(String(DEAD), String(process.ppid)));
    expect(await taken()).toBe(false);
  });
});

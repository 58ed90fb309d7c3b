import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { programOf } from '../support/programs.js';

/** The built program, many times at once and really killed. */
const [file, ...script] = programOf('nsc');

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'nsc-programs-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function nsc(words: readonly string[], killAfterMs?: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...script, '-H', home, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...text });
    });
  });
}

const json = async (...words: string[]): Promise<unknown> => JSON.parse((await nsc(words)).stdout);
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

it('64 processes add users while 16 edit their account: every exit code is 0, nothing is lost (E-22, S-36, S-37)', async () => {
  await nsc(['add', 'operator', 'O']);
  await nsc(['add', 'account', 'A']);
  const wait = ['--lock-timeout', '5m'];
  const ended = await Promise.all([
    ...numbers(64).map((at) => nsc(['add', 'user', `u${at}`, ...wait])),
    ...numbers(16).map((at) => nsc(['edit', 'account', 'A', '--tag', `t${at}`, ...wait])),
  ]);
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  const users = (await json('list', 'users', '--json')) as { name: string }[];
  expect(users.map(({ name }) => name).sort()).toEqual(
    numbers(64)
      .map((at) => `u${at}`)
      .sort(),
  );
  expect(await json('describe', 'account', 'A', '--field', 'nats.tags')).toEqual(
    numbers(16)
      .map((at) => `t${at}`)
      .sort(),
  );
  expect((await nsc(['validate', '--all-accounts'])).code).toBe(0);
  const keys = (await json('list', 'keys', '--users', '--account', 'A', '--json')) as { key_path: string }[];
  expect(keys.filter(({ key_path }) => key_path === '')).toEqual([]);
}, 300_000);

it('processes killed at any moment leave a store that validates and that the next command can change', async () => {
  await nsc(['init', '--name', 'K']);
  for (const at of numbers(25)) {
    await nsc(['add', 'user', `k${at}`], 40 + at * 5);
    expect(await nsc(['validate', '--all-accounts'])).toMatchObject({ code: 0 });
  }
  expect(await nsc(['add', 'user', 'last'])).toMatchObject({ code: 0 });
  const users = (await json('list', 'users', '--json')) as { name: string }[];
  for (const { name } of users) expect(await nsc(['generate', 'creds', '--name', name])).toMatchObject({ code: 0 });
}, 300_000);

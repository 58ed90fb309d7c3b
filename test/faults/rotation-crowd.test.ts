import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseDecorated } from '../../src/domain/creds/creds.js';
import { decodeVerified } from '../../src/domain/token/decode.js';
import { programOf } from '../support/programs.js';

/** The built program, several at once: what becomes of a store that two people rotate while others add users. */
const [file, ...script] = programOf('nsc');
const WAIT = ['--lock-timeout', '5m'];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

let home: string;
const nsc = (...words: string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const args = [...script, '-H', home, ...words, ...WAIT];
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
const done = async (...words: string[]): Promise<void> => expect(await nsc(...words)).toMatchObject({ code: 0 });

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'nsc-rotations-'));
  await done('add', 'operator', 'O', '--generate-signing-key');
  await done('edit', 'operator', '--require-signing-keys');
  await done('add', 'account', 'A');
  await done('edit', 'account', 'A', '--sk', 'generate');
  await Promise.all(numbers(12).map((at) => done('add', 'user', `u${at}`)));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Who signed each user, and that its creds hold the same token. */
function issuers(): Set<string> {
  const directory = join(home, 'O', 'accounts', 'A', 'users');
  return new Set(
    readdirSync(directory).map((name) => {
      const token = readFileSync(join(directory, name), 'utf8');
      const creds = readFileSync(join(home, 'creds', 'O', 'A', name.replace('.jwt', '.creds')), 'utf8');
      expect(parseDecorated(creds).token).toBe(token);
      return decodeVerified(token).claims.iss ?? '';
    }),
  );
}

/** Keys of the keyring in a state. */
function keysIn(state: string): string[] {
  const { keys } = JSON.parse(readFileSync(join(home, 'O', '.keyring.json'), 'utf8')) as {
    keys: { key: string; state: string }[];
  };
  return keys.filter((record) => record.state === state).map(({ key }) => key);
}

it('of two that activate a key at once one does, and users added meanwhile are signed by it', async () => {
  await done('rotate', 'start', '--account', 'A');
  const ended = await Promise.all([
    nsc('rotate', 'activate', '--account', 'A'),
    nsc('rotate', 'activate', '--account', 'A'),
    ...numbers(8).map((at) => nsc('add', 'user', `late${at}`)),
  ]);
  const [one, other, ...added] = ended;
  expect([one?.code, other?.code].sort()).toEqual([0, 4]);
  expect(added.filter(({ code }) => code !== 0)).toEqual([]);
  await done('validate', '--all-accounts');
  expect([...issuers()]).toEqual(keysIn('active'));
  await done('rotate', 'finish', '--account', 'A');
  await done('validate', '--all-accounts');
}, 300_000);

it('two that replace a key at once leave one that signs everything', async () => {
  const ended = await Promise.all([
    nsc('rotate', 'now', '--account', 'A'),
    nsc('rotate', 'now', '--account', 'A'),
    ...numbers(8).map((at) => nsc('add', 'user', `late${at}`)),
  ]);
  const [one, other, ...added] = ended;
  expect([one?.code, other?.code]).toContain(0);
  expect([0, 4]).toContain(one?.code === 0 ? other?.code : one?.code);
  expect(added.filter(({ code }) => code !== 0)).toEqual([]);
  await done('validate', '--all-accounts');
  expect([...issuers()]).toEqual(keysIn('active'));
}, 300_000);

it('signing anew beside a rotation leaves no user to a key that is gone', async () => {
  const ended = await Promise.all([
    nsc('rotate', 'now', '--account', 'A'),
    ...numbers(4).map(() => nsc('resign', '--account', 'A')),
  ]);
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  await done('validate', '--all-accounts');
  expect([...issuers()]).toEqual(keysIn('active'));
}, 300_000);

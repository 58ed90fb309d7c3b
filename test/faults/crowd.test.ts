import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { keyOf, putSeed, TestHome } from '../store/fixtures.js';
import { bundleScript } from './bundle.js';
import { BASE } from './scenarios.js';

let script: string;
let removeScript: () => void;
let home: TestHome;
beforeAll(async () => {
  ({ script, remove: removeScript } = await bundleScript('driver.ts'));
});
afterAll(() => removeScript());
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

/** Runs the driver; how it ended. */
const drive = (...words: string[]): Promise<{ code: number | null; signal: string | null; stderr: string }> =>
  new Promise((resolve, reject) => {
    const [mode = '', ...rest] = words;
    const child = spawn(process.execPath, [script, mode, home.home, ...rest], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });

const PROCESSES = process.env.SLOW === '1' ? 60 : 16;

it('many processes add users at once and nothing is lost', { timeout: 120_000 }, async () => {
  await home.commit('O', BASE);
  const names = Array.from({ length: PROCESSES }, (_, at) => String.fromCharCode(0x4e00 + at));
  const ended = await Promise.all(names.map((name) => drive('add', name, '4')));
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  const tree = home.open().tree('O');
  const expected = names.flatMap((name) => [0, 1, 2, 3].map((at) => `${name}-${at}`));
  expect(tree.userNames('A')).toEqual([...expected, 'u', 'v'].sort());
  for (const name of expected) {
    const number = ((name.charCodeAt(0) & 0xff) << 8) + Number(name.slice(2));
    const user = tree.findUser('A', name);
    expect(user?.claims.sub).toBe(keyOf('user', number).publicKey);
    expect(tree.findKeyPair(user?.claims.sub ?? '')?.publicKey).toBe(user?.claims.sub);
    expect(tree.findCreds('A', name)?.reveal()).toContain(user?.token);
  }
  expect(readdirSync(home.store(), { encoding: 'utf8' })).toEqual(['.journal', 'O']);
  expect(readdirSync(home.store('.journal'))).toEqual([]);
});

it('a lock is held by one at a time although its holders keep dying', { timeout: 120_000 }, async () => {
  writeFileSync(home.path('counter'), '0');
  const ended = await Promise.all(Array.from({ length: PROCESSES }, () => drive('section', '10')));
  const broken = ended.filter(({ code, signal }) => code !== 0 && signal !== 'SIGKILL');
  expect(broken).toEqual([]);
  // each death ends a process in the middle of its rounds, after its section was counted
  const deaths = ended.filter(({ signal }) => signal === 'SIGKILL').length;
  const entered = Number(readFileSync(home.path('counter'), 'utf8'));
  expect(deaths).toBe(Array.from({ length: entered }, (_, at) => at).filter((at) => at % 7 === 3).length);
  expect(deaths).toBeGreaterThan(0);
  expect(entered).toBeGreaterThanOrEqual((PROCESSES - deaths) * 10 + deaths);
  expect(entered).toBeLessThanOrEqual(PROCESSES * 10);
  expect(readdirSync(home.home).filter((name) => name === 'inside')).toEqual([]);
  await home.commit('', [putSeed('user', 1)], () => home.open({ dataDir: home.home }));
  expect(readdirSync(home.home).filter((name) => name.startsWith('.nsc.lock'))).toEqual([]);
});

it('readers beside writers find whole tokens, and the seed of every user', { timeout: 120_000 }, async () => {
  await home.commit('O', BASE);
  let running = true;
  const writers = Promise.all(['x', 'y'].map((name) => drive('add', name, '10'))).finally(() => {
    running = false;
  });
  while (running) {
    const tree = home.open().tree('O');
    for (const name of tree.userNames('A')) {
      const user = tree.findUser('A', name);
      // seeds come first, so a user that is there can be used
      expect(tree.hasSeed(user?.claims.sub ?? '')).toBe(true);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect((await writers).filter(({ code }) => code !== 0)).toEqual([]);
});

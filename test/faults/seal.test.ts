import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { openerByIdentities } from '../../src/store/seal/age.js';
import { openFiles } from '../../src/store/seal/open-files.js';
import { OpenedFiles } from '../../src/store/seal/opened-files.js';
import { openWorkspace } from '../../src/store/workspace.js';
import { describeTree, self, TestHome } from '../store/fixtures.js';
import { IDENTITY, OTHER_IDENTITY } from '../support/identities.js';
import { filesBelow, seedsInSight } from '../support/locked.js';
import { programOf } from '../support/programs.js';
import { bundleScript } from './bundle.js';
import { BASE, CREDS } from './scenarios.js';

let script: string;
let removeScript: () => void;
/** The same store, not locked and locked. */
let plain: TestHome;
let locked: TestHome;
const homes: TestHome[] = [];

beforeAll(async () => {
  ({ script, remove: removeScript } = await bundleScript('seal-driver.ts'));
  plain = new TestHome();
  await plain.commit('O', BASE);
  locked = copyOf(plain);
  drive(locked, 'lock');
});
afterAll(() => {
  removeScript();
  plain.remove();
  locked.remove();
});
afterEach(() => {
  for (const home of homes.splice(0)) if (home !== locked) home.remove();
});

function copyOf(original: TestHome): TestHome {
  const home = new TestHome();
  homes.push(home);
  cpSync(original.home, home.home, { recursive: true });
  const settings = home.path('.config/nats/nsc/nsc.json');
  writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(original.home, home.home));
  return home;
}

function drive(home: TestHome, mode: string, step = 'never'): { steps: string[]; killed: boolean } {
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [script, mode, home.home, step], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return { steps: stdout.split('\n').filter((line) => line !== ''), killed: signal === 'SIGKILL' };
}

/** All that the store answers to somebody with an identity; whether it is locked, and for whom. */
async function stateOf(home: TestHome, identity: string): Promise<{ tree: unknown; seal: unknown; names: string[] }> {
  const opened = new OpenedFiles();
  const workspace = openWorkspace({ flags: {}, env: {}, home: home.home, cwd: home.home, now: 0, self, opened });
  const names = filesBelow(home.keystore(), /\.(nk|creds)(\.age)?$/);
  const sealed = names.filter((name) => name.endsWith('.age'));
  await openFiles(sealed, opened, openerByIdentities(new Secret(identity), 'test'));
  return {
    tree: describeTree(workspace.tree('O'), CREDS),
    seal: workspace.seal,
    names: names.map((name) => name.slice(home.home.length)),
  };
}

it.each([
  ['lock', () => plain, IDENTITY, IDENTITY],
  ['unlock', () => locked, IDENTITY, IDENTITY],
  ['rekey', () => locked, IDENTITY, OTHER_IDENTITY],
] as const)(
  'keys %s that is killed between any two steps is done or not done',
  { timeout: 240_000 },
  async (...row) => {
    const [mode, start, oldIdentity, newIdentity] = row;
    const before = await stateOf(start(), oldIdentity);
    const whole = copyOf(start());
    const { steps } = drive(whole, mode);
    const after = await stateOf(whole, newIdentity);
    expect(after.tree).toEqual(before.tree);
    expect(after.seal).not.toEqual(before.seal);

    const point = steps.findIndex((step) => step.startsWith('stage'));
    expect(point).toBeGreaterThan(0);
    for (let step = 0; step < steps.length; step += 1) {
      const home = copyOf(start());
      expect(drive(home, mode, String(step)).killed).toBe(true);
      const isOld = step < point;
      expect(await stateOf(home, isOld ? oldIdentity : newIdentity)).toEqual(isOld ? before : after);
      expect(filesBelow(home.home, /draft|pending|committed/)).toEqual([]);
      if (mode === 'rekey') expect(seedsInSight(home.home)).toEqual([]);
      home.remove();
    }
  },
);

it('the journal of a lock holds cipher text alone, wherever it is interrupted', { timeout: 120_000 }, () => {
  const seeds = filesBelow(plain.keystore(), /\.nk$/).map((path) => readFileSync(path, 'utf8'));
  const { steps } = drive(copyOf(plain), 'lock');
  for (const step of steps.keys()) {
    const home = copyOf(plain);
    drive(home, 'lock', String(step));
    const journals = filesBelow(home.store('.journal'), /./).map((path) => readFileSync(path, 'utf8'));
    expect(seeds.filter((seed) => journals.some((journal) => journal.includes(seed)))).toEqual([]);
    home.remove();
  }
});

/** The built program in the home of a test. */
const [file, ...words] = programOf('nsc');
const nsc = (
  home: TestHome,
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(file, [...words, ...args], {
      env: { PATH: process.env.PATH, HOME: home.home, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('close', (code) => resolve({ code: code ?? -1, stderr }));
  });

it('users that are added while the keystore is locked and unlocked are all there, and their seeds are as the keystore is', {
  timeout: 240_000,
}, async () => {
  const home = copyOf(plain);
  writeFileSync(home.path('identity.txt'), `${IDENTITY}\n`);
  const env = { NSC_KEYSTORE_IDENTITY: home.path('identity.txt') };
  const { recipients } = JSON.parse(readFileSync(locked.keystore('.keystore.json'), 'utf8')) as {
    recipients: string[];
  };
  const adding = Array.from({ length: 12 }, (_, at) => nsc(home, env, 'add', 'user', `n${at}`, '--lock-timeout', '3m'));
  const lockings = [
    nsc(home, env, 'keys', 'lock', '--recipient', recipients.join()),
    nsc(home, env, 'keys', 'lock', '--recipient', recipients.join()),
  ];
  const ended = await Promise.all([...adding, ...lockings]);
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  expect(seedsInSight(home.keystore('keys'))).toEqual([]);
  expect(existsSync(home.keystore('.keystore.json'))).toBe(true);
  const { tree } = await stateOf(home, IDENTITY);
  const { keys } = tree as { keys: [string, boolean, string | undefined][] };
  expect(keys.filter(([key]) => key.startsWith('U'))).toHaveLength(14);
  expect(keys.every(([, , seed]) => seed !== undefined)).toBe(true);
});

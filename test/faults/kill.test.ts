import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { describeTree, putAccount, TestHome } from '../store/fixtures.js';
import { bundleScript } from './bundle.js';
import { BASE, CREDS, SCENARIOS } from './scenarios.js';

let script: string;
let removeScript: () => void;
let base: TestHome;
const homes: TestHome[] = [];

beforeAll(async () => {
  ({ script, remove: removeScript } = await bundleScript('driver.ts'));
  base = new TestHome();
  await base.commit('O', BASE);
});
afterAll(() => {
  removeScript();
  base.remove();
});
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function copyOfBase(): TestHome {
  const home = new TestHome();
  homes.push(home);
  cpSync(base.home, home.home, { recursive: true });
  const settings = home.path('.config/nats/nsc/nsc.json');
  spawnSync('sed', ['-i', `s#${base.home}#${home.home}#`, settings]);
  return home;
}

function drive(home: TestHome, ...words: string[]): { steps: string[]; killed: boolean } {
  const [mode = '', ...rest] = words;
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [script, mode, home.home, ...rest], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return { steps: stdout.split('\n').filter((line) => line !== ''), killed: signal === 'SIGKILL' };
}

/** All that the store answers, and what is selected. */
function stateOf(home: TestHome): unknown {
  const workspace = home.open();
  const { operator, account } = workspace.selected;
  return { tree: describeTree(workspace.tree('O'), CREDS), operator, account };
}

const leftovers = (home: TestHome): string[] =>
  readdirSync(home.home, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /draft|lock|pending|committed/.test(path),
  );

describe.each(Object.keys(SCENARIOS))('%s, killed between any two steps', (scenario) => {
  it('is done or not done (E-42, S-39)', { timeout: 120_000 }, async () => {
    const before = stateOf(base);
    const whole = copyOfBase();
    const { steps } = drive(whole, 'commit', scenario);
    const after = stateOf(whole);
    expect(after).not.toEqual(before);
    expect(leftovers(whole)).toEqual([]);

    const seen: string[] = [];
    for (let step = 0; step < steps.length; step += 1) {
      const home = copyOfBase();
      expect(drive(home, 'commit', scenario, String(step)).killed).toBe(true);
      const found = stateOf(home);
      const isOld = JSON.stringify(found) === JSON.stringify(before);
      expect(found).toEqual(isOld ? before : after);
      seen.push(isOld ? 'old' : 'new');
      // nothing that an interruption left stays, and the store can be written
      const draftsStay = steps.length <= 3;
      expect(
        leftovers(home).filter((path) => !path.endsWith('.nsc.lock') && !(draftsStay && path.includes('draft'))),
      ).toEqual([]);
      await home.commit('O', [putAccount('Y', 9)]);
      expect(home.open().tree('O').findAccount('Y')?.name).toBe('Y');
      expect(leftovers(home).filter((path) => !draftsStay || !path.includes('draft'))).toEqual([]);
    }
    const point = steps.includes('journal commit')
      ? steps.findIndex((step) => step.startsWith('stage'))
      : steps.length - 1;
    if (point > 0) expect(seen).toEqual(steps.map((_, at) => (at < point ? 'old' : 'new')));
  });
});

it('a recovery that is killed as well is finished by the next', { timeout: 120_000 }, () => {
  const whole = copyOfBase();
  const { steps } = drive(whole, 'commit', 'rename account');
  const after = stateOf(whole);
  const first = steps.findIndex((step) => step.startsWith('stage'));
  for (const start of [first + 2, steps.indexOf('remove 6')]) {
    expect(start).toBeGreaterThan(0);
    for (let step = 0; ; step += 1) {
      const home = copyOfBase();
      drive(home, 'commit', 'rename account', String(start));
      const { killed } = drive(home, 'recover', String(step));
      expect(stateOf(home)).toEqual(after);
      expect(leftovers(home)).toEqual([]);
      if (!killed) break;
    }
  }
});

/** Seeds by public key, wherever they are below a directory. */
function seedsBelow(directory: string): Map<string, string> {
  if (!existsSync(directory)) return new Map();
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.nk'));
  return new Map(files.map((path) => [path.slice(-59, -3), readFileSync(join(directory, path), 'utf8')]));
}

it('a move of seeds that is killed between any two steps loses none, and can be done again', {
  timeout: 120_000,
}, () => {
  const seeds = seedsBelow(base.keystore());
  const whole = copyOfBase();
  const { steps } = drive(whole, 'move');
  expect(seedsBelow(whole.path('out'))).toEqual(seeds);
  expect(seedsBelow(whole.keystore())).toEqual(new Map());

  for (let step = 0; step < steps.length; step += 1) {
    const home = copyOfBase();
    expect(drive(home, 'move', String(step)).killed).toBe(true);
    home.open(); // finishes or discards what was begun
    expect(new Map([...seedsBelow(home.path('out')), ...seedsBelow(home.keystore())])).toEqual(seeds);
    const copies = readdirSync(home.home, { recursive: true, encoding: 'utf8' }).filter((path) => /^out.+/.test(path));
    expect(copies.filter((path) => (statSync(home.path(path)).mode & 0o077) !== 0)).toEqual([]);
    drive(home, 'move');
    expect(seedsBelow(home.path('out'))).toEqual(seeds);
    expect(seedsBelow(home.keystore())).toEqual(new Map());
  }
});

import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseDecorated } from '../../src/domain/creds/creds.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { verifyAccount, verifyUser } from '../../src/domain/trust/verify.js';
import { putAccount, TestHome } from '../store/fixtures.js';
import { bundleScript } from './bundle.js';
import { announcedStore, ROTATIONS } from './rotations.js';

/** Users of the account whose key changes. */
const USERS = 40;

let script: string;
let removeScript: () => void;
let base: TestHome;
const homes: TestHome[] = [];

beforeAll(async () => {
  ({ script, remove: removeScript } = await bundleScript('rotation-driver.ts'));
  base = new TestHome();
  await base.commit('O', announcedStore(USERS));
});
afterAll(() => {
  removeScript();
  base.remove();
});
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function copyOf(original: TestHome): TestHome {
  const home = new TestHome();
  homes.push(home);
  cpSync(original.home, home.home, { recursive: true });
  const settings = home.path('.config/nats/nsc/nsc.json');
  writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(original.home, home.home));
  return home;
}

/** Runs the driver. @returns its steps, and whether it was killed before the next one */
const drive = (home: TestHome, command: string, step = 'never'): Promise<{ steps: string[]; killed: boolean }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, command, home.home, step], { stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        text[stream] += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) reject(new Error(text.stderr));
      else resolve({ steps: text.stdout.split('\n').filter((line) => line !== ''), killed: signal === 'SIGKILL' });
    });
  });

/** Every token, what the keyring says and what is in creds. */
function stateOf(tree: Tree): Record<string, string> {
  const found: Record<string, string> = { operator: tree.operator.token };
  for (const { key, state } of tree.keyring.records.values()) found[key] = state;
  for (const name of tree.accountNames()) found[name] = tree.findAccount(name)?.token ?? '';
  for (const name of tree.userNames('A')) {
    found[`A/${name}`] = tree.findUser('A', name)?.token ?? '';
    found[`${name}.creds`] = tree.findCreds('A', name)?.reveal() ?? '';
  }
  return found;
}

/** Who signed what there is, and that all of it is trusted and in step. */
function signersOf(tree: Tree): { accounts: string[]; users: string[]; active: string[] } {
  const A = tree.findAccount('A');
  if (!A) throw new Error('account A is gone');
  const accounts = tree.accountNames().map((name) => {
    const account = tree.findAccount(name);
    expect(account && verifyAccount(account, tree.operator)).toBeUndefined();
    return account?.claims.iss ?? '';
  });
  const users = tree.userNames('A').map((name) => {
    const user = tree.findUser('A', name);
    expect(user && verifyUser(user, A, tree.operator)).toBeUndefined();
    const { token, seed } = parseDecorated(tree.findCreds('A', name)?.reveal() ?? '');
    expect(token).toBe(user?.token);
    expect(seed?.reveal()).toBe(tree.findKeyPair(user?.claims.sub ?? '')?.seed.reveal());
    return user?.claims.iss ?? '';
  });
  const records = [...tree.keyring.records.values()];
  const active = records.filter(({ state }) => state === 'active').map(({ key }) => key);
  return { accounts: [...new Set(accounts)], users: [...new Set(users)], active };
}

const leftovers = (home: TestHome): string[] =>
  readdirSync(home.home, { recursive: true, encoding: 'utf8' }).filter((path) => /draft|pending|committed/.test(path));

/** Every step with SLOW=1; else all that differ, and every fourth file of those that are alike. */
function chosenSteps(steps: readonly string[]): number[] {
  const all = steps.map((_, at) => at);
  if (process.env.SLOW === '1') return all;
  const kindOf = (at: number): string | undefined => steps[at]?.replace(/ \d+$/, '');
  const isEdge = (at: number): boolean => kindOf(at) !== kindOf(at - 1) || kindOf(at) !== kindOf(at + 1);
  return all.filter((at) => isEdge(at) || at % 4 === 0);
}

describe.each(ROTATIONS)('%s, killed before any step', (command) => {
  it('leaves all tokens, creds and the keyring as they were, or all as they are to be', {
    timeout: 300_000,
  }, async () => {
    const before = stateOf(base.open().tree('O'));
    const whole = copyOf(base);
    const { steps } = await drive(whole, command);
    const after = stateOf(whole.open().tree('O'));
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.length).toBeGreaterThanOrEqual(command.includes('operator') ? 5 : 2 * USERS);
    const point = steps.indexOf('journal commit') + 1;
    const trusted = signersOf(whole.open().tree('O'));

    const attempts = chosenSteps(steps).map((step) => async (): Promise<void> => {
      const home = copyOf(base);
      expect(await drive(home, command, String(step))).toMatchObject({ killed: true });
      const tree = home.open().tree('O');
      expect(stateOf(tree)).toEqual(step < point ? before : after);
      if (step >= point) expect(signersOf(tree)).toEqual(trusted);
      expect(leftovers(home)).toEqual([]);
      // the next command goes on from there
      if (step % 4 === 0) await home.commit('O', [putAccount('Y', 9)]);
      home.remove();
    });
    await Promise.all([0, 1].map((lane) => inTurn(attempts.filter((_, at) => at % 2 === lane))));
  });
});

/** So many users that their files take their places in several batches. */
const CROWD = 600;

it('a commit that replaces thousands of files is whole wherever it is killed', { timeout: 300_000 }, async () => {
  const crowd = new TestHome();
  homes.push(crowd);
  await crowd.commit('O', announcedStore(CROWD));
  const command = 'activate the key of an account';
  const copy = (): TestHome => copyOf(crowd);
  const whole = copy();
  const { steps } = await drive(whole, command);
  const [before, after] = [crowd, whole].map((home) => stateOf(home.open().tree('O')));
  const point = steps.indexOf('journal commit') + 1;
  const second = steps.indexOf('stage 0', steps.indexOf('place 0'));
  expect(second).toBeGreaterThan(point);
  for (const step of [point - 1, point, second - 1, second, second + 1, steps.length - 3, steps.length - 1]) {
    const home = copy();
    expect(await drive(home, command, String(step))).toMatchObject({ killed: true });
    expect(stateOf(home.open().tree('O'))).toEqual(step < point ? before : after);
    expect(leftovers(home)).toEqual([]);
  }
});

async function inTurn(attempts: readonly (() => Promise<void>)[]): Promise<void> {
  for (const attempt of attempts) await attempt();
}

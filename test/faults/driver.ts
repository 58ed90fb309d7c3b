/**
 * A process that changes a store, for tests that run many of them or end them early.
 *
 *     commit HOME SCENARIO [N]   commits a scenario; is killed before its Nth step
 *     recover HOME N             recovers; is killed before the Nth step of that
 *     move HOME [N]              moves all seeds to HOME/out; is killed before the Nth step
 *     add HOME NAME COUNT        adds users NAME-0, NAME-1, … one commit each
 *     section HOME COUNT         enters a section that only one process may be in, now and then dying in it
 */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitChanges } from '../../src/store/commit.js';
import { acquireLock } from '../../src/store/lock.js';
import { planOutsideFiles, writeOutsideFiles } from '../../src/store/outside-files.js';
import { recover } from '../../src/store/recover.js';
import { openWorkspace } from '../../src/store/workspace.js';
import { NOW, self, wholeUser } from '../store/fixtures.js';
import { SCENARIOS } from './scenarios.js';

const [mode = '', home = '', ...rest] = process.argv.slice(2);
const open = () => openWorkspace({ flags: {}, env: {}, home, cwd: home, now: NOW, self });
const lock = (storeRoot: string) => acquireLock(storeRoot, { command: `test ${mode}`, self, timeoutMs: 60_000 });
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // the signal comes before the next statement does
  for (;;);
};

/** Counts steps, names them on standard output, and ends the process before one of them. */
function killer(before: number): (step: string) => void {
  let count = 0;
  return (step) => {
    if (count === before) die();
    count += 1;
    process.stdout.write(`${step}\n`);
  };
}

const MODES: Readonly<Record<string, () => Promise<void>>> = {
  async commit() {
    const [scenario = '', step = 'never'] = rest;
    const release = await lock(open().storeRoot);
    commitChanges(open(), { operator: 'O' }, SCENARIOS[scenario] ?? [], { beforeStep: killer(Number(step)) });
    release();
  },

  async recover() {
    const store = join(home, '.local/share/nats/nsc');
    const roots = { storeRoot: `${store}/stores`, keystoreDir: `${store}/keys`, configDir: `${home}/.config/nats/nsc` };
    recover(roots, self, killer(Number(rest[0])));
  },

  async move() {
    const release = await lock(open().storeRoot);
    const workspace = open();
    const keys = workspace.storedKeys();
    const files = keys.map((publicKey) => ({
      path: join(home, 'out', `${publicKey}.nk`),
      content: workspace.findKeyPair(publicKey)?.seed.reveal() ?? '',
      replace: true,
    }));
    const beforeStep = killer(Number(rest[0] ?? 'never'));
    writeOutsideFiles(planOutsideFiles(files, workspace), beforeStep);
    const changes = keys.map((publicKey) => ({ type: 'delete-seed' as const, publicKey }));
    commitChanges(workspace, { operator: 'O' }, changes, { beforeStep });
    release();
  },

  async add() {
    const [name = '', count = '0'] = rest;
    for (let at = 0; at < Number(count); at += 1) {
      const release = await lock(open().storeRoot);
      const number = ((name.charCodeAt(0) & 0xff) << 8) + at;
      commitChanges(open(), { operator: 'O' }, wholeUser('A', 1, `${name}-${at}`, number));
      release();
    }
  },

  async section() {
    const inside = join(home, 'inside');
    const counter = join(home, 'counter');
    for (let at = 0; at < Number(rest[0]); at += 1) {
      const release = await acquireLock(home, { command: 'test section', self, timeoutMs: 60_000 });
      closeSync(openSync(inside, 'wx'));
      const entered = Number(readFileSync(counter, 'utf8'));
      writeFileSync(counter, String(entered + 1));
      rmSync(inside);
      if (entered % 7 === 3) die();
      release();
    }
  },
};

await MODES[mode]?.();

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { runBin } from '../support/bin.js';

const DIST = join(import.meta.dirname, '../../dist');
const home = mkdtempSync(join(tmpdir(), 'nsc-bundle-'));
const env = { HOME: home };

afterAll(() => rmSync(home, { recursive: true, force: true }));

const nsc = (...args: string[]) => runBin(args, { env, cwd: home });

/** Names of the builtin modules that Node has loaded at the end of a run. */
function builtinsOf(...args: string[]): string[] {
  const report = `process.on('exit', () => require('fs').writeSync(3, process.moduleLoadList.join('\\n')))`;
  const script = `${report}; process.argv.splice(1, 0, 'nsc'); require(${JSON.stringify(join(DIST, 'nsc.cjs'))}).start()`;
  const { output } = spawnSync(process.execPath, ['-e', script, '--', ...args], {
    env: { PATH: process.env.PATH, ...env },
    cwd: home,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  return (output[3] ?? '').split('\n').map((name) => name.replace(/^(NativeModule|Internal Binding) /, ''));
}

/** Chunks that loading one chunk loads; what it loads later stands behind an arrow. */
function chunksOf(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  const code = readFileSync(join(DIST, 'nsc', entry), 'utf8');
  for (const [, next = ''] of code.matchAll(/(?<!=>)require\("\.\/(?:nsc\/)?([^"]+)"\)/g)) chunksOf(next, seen);
  return seen;
}

describe('bin/nsc.js', () => {
  beforeAll(() => {
    for (const line of ['add operator O', 'add account A', 'add user alice']) {
      const ran = nsc(...line.split(' '));
      if (ran.exit !== 0) throw new Error(ran.stderr);
    }
  });

  it.each(['--version', '-v'])('%s', (flag) => {
    expect(nsc(flag)).toEqual({ exit: 0, stdout: `nsc version ${version}\n`, stderr: '' });
  });

  it.each([
    [[], 0, /^Usage: nsc COMMAND/],
    [['--help'], 0, /^Usage: nsc COMMAND/],
    [['help'], 0, /^Usage: nsc COMMAND/],
    [['add'], 0, /^Usage: nsc add COMMAND/],
    [['help', 'add', 'account'], 0, /^Usage: nsc add account \[NAME\]/],
    [['add', 'account', '-h'], 0, /^Usage: nsc add account \[NAME\]/],
    [['add', '--bogus', 'account', '--help'], 0, /^Usage: nsc add COMMAND/],
    [['nonsense'], 2, /^$/],
    [['nonsense', '--help'], 2, /^$/],
    [['add', 'nonsense'], 2, /^$/],
    [['add', '--bogus'], 2, /^$/],
    [['help', 'nonsense'], 2, /^$/],
  ])('%j ends with %i', (args, exit, stdout) => {
    const ran = nsc(...args);
    expect(ran.exit).toBe(exit);
    expect(ran.stdout).toMatch(stdout);
  });

  it('lists, describes, and names what it does not find', () => {
    expect(JSON.parse(nsc('list', 'users', '-J').stdout)).toMatchObject([{ name: 'alice' }]);
    expect(nsc('describe', 'user', 'alice', '-F', 'name').stdout).toBe('"alice"\n');
    expect(nsc('describe', 'user', 'bob')).toMatchObject({ exit: 3, stdout: '' });
  });

  it('minds no reader that goes away', async () => {
    const child = spawn(process.execPath, [join(DIST, '../bin/nsc.js'), 'describe', 'account', 'A'], {
      env: { PATH: process.env.PATH, ...env },
      cwd: home,
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.destroy();
    const exit = await new Promise((resolve) => child.on('close', resolve));
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  it.each([
    [['--help']],
    [['list', 'users']],
    [['describe', 'user', 'alice']],
    [['describe', 'user', 'alice', '--json']],
    [['add', 'user', 'bob', '--dry-run']],
    [['validate']],
  ])('%j loads no network, no child processes, no terminal', (args) => {
    const heavy = builtinsOf(...args).filter((name) =>
      /^(child_process|net|tls|http|https|tty|readline|worker_threads|internal\/(fs\/promises|deps\/undici.*))$/.test(
        name,
      ),
    );
    expect(heavy).toEqual([]);
  });
});

describe('the bundle', () => {
  it('holds no import()', () => {
    const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.cjs'));
    const left = files.filter((path) => /[^.\w]import\(/.test(readFileSync(join(DIST, path), 'utf8')));
    expect(left).toEqual([]);
  });

  it('loads for a query nothing that only changes need', () => {
    const queries = readdirSync(join(DIST, 'nsc')).filter((name) =>
      /^(describe|list)-|^(json|tables)\.cjs$/.test(name),
    );
    expect(queries.length).toBeGreaterThan(5);
    const wrong = queries.filter((name) => chunksOf(name).has('change.cjs'));
    expect(wrong).toEqual(['describe-jwt.cjs', 'describe-role.cjs', 'list-roles.cjs']);
  });

  it('loads for its version, and to find a command, only what that takes', () => {
    expect([...chunksOf('../nsc.cjs')]).toEqual(['../nsc.cjs', 'errors.cjs']);
    expect([...chunksOf('dispatch.cjs')].sort()).toEqual(['dispatch.cjs', 'errors.cjs', 'rolldown-runtime.cjs']);
  });

  it('loads what encrypts seeds only where a keystore is locked', () => {
    const chunks = readdirSync(join(DIST, 'nsc')).filter((name) => name.endsWith('.cjs'));
    expect(chunks).toContain('age.cjs');
    const wrong = chunks.filter((name) => chunksOf(name).has('age.cjs'));
    expect(wrong.sort()).toEqual(['age.cjs', 'keystore-seal.cjs', 'open-sealed.cjs']);
  });

  it('loads what talks to servers only for commands that do', () => {
    const commands = readdirSync(join(DIST, 'nsc')).filter((name) => /^[a-z]+(-[a-z_]+)*\.cjs$/.test(name));
    const talking = commands.filter((name) => chunksOf(name).has('servers.cjs'));
    const meant = /^(announce|check-servers|deliver|diff|managed|pull|push|servers|servers-ready|tool-.*)\.cjs$/;
    expect(talking.filter((name) => !meant.test(name))).toEqual([]);
    const connected = commands.filter((name) =>
      [...chunksOf(name)].some((other) => /^nats-(link|transport)\b/.test(other)),
    );
    expect(connected.filter((name) => !/^nats-/.test(name))).toEqual([]);
  });

  it.each([
    ['of another version', Buffer.alloc(64, 'x'), 0],
    ['that is empty', Buffer.alloc(0), 0],
    ['older than its chunk', Buffer.alloc(64, 'x'), -60],
  ])('works beside a code cache %s', (_, content, age) => {
    const copy = join(home, 'copy');
    cpSync(DIST, join(copy, 'dist'), { recursive: true });
    cpSync(join(DIST, '../bin'), join(copy, 'bin'), { recursive: true });
    const time = Date.now() / 1000 + age;
    for (const name of readdirSync(join(copy, 'dist/nsc')).filter((chunk) => chunk.endsWith('.cjs'))) {
      const cache = join(copy, 'dist/nsc', `${name}.cache`);
      writeFileSync(cache, content);
      utimesSync(cache, time, time);
    }
    const ran = spawnSync(process.execPath, [join(copy, 'bin/nsc.js'), 'describe', 'user', 'alice', '-F', 'name'], {
      env: { PATH: process.env.PATH, ...env },
      cwd: home,
      encoding: 'utf8',
    });
    expect(ran).toMatchObject({ status: 0, stdout: '"alice"\n', stderr: '' });
  });

  it('keeps launchers short', () => {
    for (const name of ['nsc', 'nk']) {
      const lines = readFileSync(join(DIST, '../bin', `${name}.js`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(lines.length).toBeLessThanOrEqual(10);
    }
  });
});

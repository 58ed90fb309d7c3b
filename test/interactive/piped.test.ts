import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runBin } from '../support/bin.js';
import { findLeaves } from '../support/leaves.js';
import { programOf } from '../support/programs.js';

/** Nothing is ever asked without a terminal: every command, with -i and a standard input that stays open. */

const root = mkdtempSync(join(tmpdir(), 'nsc-piped-'));
const home = join(root, 'home');
const cwd = join(root, 'work');

beforeAll(() => {
  for (const directory of [home, cwd]) mkdirSync(directory);
  for (const line of ['add operator O', 'add account A', 'add account B', 'add user u -a A', 'add user v -a A']) {
    const ran = runBin(line.split(' '), { env: { HOME: home }, cwd });
    if (ran.exit !== 0) throw new Error(ran.stderr);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function nsc(args: readonly string[]): Promise<Ended> {
  const failure = inject('buildFailure');
  if (failure !== '') throw new Error(`there is no bundle to test: ${failure}`);
  const [file, ...words] = programOf('nsc');
  const child = spawn(file, [...words, ...args], {
    env: { PATH: process.env.PATH, HOME: home, FORCE_COLOR: '' },
    cwd,
    timeout: 60_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
    if (stdout.startsWith('listening on')) child.kill('SIGINT');
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, stdout, stderr })));
}

describe('without a terminal', () => {
  const leaves = [...findLeaves()].map(([path]) => path).filter((path) => !path.startsWith('completion'));

  it.concurrent.each(leaves)('%s -i asks nothing and ends', async (path) => {
    const { exit, stdout, stderr } = await nsc([...path.split(' '), '-i']);
    expect(exit).not.toBeNull();
    expect(exit).not.toBe(70);
    expect(stripVTControlCharacters(stdout + stderr)).toBe(stdout + stderr);
    expect(stderr).not.toMatch(/^\? /m);
    if (stderr.includes('needs a terminal')) {
      expect(exit).toBe(2);
      expect(stderr).toMatch(/give the values as options: --\w/);
    }
  });
});

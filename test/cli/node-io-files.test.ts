import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFiles } from '../../src/cli/node-io-files.js';

const newDirectory = (): string => {
  const cwd = mkdtempSync(join(tmpdir(), 'nsc-files-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  return cwd;
};

const makePipe = (path: string): boolean => spawnSync('mkfifo', [path]).status === 0;

it('writes into a pipe or device, and never puts a file in its place', async () => {
  const cwd = newDirectory();
  if (!makePipe(join(cwd, 'pipe'))) return;
  symlinkSync('pipe', join(cwd, 'link'));
  for (const name of ['pipe', 'link']) {
    const reader = spawn('cat', [join(cwd, 'pipe')]);
    const text = new Promise((resolve) => reader.stdout.setEncoding('utf8').on('data', resolve));
    nodeFiles({ cwd, home: cwd }).write(name, 'content', 0o600);
    expect(await text).toBe('content');
  }
  expect(statSync(join(cwd, 'pipe')).isFIFO()).toBe(true);
});

it('reads a pipe to its end, in however many parts it comes', () => {
  const cwd = newDirectory();
  if (!makePipe(join(cwd, 'pipe'))) return;
  spawn('sh', ['-c', '(printf one; sleep 0.1; printf two) > pipe'], { cwd });
  expect(nodeFiles({ cwd, home: cwd }).read('pipe')).toBe('onetwo');
});

it('never leaves creds in a file that others may read', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'nsc-files-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const file = join(cwd, 'u.creds');
  writeFileSync(file, 'old');
  chmodSync(file, 0o644);
  nodeFiles({ cwd, home: cwd }).write('u.creds', 'new', 0o600);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

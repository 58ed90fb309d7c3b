import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { nodeFiles } from '../../src/cli/node-io-files.js';

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

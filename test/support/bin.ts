import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Ran } from './session.js';

const ROOT = join(import.meta.dirname, '../..');

/** Runs `bin/nsc.js` (or `nk`) of the bundle in a process of its own. */
export function runBin(
  args: readonly string[],
  {
    env = {},
    cwd,
    input = '',
    program = 'nsc',
  }: { env?: Record<string, string>; cwd?: string; input?: string; program?: 'nsc' | 'nk' } = {},
): Ran {
  const failure = inject('buildFailure');
  if (failure !== '') throw new Error(`there is no bundle to test: ${failure}`);
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(ROOT, 'bin', `${program}.js`), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd: cwd ?? ROOT,
    input,
    encoding: 'utf8',
  });
  if (error) throw error;
  return { exit: status ?? -1, stdout, stderr };
}

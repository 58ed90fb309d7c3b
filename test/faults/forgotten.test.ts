import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { bundleScript } from './bundle.js';

it('a command that ends before it is done has not succeeded', async () => {
  const { script, remove } = await bundleScript('forgotten.ts');
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  remove();
  expect([status, stderr]).toEqual([
    70,
    'nsc: error: unexpected mistake in the program: it ended before it was done\n',
  ]);
});

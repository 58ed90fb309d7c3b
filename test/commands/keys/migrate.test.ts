import { expect, it } from 'vitest';
import type { TaskContext } from '../../../src/app/command.js';
import type { Migration } from '../../../src/app/ports.js';
import { command } from '../../../src/commands/keys/migrate.js';

const run = (migration: Migration, dryRun = false) =>
  command.run({ dryRun, ports: { oldKeystore: { migrate: async () => migration } } } as unknown as TaskContext, {});

it('says where everything went, and what was set aside and why', async () => {
  const result = await run({
    moved: [{ from: '/k/O/O.nk', to: '/k/keys/O/AB/OAB.nk' }],
    setAside: [{ from: '/k/O/x.nk', to: '/k_old/O/x.nk', reason: 'it holds no seed' }],
  });
  expect(result).toEqual({
    kind: 'changed',
    steps: [
      { level: 'ok', message: '`/k/O/O.nk` moved to `/k/keys/O/AB/OAB.nk`' },
      { level: 'warn', message: '`/k/O/x.nk` set aside as `/k_old/O/x.nk`: it holds no seed' },
    ],
  });
});

it('says so where nothing is to be done', async () => {
  expect(await run({ moved: [], setAside: [] })).toMatchObject({
    steps: [{ level: 'ok', message: 'the keystore has the current layout' }],
  });
});

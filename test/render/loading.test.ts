import { expect, test, vi } from 'vitest';
import { changed, ok, type Result } from '../../src/app/result.js';
import { renderJson } from '../../src/render/json.js';
import { colored, piped, textOf } from './styles.js';

const loaded = vi.hoisted(() => [] as string[]);
vi.mock('cli-table3', async (original) => {
  loaded.push('cli-table3');
  return await original();
});
vi.mock('chalk', async (original) => {
  loaded.push('chalk');
  return await original();
});

const user: Result = {
  kind: 'described',
  type: 'user',
  token: 'e30.e30.x',
  claims: { sub: 'U', nats: {} },
  view: 'table',
  names: new Map(),
};
const list: Result = { kind: 'listed', title: '', columns: [], rows: [], whenEmpty: '' };
const check: Result = { kind: 'checked', ok: true, sections: [] };

test('libraries are loaded only by what needs them', async () => {
  for (const result of [changed(ok('x')), list, check, { ...user, view: 'json' } as Result])
    await textOf(result, piped);
  for (const result of [changed(), list, check, user]) renderJson(result);
  expect(loaded).toEqual([]);
  await textOf(user, piped);
  expect(loaded).toEqual(['cli-table3']);
  await textOf(list, colored);
  expect(loaded).toEqual(['cli-table3', 'chalk']);
});

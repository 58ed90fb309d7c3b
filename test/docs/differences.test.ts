import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** docs/differences-from-nsc.md promises a test for each difference. */
const root = join(import.meta.dirname, '..', '..');
const doc = readFileSync(join(root, 'docs/differences-from-nsc.md'), 'utf8');
const rows = [...doc.matchAll(/^\| ([ES]-\d+) \|.*\| `([^`]+)` \|$/gm)].map(([, id = '', file = '']) => ({ id, file }));

it('every test that is named exists', () => {
  const named = [...doc.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('every difference is listed once', () => {
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.map(({ id }) => id)).toEqual([...new Set(rows.map(({ id }) => id))]);
});

it.each(rows)('$id is proved by $file', ({ id, file }) => {
  expect(existsSync(join(root, file))).toBe(true);
  if (!file.includes('/corpus/')) expect(readFileSync(join(root, file), 'utf8')).toMatch(new RegExp(`\\b${id}\\b`));
});

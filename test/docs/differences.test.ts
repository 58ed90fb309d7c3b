import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** docs/differences-from-nsc.md promises a test for each difference. */
const root = join(import.meta.dirname, '..', '..');
const doc = readFileSync(join(root, 'docs/differences-from-nsc.md'), 'utf8');
const rows = [...doc.matchAll(/^\| ([ES]-[^|]+) \|.*\| (`[^|]+`) \|$/gm)].flatMap(([, ids = '', named = '']) => {
  const files = [...named.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  return ids.split(', ').map((id) => ({ id, files }));
});

it('every test that is named exists', () => {
  const named = [...doc.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('every number has one row, or is said to be left out', () => {
  const [, leftOut = ''] = /^Left for distribution: (.+)/ms.exec(doc) ?? [];
  const others = [...leftOut.matchAll(/([ES])-(\d+)(?: to [ES]-(\d+))?/g)].flatMap(([, letter = '', from, to = from]) =>
    numbered(letter, Number(from), Number(to)),
  );
  const answered = [...rows.map(({ id }) => normal(id)), ...others, 'S-27'].sort();
  expect(answered).toEqual([...numbered('E', 1, 73), ...numbered('S', 1, 62)].sort());
});

it('the rows of a section are in order', () => {
  for (const section of doc.split(/^## /m)) {
    const first = [...section.matchAll(/^\| ([ES])-(\d+)/gm)].map(
      ([, letter, digits = '']) => `${letter}${digits.padStart(2, '0')}`,
    );
    expect(first).toEqual([...first].sort());
  }
});

it.each(rows)('$id is proved by $files', ({ id, files }) => {
  const mention = new RegExp(`\\b${id}\\b`);
  expect(files.filter((file) => !mention.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

const normal = (id: string): string => id.replace(/\d+/, (digits) => String(Number(digits)));

const numbered = (letter: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${letter}-${from + at}`);

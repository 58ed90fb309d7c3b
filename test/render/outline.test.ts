import { expect, test } from 'vitest';
import type { Outlined } from '../../src/app/result.js';
import { renderJson } from '../../src/render/json.js';
import { colored, showColor, textOf } from './styles.js';

const outlined: Outlined = {
  kind: 'outlined',
  sections: [
    { title: 'First', lines: ['one', 'two\nlines', 'an \u001b[31mevil one'] },
    { title: 'Second', lines: [] },
  ],
  whenEmpty: 'nothing at all',
  data: { slots: [1] },
};

test('sections are titles with lines below, a blank line between them', async () => {
  expect(await textOf(outlined)).toMatchInlineSnapshot(`
    "First
      one
      two
      lines
      an \\u{1b}[31mevil one

    Second
    "
  `);
});

test('titles stand out', async () => {
  expect(showColor(await textOf(outlined, colored))).toContain('<1>First<22>');
});

test('without a section there is something to read', async () => {
  expect(await textOf({ ...outlined, sections: [] })).toBe('nothing at all\n');
});

test('programs get the data', () => {
  expect(JSON.parse([...renderJson(outlined)].join(''))).toEqual({ slots: [1] });
});

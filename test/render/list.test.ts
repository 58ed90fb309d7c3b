import { describe, expect, test } from 'vitest';
import type { Listed } from '../../src/app/result.js';
import { colored, piped, showColor, terminal, textOf } from './styles.js';

const key = (letter: string): string => `A${letter.repeat(55)}`;

const accounts: Listed = {
  kind: 'listed',
  title: 'Accounts',
  columns: [
    { key: 'name', title: 'Name' },
    { key: 'public_key', title: 'Public Key' },
    { key: 'users', title: 'Users', align: 'right' },
  ],
  rows: [
    { name: 'A', public_key: key('B'), users: 3 },
    { name: 'Team Blue', public_key: key('C'), users: 1200, hidden: 'no column' },
  ],
  whenEmpty: 'no accounts',
  isCurrent: (row) => row.name === 'Team Blue',
};

describe('a list', () => {
  test('is aligned, with whole values and the current row marked, in a pipe', async () => {
    expect(await textOf(accounts)).toMatchInlineSnapshot(`
      "  Name       Public Key                                                Users
        A          ABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB      3
      * Team Blue  ACCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC   1200
      "
    `);
  });

  test('is shortened to the width of a terminal', async () => {
    const text = await textOf(accounts, terminal(40));
    expect(text).toMatchInlineSnapshot(`
      "Accounts
        Name       Public Key            Users
        A          ABBBBBBBBB…BBBBBBBBB      3
      * Team Blue  ACCCCCCCCC…CCCCCCCCC   1200
      "
    `);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  test('keeps values whole on a terminal that is wide enough', async () => {
    expect(await textOf(accounts, terminal(120))).toContain(key('C'));
  });

  test('uses dots where the terminal knows only ASCII', async () => {
    expect(await textOf(accounts, { ...terminal(40), unicode: false })).toContain('...');
  });

  test('shows colour only when asked to', async () => {
    expect(showColor(await textOf(accounts, { ...colored, width: 90 }))).toMatchInlineSnapshot(`
      "<1>Accounts<22>
      <1>  Name       Public Key                                                Users<22>
        A          ABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB      3
      <1>* Team Blue  ACCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC   1200<22>
      "
    `);
    expect(await textOf(accounts, piped)).not.toContain('\u001b');
  });

  test('has a sentence in place of no rows', async () => {
    expect(await textOf({ ...accounts, rows: [] })).toBe('no accounts\n');
  });

  test('escapes what a terminal would obey', async () => {
    const rows = [{ name: 'a\u001b[2J\u202eb\nc', public_key: '', users: 0 }];
    const { isCurrent: _mark, ...unmarked } = accounts;
    expect(await textOf({ ...unmarked, rows })).toMatchInlineSnapshot(`
      "Name                       Public Key  Users
      a\\u{1b}[2J\\u{202e}b\\u{a}c                  0
      "
    `);
  });

  test('shows booleans, lists, big integers and what is absent', async () => {
    const { isCurrent: _mark, ...unmarked } = accounts;
    const rows = [
      { name: true, public_key: ['a', 'b'], users: 2n ** 62n },
      { name: false, public_key: null },
    ];
    expect(await textOf({ ...unmarked, rows })).toMatchInlineSnapshot(`
      "Name  Public Key                Users
      Yes   a, b        4611686018427387904
      No
      "
    `);
  });

  test('shows what a column makes of a row', async () => {
    const columns = [
      { key: 'name', title: 'Name', show: ({ name }: Readonly<Record<string, unknown>>) => `<${name}>` },
    ];
    expect(await textOf({ ...accounts, columns, rows: [{ name: 'a' }] })).toBe('  Name\n  <a>\n');
  });

  test('aligns by columns on the screen', async () => {
    const rows = [
      { name: '日本', public_key: 'x', users: 1 },
      { name: 'abc', public_key: 'y', users: 2 },
    ];
    const { isCurrent: _mark, ...unmarked } = accounts;
    expect(await textOf({ ...unmarked, rows })).toMatchInlineSnapshot(`
      "Name  Public Key  Users
      日本  x               1
      abc   y               2
      "
    `);
  });
});

describe('a long list', () => {
  test('is made as it is read', async () => {
    let made = 0;
    function* rows(): Generator<Record<string, unknown>> {
      for (let at = 0; at < 100_000; at += 1) {
        made += 1;
        yield { name: `user-${at}`, public_key: key('X'), users: at };
      }
    }
    const { render } = await import('../../src/render/render.js');
    const chunks = await render({ ...accounts, rows: rows() }, piped);
    expect(made).toBe(0);
    let lines = 0;
    let longest = 0;
    for (const chunk of chunks) {
      lines += chunk.split('\n').length - 1;
      longest = Math.max(longest, chunk.length);
    }
    expect({ made, lines }).toEqual({ made: 100_000, lines: 100_001 });
    expect(longest).toBeLessThan(64 * 1024);
  });

  test('widens a column when a longer value comes late', async () => {
    const rows = Array.from({ length: 2100 }, (_, at) => ({
      name: at === 2050 ? 'much-longer-than-all' : 'u',
      public_key: 'K',
      users: at,
    }));
    const { isCurrent: _mark, ...unmarked } = accounts;
    const lines = (await textOf({ ...unmarked, rows })).split('\n');
    expect(lines[2050]).toBe('u     K            2049');
    expect(lines[2051]).toBe('much-longer-than-all  K            2050');
    expect(lines[2052]).toBe('u                     K            2051');
  });
});

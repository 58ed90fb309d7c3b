import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForTerminal, quote, quotePath, quoteSome, quoteWord } from '../../src/lib/display.js';
import { RUNS } from './property.js';

describe('escapeForTerminal', () => {
  it.each([
    ['plain Grüße 中文 😀', 'plain Grüße 中文 😀'],
    ['\x1b[31mred', '\\u{1b}[31mred'],
    ['a\nb\r\t\0', 'a\\u{a}b\\u{d}\\u{9}\\u{0}'],
    ['\x7f\x9b2J', '\\u{7f}\\u{9b}2J'],
    ['user\u202egpj.exe', 'user\\u{202e}gpj.exe'],
    ['a\u200bb\u2060c\ufeff', 'a\\u{200b}b\\u{2060}c\\u{feff}'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['a\u{e0041}', 'a\\u{e0041}'],
    ['a\ud800', 'a\\u{d800}'],
    ['a\u3164', 'a\\u{3164}'],
  ])('%j', (text, shown) => {
    expect(escapeForTerminal(text)).toBe(shown);
  });

  it('leaves nothing a terminal obeys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const shown of [escapeForTerminal(text), quote(text), quotePath(text, '/home/u')]) {
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('quoteWord', () => {
  it.each([
    ['orders.>', '"orders.>"'],
    ['$JS.API.>', "'$JS.API.>'"],
    ["it's `$x`", "'it'\\''s `$x`'"],
    ['$\n', "'$\\u{a}'"],
  ])('%j', (text, word) => {
    expect(quoteWord(text)).toBe(word);
  });
});

describe('quote', () => {
  it.each([
    ['A', '"A"'],
    ['a "b" \\c', '"a \\"b\\" \\\\c"'],
    ['a\nb\tc\r', '"a\\nb\\tc\\r"'],
    ['\x1b', '"\\u{1b}"'],
  ])('%j', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});

describe('quotePath abbreviates the home directory and nothing else (E-69)', () => {
  it.each([
    ['/home/bob/x', '/home/bob', '`~/x`'],
    ['/home/bob', '/home/bob/', '`~`'],
    ['/home/bob2/x', '/home/bob', '`/home/bob2/x`'],
    ['/srv/x', '/home/bob', '`/srv/x`'],
    ['/srv/x', '', '`/srv/x`'],
    ['/x', '/', '`/x`'],
    ['C:\\Users\\bob\\x', 'C:\\Users\\bob', '`~\\x`'],
    ['/a`b', '/home', '"/a`b"'],
    ['/a\nb', '/home', '"/a\\nb"'],
  ])('%s at home %s', (path, home, quoted) => {
    expect(quotePath(path, home)).toBe(quoted);
  });
});

it.each([
  [[], 2, ''],
  [['a'], 2, '"a"'],
  [['a', 'b'], 2, '"a", "b"'],
  [['a', 'b', 'c\n', 'd'], 2, '"a", "b" and 2 more'],
  [
    Array.from({ length: 11 }, () => 'x'),
    undefined,
    `${Array.from({ length: 10 }, () => '"x"').join(', ')} and 1 more`,
  ],
])('of %j, %j names are quoted', (names, most, shown) => {
  expect(quoteSome(names, most)).toBe(shown);
});

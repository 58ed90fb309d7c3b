import { describe, expect, test } from 'vitest';
import { displayWidth, pad, shorten, wrap } from '../../src/render/width.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['한', 2],
  ['🚀', 2],
  ['ｗ', 2],
  ['Ünïcode', 7],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('padding counts columns', () => {
  expect(pad('日', 4)).toBe('日  ');
  expect(pad('7', 3, 'right')).toBe('  7');
  expect(pad('long', 2)).toBe('long');
});

describe('shorten', () => {
  test.each([
    ['abc', 3, 'abc'],
    ['abcdefgh', 5, 'ab…gh'],
    ['abcdefgh', 4, 'ab…h'],
    ['abcdefgh', 1, '…'],
    ['abcdefgh', 0, ''],
    ['日本語日本語', 7, '日…本語'],
  ])('%j to %i', (text, width, short) => {
    expect(shorten(text, width)).toBe(short);
    expect(displayWidth(shorten(text, width))).toBeLessThanOrEqual(width);
  });

  test('without the ellipsis character', () => {
    expect(shorten('abcdefgh', 7, '...')).toBe('ab...gh');
    expect(shorten('abcdefgh', 2, '...')).toBe('..');
  });
});

describe('wrap', () => {
  test('breaks at blanks and cuts what is too long', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
    expect(wrap('', 4)).toEqual(['']);
    expect(wrap('日本語', 4)).toEqual(['日本', '語']);
  });
});

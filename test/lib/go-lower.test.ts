import { describe, expect, it } from 'vitest';
import { goLower, goTrim } from '../../src/lib/go-lower.js';

describe('goLower', () => {
  it.each([
    ['ABC-xyz 1', 'abc-xyz 1'],
    ['ÄÖÜ', 'äöü'],
    ['\u0130', 'i'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['\u{10400}', '\u{10428}'],
    ['ẞ', 'ß'],
    ['ǅ', 'ǆ'],
  ])('%s', (text, lower) => {
    expect(goLower(text)).toBe(lower);
  });
});

describe('goTrim', () => {
  it.each([
    [' \t\n\v\f\r a b \u0085\u00a0\u2003\u3000', 'a b'],
    ['\ufeffa\ufeff', '\ufeffa\ufeff'],
    ['\u200ba', '\u200ba'],
    ['   ', ''],
    ['', ''],
  ])('%j', (text, trimmed) => {
    expect(goTrim(text)).toBe(trimmed);
  });
});

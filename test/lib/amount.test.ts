import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, parseAmount } from '../../src/lib/amount.js';
import { RUNS } from './property.js';

describe('parseAmount', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['-0', 0],
    ['-1', -1],
    ['-5', -5],
    ['1000', 1000],
    ['1,000', 1000],
    ['1,234,567', 1234567],
    ['10b', 10],
    ['1.5', 1],
    ['1.5k', 1500],
    ['-1.5k', -1500],
    ['.5k', 500],
    ['5.k', 5000],
    ['12 kb', 12000],
    ['1k ', 1000],
    ['1kB', 1000],
    ['1ki', 1024],
    ['3MiB', 3 * 1024 ** 2],
    ['2MB', 2e6],
    ['1g', 1e9],
    ['1GIB', 1024 ** 3],
    ['1t', 1e12],
    ['1tib', 1024 ** 4],
    ['1p', 1e15],
    ['1pi', 1024 ** 5],
    ['1eb', 10n ** 18n],
    ['1ei', 2n ** 60n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775807', -9223372036854775807n],
    ['9.223372036854775807e', 9223372036854775807n],
    ['0.1ki', 102],
  ])('reads %j', (text, value) => {
    expect(parseAmount(text)).toBe(value);
  });

  it.each([
    'many',
    '12zz',
    '-',
    '.',
    '--1',
    '+1',
    ' 1',
    '1.2.3',
    '1e3',
    '0x10',
    '1ib',
    '1i',
    'k',
    '1_000',
    'NaN',
    'Infinity',
  ])('refuses %j', (text) => {
    expect(() => parseAmount(text)).toThrow(
      expect.objectContaining({ code: 'bad-value', message: `"${text}" is not a number or size` }),
    );
  });

  it.each(['1,5G', '1,0000', ',5', '1,', '1,,000', '1000,000'])('refuses the stray comma of %j', (text) => {
    expect(() => parseAmount(text)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it.each(['9223372036854775808', '8ei', '18446744073709551616', '-9223372036854775808', '9999999999999999999999'])(
    'refuses %s, which does not fit into 64 bits',
    (text) => {
      expect(() => parseAmount(text)).toThrow(
        expect.objectContaining({
          code: 'bad-value',
          message: `"${text}" is too large: the most is 9223372036854775807`,
        }),
      );
    },
  );

  it('reads every integer exactly, with and without commas', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (n) => {
        expect(BigInt(parseAmount(String(n)))).toBe(n);
        expect(BigInt(parseAmount(formatCount(n)))).toBe(n);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [9, '9 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1023, '1.0 kB'],
    [9949, '9.9 kB'],
    [9999, '10 kB'],
    [82854982, '83 MB'],
    [1024 ** 2, '1.0 MB'],
    [1024 ** 3, '1.1 GB'],
    [64e9, '64 GB'],
    [1e12, '1.0 TB'],
    [1e15, '1.0 PB'],
    [9223372036854775807n, '9.2 EB'],
    [-2000, '-2.0 kB'],
  ])('writes %d', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [-1234567, '-1,234,567'],
    [9223372036854775807n, '9,223,372,036,854,775,807'],
  ])('writes %d', (n, text) => {
    expect(formatCount(n)).toBe(text);
  });
});

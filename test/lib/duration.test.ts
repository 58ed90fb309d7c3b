import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGoDuration, parseGoDuration } from '../../src/lib/duration.js';
import { RUNS } from './property.js';

describe('parseGoDuration', () => {
  it.each([
    ['0', 0],
    ['+0', 0],
    ['-0', 0],
    ['0s', 0],
    ['5s', 5e9],
    ['30s', 30e9],
    ['1478s', 1478e9],
    ['-5s', -5e9],
    ['+5s', 5e9],
    ['5.0s', 5e9],
    ['5.6s', 5.6e9],
    ['5.s', 5e9],
    ['.5s', 0.5e9],
    ['1.0040s', 1.004e9],
    ['100.00100s', 100.001e9],
    ['10ns', 10],
    ['11us', 11e3],
    ['12µs', 12e3],
    ['12μs', 12e3],
    ['13ms', 13e6],
    ['15m', 15 * 60e9],
    ['16h', 16 * 3600e9],
    ['3h30m', 3.5 * 3600e9],
    ['10.5s4m', 4 * 60e9 + 10.5e9],
    ['-2m3.4s', -(2 * 60e9 + 3.4e9)],
    ['1h2m3s4ms5us6ns', 3723004005006],
    ['0.3333333333333333333h', 20 * 60e9],
    ['9007199254740993ns', 9007199254740993n],
    ['9223372036854775807ns', 9223372036854775807n],
    ['-9223372036854775807ns', -9223372036854775807n],
    ['9223372036854775.807us', 9223372036854775807n],
    ['0.100000000000000000000h', 360e9],
    ['0.830103483285477580700h', 2988372539827],
  ])('reads %s', (text, ns) => {
    expect(parseGoDuration(text)).toBe(ns);
  });

  it.each([
    '',
    '3',
    '-',
    's',
    '.',
    '-.',
    '.s',
    '+.s',
    '1d',
    '1 h',
    ' 1h',
    '1h ',
    '1H',
    '--1s',
    '1e3s',
    '9223372036854775808ns',
    '9223372036854775.808us',
    '3000000h',
    'forever',
  ])('refuses %j', (text) => {
    expect(() => parseGoDuration(text)).toThrow(
      expect.objectContaining({ code: 'bad-value', message: `"${text}" is not a duration` }),
    );
  });
});

describe('formatGoDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1ns'],
    [1100, '1.1µs'],
    [2200000, '2.2ms'],
    [3300000000, '3.3s'],
    [4 * 60e9 + 5e9, '4m5s'],
    [4 * 60e9 + 5001e6, '4m5.001s'],
    [5 * 3600e9 + 6 * 60e9 + 7001e6, '5h6m7.001s'],
    [8 * 60e9 + 1, '8m0.000000001s'],
    [3600e9, '1h0m0s'],
    [-1500e6, '-1.5s'],
    [9223372036854775807n, '2562047h47m16.854775807s'],
    [-9223372036854775808n, '-2562047h47m16.854775808s'],
  ])('writes %d', (ns, text) => {
    expect(formatGoDuration(ns)).toBe(text);
  });

  it('is read back as the same number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), (ns) => {
        expect(BigInt(parseGoDuration(formatGoDuration(ns)))).toBe(ns);
      }),
      { numRuns: RUNS },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase32, encodeBase32 } from '../../src/lib/base32.js';
import { RUNS } from './property.js';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text));

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes and reads %j as %j (RFC 4648 §10)', (plain, text) => {
    expect(encodeBase32(bytes(plain))).toBe(text);
    expect(decodeBase32(text)).toEqual(bytes(plain));
  });

  it.each([
    ['lower case', 'mzxw6'],
    ['padding', 'MY======'],
    ['a digit that is no letter of the alphabet', 'MZXW1'],
    ['a blank', 'MZ XW6'],
    ['a line end', 'MZXW6\n'],
    ['a character beyond ASCII', 'MZXW\u{4e00}'],
    ['unused bits that are set', 'MZ'],
    ['a surplus character that is zero', 'MZXW6YTBA'],
    ['a length no bytes have', 'MZX'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase32(text)).toBeUndefined();
  });

  it('gives every byte sequence one text, and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
        const text = encodeBase32(data);
        expect(text).toMatch(/^[A-Z2-7]*$/);
        expect(decodeBase32(text)).toEqual(data);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads a text only if writing gives the same text', () => {
    const characters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 40 }), (text) => {
        const data = decodeBase32(text);
        expect(data === undefined || encodeBase32(data) === text).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

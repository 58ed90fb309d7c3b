import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../src/lib/go-utf8.js';
import { RUNS } from './property.js';

const decodeHex = (hex: string): string => decodeUtf8(Buffer.from(hex, 'hex'));

describe('decodeUtf8', () => {
  it.each([
    ['', ''],
    ['61c3a9e282acf09f9880', 'aé€😀'],
    ['efbbbf61', '\ufeffa'],
    ['fffe', '\ufffd\ufffd'],
    ['e28278', '\ufffd\ufffdx'],
    ['f09f98', '\ufffd\ufffd\ufffd'],
    ['c0af', '\ufffd\ufffd'],
    ['eda080', '\ufffd\ufffd\ufffd'],
    ['f4908080', '\ufffd\ufffd\ufffd\ufffd'],
    ['efbfbd', '\ufffd'],
    ['80efbfbde2', '\ufffd\ufffd\ufffd'],
    ['e9e3a961', '\ufffd\ufffd\ufffda'],
  ])('%s', (hex, text) => {
    expect(decodeHex(hex)).toBe(text);
  });

  it('gives back every well-formed text, also beside bytes that are not', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text);
        expect(decodeUtf8(bytes)).toBe(text);
        expect(decodeUtf8(Buffer.concat([Buffer.of(0xff), bytes, Buffer.of(0xc3)]))).toBe(`\ufffd${text}\ufffd`);
      }),
      { numRuns: RUNS },
    );
  });
});

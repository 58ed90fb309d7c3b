import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/lib/base64url.js';
import { RUNS } from './property.js';

describe('base64url', () => {
  it('writes the URL alphabet without padding', () => {
    expect(encodeBase64Url(Uint8Array.of(0xfb, 0xff, 0xfe))).toBe('-__-');
    expect(encodeBase64Url('{"typ":"JWT","alg":"ed25519-nkey"}')).toBe(
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ',
    );
    expect(encodeBase64Url('é')).toBe('w6k');
  });

  it('writes a view of a larger buffer', () => {
    expect(encodeBase64Url(Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 4))).toBe('AgME');
  });

  it.each([
    ['padding', 'w6k='],
    ['the standard alphabet', '+//+'],
    ['a blank', 'w6k '],
    ['a line end', 'w6k\n'],
    ['a character beyond ASCII', 'w6\u{131}'],
    ['a length no bytes have', 'w6kAA'],
  ])('refuses %s', (_, text) => {
    expect(decodeBase64Url(text)).toBeUndefined();
  });

  it('ignores the bits of the last character that carry nothing, as Go does', () => {
    expect(decodeBase64Url('w6k')).toEqual(Buffer.from('é'));
    expect(decodeBase64Url('w6l')).toEqual(Buffer.from('é'));
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(Uint8Array.from(decodeBase64Url(encodeBase64Url(data)) ?? [])).toEqual(data);
      }),
      { numRuns: RUNS },
    );
  });
});

import { expect, it } from 'vitest';
import { revokeAtOption } from '../../../src/app/options/revoke-at.js';

it.each([
  ['0', 0],
  ['-0', 0],
  ['1000000000', 1_000_000_000],
  ['+5', 5],
  ['-5', -5],
  ['253402300800', 253_402_300_800],
  ['1970-01-01T00:00:00Z', 0],
  ['2001-02-03T04:05:06Z', 981_173_106],
  ['2010-01-01T00:00:00+02:00', 1_262_296_800],
  ['2001-02-03T04:05:06.789Z', 981_173_106],
])('%s is a time', (text, expected) => {
  expect(revokeAtOption.read([text])).toBe(expected);
});

it.each(['', 'yesterday', '1h', '1.5', '2001-02-03', '2001-02-30T00:00:00Z', '2001-02-03T04:05:06', '1'.repeat(16)])(
  '%s is none',
  (text) => {
    expect(() => revokeAtOption.read([text])).toThrow(
      expect.objectContaining({
        code: 'bad-value',
        message: `"${text}" is neither an RFC 3339 time nor a number of Unix seconds`,
        hint: 'write it as 2030-01-31T12:00:00Z or 1896091200; 0 for now',
      }),
    );
  },
);

it('the last one counts', () => {
  expect(revokeAtOption.read(['1', '2'])).toBe(2);
});

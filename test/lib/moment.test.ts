import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMoment, formatDate, formatRelative, formatRfc3339, parseMoment } from '../../src/lib/moment.js';
import { RUNS } from './property.js';

const at = (iso: string) => Date.parse(iso) / 1000;
const NOW = at('2024-01-31T12:30:45Z');

describe('parseMoment', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['2024-02-29', at('2024-02-29T00:00:00Z')],
    ['2002-03-04 05:06:07 UTC', at('2002-03-04T05:06:07Z')],
    ['2030-01-02T03:04:05Z', at('2030-01-02T03:04:05Z')],
    ['2030-01-02T03:04:05.999Z', at('2030-01-02T03:04:05Z')],
    ['2030-01-02T03:04:05+02:30', at('2030-01-02T00:34:05Z')],
    ['2030-01-02T03:04:05-02:30', at('2030-01-02T05:34:05Z')],
    ['9999-12-31', at('9999-12-31T00:00:00Z')],
    ['5m', NOW + 300],
    ['90m', NOW + 5400],
    ['48h', NOW + 172800],
    ['30d', NOW + 30 * 86400],
    ['007d', NOW + 7 * 86400],
    ['2w', NOW + 14 * 86400],
    ['-1d', NOW - 86400],
    ['1M', at('2024-03-02T12:30:45Z')],
    ['-2M', at('2023-12-01T12:30:45Z')],
    ['13M', at('2025-03-03T12:30:45Z')],
    ['1y', at('2025-01-31T12:30:45Z')],
    ['-1y', at('2023-01-31T12:30:45Z')],
  ])('reads %j', (text, seconds) => {
    expect(parseMoment(text, NOW)).toBe(seconds);
  });

  it('steps over the end of a leap day as the calendar does', () => {
    expect(parseMoment('1y', at('2024-02-29T00:00:00Z'))).toBe(at('2025-03-01T00:00:00Z'));
  });

  it.each([
    '1h30m',
    'abc5dxyz',
    '10:00m',
    '1y2M',
    '5d ',
    ' 5d',
    '1.5d',
    '12',
    '-5',
    '+5d',
    '1x',
    '5D',
    '5s',
    'soon',
    'tomorrow',
    '2024-13-45',
    '2020-02-31',
    '2023-02-29',
    '2024-00-10',
    '24-01-01',
    'x2024-01-01',
    '2024-01-01 10:00:00',
    '2024-01-01 10:00:00 CET',
    '2024-01-01 24:00:00 UTC',
    '2024-01-01T10:00:00',
    '2024-01-01T10:60:00Z',
    '2024-01-01t10:00:00z',
    '2024-01-01\n',
  ])('refuses %j (E-48)', (text) => {
    expect(() => parseMoment(text, NOW)).toThrow(
      expect.objectContaining({
        code: 'bad-value',
        message: `"${text}" is not a date or a time span`,
        hint: expect.stringContaining('YYYY-MM-DD'),
      }),
    );
  });

  it.each(['0d', '00m', '-0h', '000y'])('refuses %s, which nsc takes as "never"', (text) => {
    expect(() => parseMoment(text, NOW)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it.each(['1970-01-01', '1969-12-31', '-100y', '8000y', '999999999y', '999999999w'])(
    'refuses %s, outside of what a token can say',
    (text) => {
      expect(() => parseMoment(text, NOW)).toThrow(
        expect.objectContaining({ code: 'bad-value', message: `"${text}" is not between 1970-01-01 and 9999-12-31` }),
      );
    },
  );

  it('can be checked before it is decided when "now" is', () => {
    for (const text of ['', '0', '-30d', '1y', '-99999y', '2024-02-29', '2030-01-02T03:04:05Z']) {
      expect(checkMoment(text)).toBe(text);
    }
    expect(() => checkMoment('0d')).toThrow(expect.objectContaining({ code: 'bad-value' }));
    expect(() => checkMoment('1h30m')).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });

  it('reads back every date it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 253402300799 }), (seconds) => {
        expect(parseMoment(formatDate(seconds), NOW)).toBe(seconds);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('formatDate', () => {
  it.each([
    [0, '1970-01-01 00:00:00 UTC'],
    [NOW, '2024-01-31 12:30:45 UTC'],
    [-1, '1969-12-31 23:59:59 UTC'],
    [253402300800, '253402300800 (Unix seconds)'],
    [9223372036854775807n, '9223372036854775807 (Unix seconds)'],
  ])('writes %d', (seconds, text) => {
    expect(formatDate(seconds)).toBe(text);
  });
});

describe('formatRfc3339', () => {
  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [NOW, '2024-01-31T12:30:45Z'],
    [253402300799, '9999-12-31T23:59:59Z'],
    [9223372036854775807n, '9223372036854775807 (Unix seconds)'],
  ])('writes %d', (seconds, text) => {
    expect(formatRfc3339(seconds)).toBe(text);
  });
});

describe('formatRelative', () => {
  const day = 86400;
  it.each([
    [0, 'now'],
    [1, 'in 1 second'],
    [2, 'in 2 seconds'],
    [59, 'in 59 seconds'],
    [60, 'in 1 minute'],
    [120, 'in 2 minutes'],
    [3599, 'in 59 minutes'],
    [3600, 'in 1 hour'],
    [7200, 'in 2 hours'],
    [day - 1, 'in 23 hours'],
    [day, 'in 1 day'],
    [6 * day, 'in 6 days'],
    [7 * day, 'in 1 week'],
    [14 * day, 'in 2 weeks'],
    [30 * day, 'in 1 month'],
    [60 * day, 'in 2 months'],
    [359 * day, 'in 11 months'],
    [360 * day, 'in 1 year'],
    [539 * day, 'in 1 year'],
    [540 * day, 'in 2 years'],
    [720 * day, 'in 2 years'],
    [36 * 360 * day, 'in 36 years'],
    [37 * 360 * day, 'in a long while'],
    [9223372036854775807n, 'in a long while'],
    [-1, '1 second ago'],
    [-45 * day, '1 month ago'],
  ])('writes %d seconds', (seconds, text) => {
    expect(formatRelative(0, seconds)).toBe(text);
  });
});

import { describe, expect, it } from 'vitest';
import { addSpan, parseSpan, subtractSpan } from '../../src/lib/span.js';
import { caught } from '../support/caught.js';

const at = (text: string): number => Date.parse(text) / 1000;

describe('a span', () => {
  it.each([
    ['90m', '2024-01-31T01:30:00Z', '2024-01-30T22:30:00Z'],
    ['12h', '2024-01-31T12:00:00Z', '2024-01-30T12:00:00Z'],
    ['2d', '2024-02-02T00:00:00Z', '2024-01-29T00:00:00Z'],
    ['1w', '2024-02-07T00:00:00Z', '2024-01-24T00:00:00Z'],
    ['1M', '2024-03-02T00:00:00Z', '2023-12-31T00:00:00Z'],
    ['1y', '2025-01-31T00:00:00Z', '2023-01-31T00:00:00Z'],
    ['0', '2024-01-31T00:00:00Z', '2024-01-31T00:00:00Z'],
  ])('%s counts forth and back, months and years by the calendar', (text, after, before) => {
    const from = at('2024-01-31T00:00:00Z');
    const span = parseSpan(text);
    expect([addSpan(from, span), subtractSpan(from, span)]).toEqual([at(after), at(before)]);
  });

  it('is a number of seconds also where calendars end', () => {
    expect(addSpan(Number.MAX_SAFE_INTEGER - 1e9, parseSpan('1M'))).toBeGreaterThan(Number.MAX_SAFE_INTEGER - 1e9);
  });

  it.each(['', '90', 'd', '-2d', '1h30m', '2 d', '1.5d', '999999d', '00'])('%j is none', (text) => {
    expect(caught(() => parseSpan(text))).toMatchObject({
      code: 'bad-value',
      message: `"${text}" is not a time span`,
    });
  });
});

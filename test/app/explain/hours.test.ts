import { describe, expect, it } from 'vitest';
import { isWithinHours } from '../../../src/app/explain/hours.js';

const at = (time: string): number => Date.parse(time) / 1000;
const range = (text: string) => {
  const [start = '', end = ''] = text.split('-');
  return { start, end };
};

/** As `validateTimes` of nats-server decides. */
describe('hours', () => {
  it.each([
    ['08:00:00-12:00:00', 'UTC', '2024-03-01T08:00:00Z', true],
    ['08:00:00-12:00:00', 'UTC', '2024-03-01T07:59:59Z', false],
    ['08:00:00-12:00:00', 'UTC', '2024-03-01T11:59:59Z', true],
    ['08:00:00-12:00:00', 'UTC', '2024-03-01T12:00:00Z', false],
    ['8:00:00.5-12:00:00', 'UTC', '2024-03-01T08:00:01Z', true],
    ['22:00:00-06:00:00', 'UTC', '2024-03-01T23:00:00Z', true],
    ['22:00:00-06:00:00', 'UTC', '2024-03-01T05:00:00Z', false],
    ['08:00:00-12:00:00', 'Europe/Berlin', '2024-01-01T07:30:00Z', true],
    ['08:00:00-12:00:00', 'Europe/Berlin', '2024-07-01T06:30:00Z', true],
    ['08:00:00-12:00:00', 'Europe/Berlin', '2024-01-01T06:30:00Z', false],
    ['00:00:00-01:00:00', 'Asia/Kolkata', '2024-01-01T18:45:00Z', true],
    ['08:00:00-12:00:00', '', '2024-03-01T09:00:00Z', undefined],
    ['08:00:00-12:00:00', 'Local', '2024-03-01T09:00:00Z', undefined],
    ['08:00:00-12:00:00', 'right/UTC', '2024-03-01T09:00:00Z', undefined],
  ])('%s in "%s" at %s', (text, zone, time, expected) => {
    expect(isWithinHours([range('01:00:00-01:00:01'), range(text)], zone, at(time))).toBe(expected);
  });
});

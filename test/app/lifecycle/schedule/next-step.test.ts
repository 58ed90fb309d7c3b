import { describe, expect, it } from 'vitest';
import {
  datedNow,
  type Idle,
  nextStep,
  type StepName,
  sinceWhen,
} from '../../../../src/app/lifecycle/schedule/next-step.js';
import type { KeyRecord, KeyState } from '../../../../src/domain/keyring/keyring.js';
import type { KeyInfo } from '../../../../src/domain/keyring/state.js';
import { parseSpan } from '../../../../src/lib/span.js';
import { type KeyName, pub } from '../../../domain/trust/hierarchy.js';

const DAY = 86_400;
const NOW = 1_700_000_000;
const RHYTHM = { interval: parseSpan('90d'), propagation: parseSpan('2d'), retention: parseSpan('7d') };
const SLOT = { kind: 'account-signing', account: pub('a1') } as const;

interface Given {
  readonly listed?: boolean;
  readonly since?: KeyRecord['since'];
  readonly expires?: number;
  /** State of the record, where tokens say something else; `none` for no record. */
  readonly recorded?: KeyState | 'none';
}

function key(
  name: KeyName,
  state: KeyState,
  { listed = true, since = {}, expires, recorded = state }: Given = {},
): KeyInfo {
  const info = { key: pub(name), slot: SLOT, state, isListed: listed };
  if (recorded === 'none') return info;
  return {
    ...info,
    record: { key: pub(name), slot: SLOT, state: recorded, since, ...(expires !== undefined && { expires }) },
  };
}

/** Days from now, so that a table can be read. */
const ago = (days: number): number => NOW - days * DAY;
const days = (at: number): number => (at - NOW) / DAY;

describe('whoever runs twice at once takes one step', () => {
  const AT_ONCE = { ...RHYTHM, propagation: parseSpan('0'), retention: parseSpan('0') };
  const overdue = { since: { active: ago(1) }, expires: ago(5) };
  it.each<[what: string, keys: readonly KeyInfo[], at: number]>([
    ['a key that was announced now signs a second later', [key('a3', 'next', { since: { next: NOW } })], NOW + 1],
    ['one that retires now goes a second later', [key('a2', 'retiring', { since: { retiring: NOW } })], NOW + 1],
    [
      'a rotation that ended now is followed a second later',
      [key('a2', 'active', overdue), key('a3', 'removed', { listed: false, since: { removed: NOW } })],
      NOW + 1,
    ],
    [
      'of several the last counts',
      [
        key('a3', 'removed', { listed: false, since: { removed: NOW } }),
        key('a2', 'active', overdue),
        key('ax', 'removed', { listed: false, since: { removed: ago(9) } }),
        key('a4', 'removed', { listed: false, since: {} }),
      ],
      NOW + 1,
    ],
    [
      'a key that was listed again ended nothing',
      [key('a2', 'active', { ...overdue, since: { ...overdue.since, removed: NOW } })],
      ago(5),
    ],
  ])('%s', (_what, keys, at) => {
    expect(nextStep(keys, AT_ONCE, NOW)).toMatchObject({ at });
  });
});

describe('what comes next in a slot', () => {
  it.each<[what: string, keys: readonly KeyInfo[], step: StepName, inDays: number]>([
    ['a young key', [key('a2', 'active', { since: { active: ago(1) } })], 'start', 89],
    ['one that is as old as it gets', [key('a2', 'active', { since: { active: ago(90) } })], 'start', 0],
    ['one that is overdue', [key('a2', 'active', { since: { active: ago(100) } })], 'start', -10],
    [
      'one that was made long ago and is active since lately',
      [key('a2', 'active', { since: { created: ago(200), active: ago(3) } })],
      'start',
      87,
    ],
    ['one of which only its making is known', [key('a2', 'active', { since: { created: ago(50) } })], 'start', 40],
    [
      'one with an expiry before its age counts',
      [key('a2', 'active', { since: { active: ago(1) }, expires: ago(-10) })],
      'start',
      8,
    ],
    [
      'one with an expiry that is far',
      [key('a2', 'active', { since: { active: ago(1) }, expires: ago(-500) })],
      'start',
      89,
    ],
    ['one that has expired', [key('a2', 'active', { since: { active: ago(1) }, expires: ago(5) })], 'start', -7],
    [
      'two, of which the older counts',
      [key('a2', 'active', { since: { active: ago(1) } }), key('a3', 'active', { since: { active: ago(30) } })],
      'start',
      60,
    ],
    [
      'one that a clock ahead of this one has dated',
      [key('a2', 'active', { since: { active: ago(-4) } })],
      'start',
      94,
    ],
    ['one without any date', [key('a2', 'active', { since: {} })], 'start', 90],
    ['one without a record', [key('a2', 'active', { recorded: 'none' })], 'start', 90],
    [
      'one that somebody listed again',
      [key('a2', 'active', { recorded: 'removed', since: { active: ago(300) } })],
      'start',
      90,
    ],
    [
      'an announced key',
      [key('a2', 'active', { since: { active: ago(91) } }), key('a3', 'next', { since: { next: ago(1) } })],
      'activate',
      1,
    ],
    [
      'one announced for long enough',
      [key('a2', 'active'), key('a3', 'next', { since: { next: ago(2) } })],
      'activate',
      0,
    ],
    ['one announced by a clock ahead', [key('a3', 'next', { since: { next: ago(-1) } })], 'activate', 3],
    ['one announced nobody knows when', [key('a3', 'next')], 'activate', 2],
    [
      'a key that retires',
      [key('a2', 'retiring', { since: { retiring: ago(6) } }), key('a3', 'active', { since: { active: ago(6) } })],
      'finish',
      1,
    ],
    ['one that may go', [key('a2', 'retiring', { since: { retiring: ago(8) } })], 'finish', -1],
    [
      'two, of which the younger counts',
      [key('a2', 'retiring', { since: { retiring: ago(8) } }), key('a4', 'retiring', { since: { retiring: ago(3) } })],
      'finish',
      4,
    ],
    [
      'a key of a user, which no token lists',
      [key('a2', 'retiring', { listed: false, since: { retiring: ago(7) } })],
      'finish',
      0,
    ],
    [
      'both, although nothing does that',
      [key('a2', 'retiring', { since: { retiring: ago(9) } }), key('a3', 'next', { since: { next: ago(1) } })],
      'activate',
      1,
    ],
    [
      'a stolen key that is out',
      [key('a2', 'compromised', { listed: false }), key('a3', 'active', { since: { active: ago(0) } })],
      'start',
      90,
    ],
  ])('%s', (_what, keys, step, inDays) => {
    const next = nextStep(keys, RHYTHM, NOW);
    expect(typeof next === 'string' ? next : [next.step, days(next.at)]).toEqual([step, inDays]);
  });

  it.each<[what: string, keys: readonly KeyInfo[], idle: Idle]>([
    ['no key', [], 'no-key'],
    ['keys that are gone', [key('a2', 'removed', { listed: false })], 'no-key'],
    ['a stolen key that is still trusted', [key('a2', 'compromised'), key('a3', 'active')], 'compromised'],
  ])('nothing for %s', (_what, keys, idle) => {
    expect(nextStep(keys, RHYTHM, NOW)).toBe(idle);
  });

  it('names the keys that have no date, and those alone', () => {
    const known = key('a2', 'active', { since: { active: ago(1) } });
    const unknown = key('a3', 'active', { recorded: 'none' });
    expect(nextStep([known, unknown], RHYTHM, NOW)).toMatchObject({ undated: [unknown] });
  });

  it('a date that is put on record is the one that counts', () => {
    for (const state of ['next', 'active', 'retiring'] as const) {
      const info = key('a2', state, { recorded: 'none' });
      const record = datedNow(info, NOW);
      expect(sinceWhen({ ...info, record })).toBe(NOW);
      expect(nextStep([{ ...info, record }], RHYTHM, NOW)).toMatchObject({ undated: [] });
    }
  });
});

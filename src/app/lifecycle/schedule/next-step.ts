import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import { addSpan, type Span, subtractSpan } from '../../../lib/span.js';

/** How long keys stay in each state. */
export interface Rhythm {
  /** How old an active key gets. */
  readonly interval: Span;
  /** How long a key is announced before it signs, so that servers get to know it. */
  readonly propagation: Span;
  /** How long a key stays trusted once it is silent, so that nothing depends on it any more. */
  readonly retention: Span;
}

export type StepName = 'start' | 'activate' | 'finish';

/** What comes next in a slot. */
export interface NextStep {
  readonly step: StepName;
  /** When it is due. Unix seconds. */
  readonly at: number;
  /** Keys that nobody knows how long they have been what they are; they count from now on, once that is on record. */
  readonly undated: readonly KeyInfo[];
}

/**
 * Why nothing comes next: there is no key to rotate, or one that somebody else may have; or it is the key of a user that
 * servers refuse, and another one would let it in.
 */
export type Idle = 'no-key' | 'compromised' | 'refused';

/**
 * What a rotation of a slot does next, and when. One rotation comes to its end before another begins.
 *
 * Times count from when a key got into its state, so a clock that was set back delays a step and never hastens it. A key
 * that is to be replaced by a certain day is started so much earlier that its successor is announced for long enough.
 *
 * @param keys those of the slot
 * @param now Unix seconds
 */
export function nextStep(keys: readonly KeyInfo[], rhythm: Rhythm, now: number): NextStep | Idle {
  if (keys.some(({ state, isListed }) => state === 'compromised' && isListed)) return 'compromised';
  const inState = (state: KeyInfo['state']): KeyInfo[] => keys.filter((info) => info.state === state);
  const coming = inState('next');
  if (coming.length > 0) return dated('activate', coming, now, latest, (since) => later(since, rhythm.propagation));
  const going = inState('retiring');
  if (going.length > 0) return dated('finish', going, now, latest, (since) => later(since, rhythm.retention));
  const active = inState('active');
  if (active.length === 0) return 'no-key';
  const rested = lastRemoval(keys) + 1;
  return dated('start', active, now, earliest, (since, { record }) => {
    const byAge = addSpan(since, rhythm.interval);
    const { expires } = record ?? {};
    const at = expires === undefined ? byAge : Math.min(byAge, subtractSpan(expires, rhythm.propagation));
    return Math.max(at, rested);
  });
}

function dated(
  step: StepName,
  keys: readonly KeyInfo[],
  now: number,
  choose: (times: readonly number[]) => number,
  dueOf: (since: number, info: KeyInfo) => number,
): NextStep {
  const undated = keys.filter((info) => sinceWhen(info) === undefined);
  return { step, at: choose(keys.map((info) => dueOf(sinceWhen(info) ?? now, info))), undated };
}

/** When a rotation of the slot came to its end last. */
const lastRemoval = (keys: readonly KeyInfo[]): number =>
  latest([0, ...keys.flatMap(({ state, record }) => (state === 'removed' ? (record?.since.removed ?? 0) : 0))]);

/** A second after at least, so that whoever runs twice at once takes one step. */
const later = (since: number, span: Span): number => Math.max(addSpan(since, span), since + 1);

const latest = (times: readonly number[]): number => Math.max(...times);
const earliest = (times: readonly number[]): number => Math.min(...times);

/** Since when a key is what it is, in Unix seconds; for an active one when it was made counts, too. */
export function sinceWhen({ state, record }: KeyInfo): number | undefined {
  // a record that tokens contradict tells nothing about the time since
  if (record === undefined || record.state !== state) return undefined;
  return record.since[state] ?? (state === 'active' ? record.since.created : undefined);
}

/** The record of a key that nobody has dated: it is what it is since now. @param now Unix seconds */
export const datedNow = ({ key, slot, state, record }: KeyInfo, now: number): KeyRecord => ({
  ...(record ?? { key }),
  slot,
  state,
  since: { ...record?.since, [state]: now },
});

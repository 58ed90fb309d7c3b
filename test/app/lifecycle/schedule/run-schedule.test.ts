import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rhythm } from '../../../../src/app/lifecycle/schedule/next-step.js';
import { runSchedule, type ScheduleRun } from '../../../../src/app/lifecycle/schedule/run-schedule.js';
import { findSlots, type KeyedSlot } from '../../../../src/app/lifecycle/schedule/slots.js';
import { applyChanges } from '../../../../src/domain/apply.js';
import { slotId } from '../../../../src/domain/keyring/slot.js';
import type { Tree } from '../../../../src/domain/tree/tree.js';
import { lostTrust } from '../../../../src/domain/trust/blast-radius.js';
import { checkOutcome } from '../../../../src/domain/trust/check-outcome.js';
import { verifyAccount, verifyUser } from '../../../../src/domain/trust/verify.js';
import { parseSpan } from '../../../../src/lib/span.js';
import { Rotating, worldOf } from '../rotate/world.js';

const DAY = 86_400;
const RUNS = process.env.SLOW === '1' ? 200 : 8;

const rhythmOf = (interval: string, propagation: string, retention: string): Rhythm => ({
  interval: parseSpan(interval),
  propagation: parseSpan(propagation),
  retention: parseSpan(retention),
});
const USUAL = rhythmOf('90d', '2d', '7d');

/** Everything that can rotate. */
const slotsOf = (tree: Tree): readonly KeyedSlot[] =>
  findSlots(tree, { operator: true, accounts: tree.accountNames(), users: true }).slots;

/** One run, and the tree it leads to. */
function run(world: Rotating, rhythm: Rhythm): ScheduleRun {
  const done = runSchedule(world.context, slotsOf(world.tree), rhythm);
  world.apply(done.changes);
  return done;
}

const taken = ({ slots }: ScheduleRun): string[] =>
  slots.flatMap(({ slot, taken: step }) => (step ? [`${step.step} ${slotId(slot)}`] : []));

/** What servers and clients may have at some time. */
const accountsIn = (tree: Tree) => tree.accountNames().flatMap((name) => tree.findAccount(name) ?? []);
const usersIn = (tree: Tree) =>
  tree
    .accountNames()
    .flatMap((account) => tree.userNames(account).flatMap((name) => tree.findUser(account, name) ?? []));

/** Why users with the tokens of one tree are refused by servers that have those of another. */
function refused(users: Tree, servers: Tree, now: number): string[] {
  const accounts = accountsIn(servers).flatMap(
    (account) => verifyAccount(account, servers.operator, { now })?.message ?? [],
  );
  const of = usersIn(users).flatMap((user) => {
    const account = servers.findAccount(user.account);
    const refusal = account ? verifyUser(user, account, servers.operator, { now, revocations: true }) : undefined;
    return refusal && refusal.code !== 'expired' ? [`${user.account}/${user.name}: ${refusal.message}`] : [];
  });
  return [...accounts, ...of];
}

describe('a schedule', () => {
  it('dates what nobody has dated, once, and takes no step', () => {
    const world = new Rotating(worldOf());
    const first = run(world, USUAL);
    expect(first.changes.map(({ type }) => type)).toEqual(['put-keyring']);
    expect(taken(first)).toEqual([]);
    expect(new Set(first.slots.map(({ next }) => next?.at))).toEqual(new Set([world.now + 90 * DAY]));
    expect(run(world, USUAL).changes).toEqual([]);
  });

  it('takes one step for each slot and run, however long nobody has run it', () => {
    const world = new Rotating(worldOf());
    run(world, USUAL);
    const steps: string[][] = [];
    for (let times = 0; times < 4; times += 1) {
      world.now += 1000 * DAY;
      steps.push([...new Set(taken(run(world, USUAL)).map((step) => step.split(' ')[0] ?? ''))]);
    }
    expect(steps).toEqual([['start'], ['activate'], ['finish'], ['start']]);
  });

  it('leaves a step that cannot be taken, and takes those of others', () => {
    const world = new Rotating(worldOf({ stored: ['o1', 'o2', 'a1', 'a2', 'a3', 'a4', 'b1'] }));
    run(world, USUAL);
    world.now += 91 * DAY;
    run(world, USUAL);
    world.now += 2 * DAY;
    const poor = new Proxy(world.tree, {
      get(tree, name) {
        const member: unknown = Reflect.get(tree, name, tree);
        if (name === 'findKeyPair') return (key: string) => (key.startsWith('A') ? undefined : tree.findKeyPair(key));
        if (name === 'hasSeed') return (key: string) => !key.startsWith('A') && tree.hasSeed(key);
        return typeof member === 'function' ? member.bind(tree) : member;
      },
    });
    const { slots } = runSchedule({ ...world.context, tree: poor }, slotsOf(poor), USUAL);
    const of = (kind: string) => slots.find(({ slot }) => slot.kind === kind);
    expect(of('operator-signing')?.taken?.step).toBe('activate');
    expect(of('role')?.blocked?.error.code).toBe('key-not-found');
    expect(of('role')?.next?.step).toBe('activate');
  });

  it('takes no step early when the clock was set back, and none is forgotten', () => {
    const world = new Rotating(worldOf());
    run(world, USUAL);
    world.now += 90 * DAY;
    expect(taken(run(world, USUAL)).length).toBeGreaterThan(5);
    const announced = world.now;
    for (const days of [-400, -91, -1, 0, 1]) {
      world.now = announced + days * DAY;
      expect(run(world, USUAL).changes).toEqual([]);
    }
    world.now = announced + 2 * DAY;
    expect(new Set(taken(run(world, USUAL)).map((step) => step.split(' ')[0]))).toEqual(new Set(['activate']));
  });

  it.each([false, true])(
    'run daily for a year, rotates each key about every interval, and nobody is ever refused (strict: %s)',
    (strict) => {
      const world = new Rotating(worldOf({ strict }));
      const steps = new Map<string, number>();
      const history: Tree[] = [];
      for (let day = 0; day < 365; day += 1) {
        const before = world.tree;
        const done = run(world, USUAL);
        for (const step of taken(done)) steps.set(step, (steps.get(step) ?? 0) + 1);
        expect(done.slots.filter(({ blocked }) => blocked)).toEqual([]);
        if (done.changes.length > 0) {
          const warnings = checkOutcome(before, world.tree, done.changes, world.now);
          expect(warnings.filter((warning) => !warning.includes('expired at'))).toEqual([]);
          expect(lostTrust(before, world.tree, done.changes, world.now)).toEqual([]);
          expect(run(world, USUAL).changes).toEqual([]);
        }
        history.unshift(world.tree);
        // creds that are a retention old, and servers that are a propagation behind
        const [yesterday, , week] = [history[1], history[2], history[7]];
        const slow = history[2];
        for (const tree of [world.tree, yesterday, week]) {
          if (tree) expect(refused(tree, world.tree, world.now)).toEqual([]);
        }
        if (slow) expect(refused(world.tree, slow, world.now)).toEqual([]);
        history.length = Math.min(history.length, 8);
        world.now += DAY;
      }
      // 365 / (90 + 2), the first one at the end of the first interval
      const counts = [...steps].map(([step, count]) => [step.split(' ')[0], count]);
      expect(counts.filter(([step]) => step === 'activate').every(([, count]) => count === 3)).toBe(true);
      expect(counts.filter(([step]) => step === 'activate')).toHaveLength(slotsOf(world.tree).length);
    },
    120_000,
  );

  const span = fc
    .tuple(fc.nat(5), fc.constantFrom('h', 'd'))
    .map(([count, unit]) => (count === 0 ? '0' : `${count}${unit}`));
  const interval = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom('h', 'd'))
    .map(([count, unit]) => `${count}${unit}`);
  const waits = fc.array(fc.oneof(fc.nat(3 * DAY), fc.constantFrom(0, 3600, DAY)), { minLength: 5, maxLength: 40 });

  it('whatever the rhythm and whenever it runs, twice is once, and all that is valid stays valid', () => {
    fc.assert(
      fc.property(interval, span, span, waits, (every, propagation, retention, gaps) => {
        const world = new Rotating(worldOf());
        const rhythm = rhythmOf(every, propagation, retention);
        for (const gap of gaps) {
          world.now += gap;
          const before = world.tree;
          const done = run(world, rhythm);
          expect(applyChanges(before, done.changes).keyring).toEqual(world.tree.keyring);
          expect(refused(world.tree, world.tree, world.now)).toEqual([]);
          expect(lostTrust(before, world.tree, done.changes, world.now)).toEqual([]);
          const isAtOnce = [propagation, retention].includes('0');
          if (!isAtOnce) expect(run(world, rhythm).changes).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

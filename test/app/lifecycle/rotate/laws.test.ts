import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dependantsOf } from '../../../../src/app/lifecycle/rotate/dependants.js';
import { getSlotKeys } from '../../../../src/app/lifecycle/rotate/slot-keys.js';
import type { Stepped } from '../../../../src/app/lifecycle/rotate/stepped.js';
import { applyChanges } from '../../../../src/domain/apply.js';
import { signingKeysOf } from '../../../../src/domain/claims/scope.js';
import { parseDecorated } from '../../../../src/domain/creds/creds.js';
import { decodeKind, verifyToken } from '../../../../src/domain/token/decode.js';
import type { AccountEntry, Tree, UserEntry } from '../../../../src/domain/tree/tree.js';
import { lostTrust } from '../../../../src/domain/trust/blast-radius.js';
import { checkOutcome } from '../../../../src/domain/trust/check-outcome.js';
import { verifyAccount, verifyOperator, verifyUser } from '../../../../src/domain/trust/verify.js';
import { NscError } from '../../../../src/errors.js';
import { Rotating, SLOTS, type SlotName, type StepName, worldOf } from './world.js';

/** How many sequences are tried; SLOW=1 tries many. */
const RUNS = process.env.SLOW === '1' ? 2_000 : 120;

const REFUSALS = ['rotation-state', 'policy-refused', 'no-signer', 'still-in-use'];

interface Move {
  readonly step: StepName;
  /** Absent: the same as before. */
  readonly slot: SlotName | undefined;
  /** Seconds that pass before. */
  readonly wait: number;
}

const often = <Value>(weight: number, value: Value) => ({ weight, arbitrary: fc.constant(value) });

const moves = fc.array(
  fc.record<Move>({
    step: fc.oneof<fc.WeightedArbitrary<StepName>[]>(
      often<StepName>(4, 'activate'),
      often<StepName>(3, 'start'),
      often<StepName>(3, 'finish'),
      often<StepName>(2, 'abort'),
      often<StepName>(1, 'now'),
    ),
    slot: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(SLOTS) as SlotName[])) },
    ),
    wait: fc.constantFrom(0, 0, 1, 3600),
  }),
  { maxLength: 40, size: 'max' },
);

it.each([false, true])(
  'whatever steps are taken, what was valid stays valid (strict: %s)',
  (strict) => {
    fc.assert(
      fc.property(moves, (sequence) => {
        const world = new Rotating(worldOf({ strict }));
        let slot: SlotName = 'plain';
        for (const { step, slot: other, wait } of sequence) {
          const at: SlotName = other ?? slot;
          slot = at;
          world.now += wait;
          const stepped = attempt(() => world.plan(step, at));
          if (!stepped) continue;
          const before = world.tree;
          const after = applyChanges(before, stepped.changes);
          expect(checkOutcome(before, after, stepped.changes, world.now)).toEqual([]);
          expect(lostTrust(before, after, stepped.changes, world.now)).toEqual([]);
          everythingHolds(after, world.now);
          timeGoesOn(before, stepped);
          if (step === 'start' || step === 'activate') copiesHold(before, after, world.now);
          if (step === 'finish' || step === 'now') nothingDepends(after, stepped, world.now);
          world.tree = after;
        }
      }),
      { numRuns: RUNS },
    );
  },
  120_000,
);

function attempt(plan: () => Stepped): Stepped | undefined {
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    expect(REFUSALS).toContain(error.code);
    return undefined;
  }
}

const accountsOf = (tree: Tree): AccountEntry[] => tree.accountNames().flatMap((name) => tree.findAccount(name) ?? []);

const usersOf = (tree: Tree, account: string): UserEntry[] =>
  tree.userNames(account).flatMap((name) => tree.findUser(account, name) ?? []);

/** Operator, accounts, users with their creds, and activations. */
function everythingHolds(tree: Tree, now: number): void {
  expect(verifyOperator(tree.operator, { now })).toBeUndefined();
  for (const account of accountsOf(tree)) {
    expect(verifyAccount(account, tree.operator, { now })).toBeUndefined();
    for (const user of usersOf(tree, account.name)) {
      expect(verifyUser(user, account, tree.operator, { now, revocations: true })).toBeUndefined();
      const creds = parseDecorated(tree.findCreds(account.name, user.name)?.reveal() ?? '');
      expect(creds.token).toBe(user.token);
    }
    for (const entry of account.claims.nats.imports ?? []) {
      const activation = decodeKind(entry?.token ?? '', 'activation');
      const exporter = tree.findAccountByKey(entry?.account ?? '');
      expect(verifyToken(activation)).toBe(true);
      expect([exporter?.claims.sub, ...signingKeysOf(exporter?.claims ?? { nats: {} })]).toContain(
        activation.claims.iss,
      );
    }
  }
}

/** What clients and servers have copies of is accepted by whoever has the new tokens, and the other way round. */
function copiesHold(before: Tree, after: Tree, now: number): void {
  for (const old of accountsOf(before)) {
    expect(verifyAccount(old, after.operator, { now })).toBeUndefined();
    const account = after.findAccount(old.name);
    for (const user of usersOf(before, old.name)) {
      expect(account && verifyUser(user, account, after.operator, { now, revocations: true })).toBeUndefined();
    }
    for (const user of usersOf(after, old.name)) {
      expect(verifyUser(user, old, before.operator, { now, revocations: true })).toBeUndefined();
    }
  }
}

function timeGoesOn(before: Tree, { changes }: Stepped): void {
  for (const change of changes) {
    const previous =
      change.type === 'put-user'
        ? before.findUser(change.account, change.name)
        : change.type === 'put-account'
          ? before.findAccount(change.name)
          : change.type === 'put-operator'
            ? before.operator
            : undefined;
    if (previous && 'claims' in change) expect(change.claims.iat).toBeGreaterThan(Number(previous.claims.iat));
  }
}

function nothingDepends(after: Tree, { oldKeys }: Stepped, now: number): void {
  expect(dependantsOf(after, oldKeys, now)).toEqual([]);
  for (const slot of Object.values(SLOTS)) {
    const { active, retiring } = getSlotKeys(after, slot);
    for (const { key } of [...active, ...retiring]) expect(oldKeys).not.toContain(key);
  }
}

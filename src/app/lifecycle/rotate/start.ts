import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import { diffClaims } from '../../../domain/claims/diff.js';
import type { UserScope } from '../../../domain/claims/types.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import { type KeyRecord, moved, newRecord } from '../../../domain/keyring/keyring.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { type KeyInfo, keysInSlot } from '../../../domain/keyring/state.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quoteWord } from '../../../lib/display.js';
import type { NewOrGivenKey } from '../../options/key.js';
import { ok } from '../../result.js';
import { putAccounts, signChanged, signOperator, withCalloutKey, withOperatorKeys, withSigningKey } from './listing.js';
import { type NextKey, takeNextKey } from './next-key.js';
import { putRecords } from './records.js';
import { refuseBusy, rotationState } from './rotation-state.js';
import { getSlotAccount, getSlotKeys, isOperatorSlot, type SlotKeys, scopesInSlot } from './slot-keys.js';
import type { StepContext, Stepped } from './stepped.js';
import { getRotatedUser } from './user-key.js';

export interface StartOptions {
  /** The new key; default: one is made. */
  readonly key?: NewOrGivenKey | undefined;
  /** Public key of the one that is to be replaced, where several are active; default: all of them. */
  readonly from?: string | undefined;
}

/**
 * Announces the key that is to come: the token of the operator or the account lists it, and it signs nothing yet. The key
 * of a user is only stored, unless the user does the auth callout of its account.
 *
 * @throws NscError `rotation-state` when a rotation of the slot is under way, `policy-refused`, `key-compromised` for a user
 *   who cannot wait, those of `getSlotKeys`, of
 *   `takeNextKey` and of `chooseSigner`
 */
export function startRotation(context: StepContext, slot: Slot, { key, from }: StartOptions = {}): Stepped {
  const { tree, now } = context;
  const keys = getSlotKeys(tree, slot);
  if (keys.next || keys.retiring.length > 0) throw rotationState(tree, slot, keys);
  const next = takeNextKey(context, slot, keys, key);
  const olds = findReplaced(context, slot, keys, { next: next.publicKey, from });
  refuseBusy(tree, olds);
  refuseLeaked(tree, slot);
  const record = recordOf(slot, next, { olds, now });
  const prepared = [...next.changes, putRecords(tree, [record])];
  const announced = announce({ ...context, tree: applyChanges(tree, prepared) }, slot, next, { keys, olds });
  return {
    changes: [...prepared, ...announced],
    steps: [...next.steps, ok(`${describeSlot(tree, slot)}: ${announcement(slot, next.publicKey)}`)],
    warnings: [],
    accounts: putAccounts(announced),
    operatorChanged: announced.some(({ type }) => type === 'put-operator'),
    users: [],
    left: [],
    oldKeys: olds.map((info) => info.key),
    newKey: next.publicKey,
  };
}

/** A user's key that somebody else may have would be accepted until the rotation is over. */
function refuseLeaked(tree: Tree, slot: Slot): void {
  const leaked = keysInSlot(tree, slot).find(({ isListed, state }) => isListed && state === 'compromised');
  if (!leaked || slot.kind !== 'user') return;
  throw new NscError('key-compromised', `the ${describeSlot(tree, slot)} was marked as compromised: ${leaked.key}`, {
    hint: `replace it at once with: nsc compromise ${leaked.key}`,
    details: { key: leaked.key },
  });
}

/** What is said of a key: users have keys that sign nothing anyway. */
const announcement = (slot: Slot, key: string): string =>
  slot.kind === 'user' ? `${key} is next` : `announced ${key}, which signs nothing yet`;

/** The keys that will retire. */
function findReplaced(
  { tree }: StepContext,
  slot: Slot,
  { active }: SlotKeys,
  { next, from }: { readonly next: string; readonly from: string | undefined },
): KeyInfo[] {
  const others = active.filter((info) => info.key !== next);
  if (from === undefined) return others;
  const found = others.filter((info) => info.key === from);
  if (found.length > 0) return found;
  throw new NscError('item-not-found', `${from} is no active key of the ${describeSlot(tree, slot)}`, {
    hint: others.length === 0 ? 'it has none' : `it has ${others.map((info) => info.key).join(', ')}`,
    details: { key: from, active: others.map((info) => info.key) },
  });
}

/** The one key it replaces is on record; of several, none. */
function recordOf(
  slot: Slot,
  { publicKey, isGenerated, info }: NextKey,
  { olds: [old, ...others], now }: { readonly olds: readonly KeyInfo[]; readonly now: number },
): KeyRecord {
  const { replacedBy: _past, ...known } = info?.record ?? newRecord(publicKey, slot, 'next', now);
  const record = moved({ ...known, slot }, 'next', now);
  const since = { ...record.since, ...(isGenerated && { created: now }) };
  return { ...record, since, ...(old && others.length === 0 && { replaces: old.key }) };
}

function announce(
  context: StepContext,
  slot: Slot,
  { publicKey, info }: NextKey,
  { keys, olds }: { readonly keys: SlotKeys; readonly olds: readonly KeyInfo[] },
): Change[] {
  const { tree } = context;
  if (info?.isListed) return [];
  if (isOperatorSlot(slot)) {
    const { claims } = tree.operator;
    return [signOperator(context, withOperatorKeys(claims, [...(claims.nats.signing_keys ?? []), publicKey]))];
  }
  const account = getSlotAccount(tree, slot);
  const body = account.claims.nats;
  if (slot.kind === 'account-signing') return signChanged(context, account, withSigningKey(body, publicKey));
  if (slot.kind === 'user') {
    getRotatedUser(tree, slot);
    const known = keys.active.map(({ key }) => key);
    return signChanged(context, account, withCalloutKey(body, publicKey, known));
  }
  const scope = getScopeToCopy(context, slot, account, olds);
  return signChanged(context, account, withSigningKey(body, { ...scope, key: publicKey }));
}

/** The scope of the keys that are replaced, which has to be one and the same. */
function getScopeToCopy({ tree }: StepContext, slot: Slot, account: AccountEntry, olds: readonly KeyInfo[]): UserScope {
  const [scope, ...others] = scopesInSlot(account, olds);
  if (!scope) {
    throw new NscError('item-not-found', `the ${describeSlot(tree, slot)} has no active key to take over from`, {
      hint: `see its roles with: nsc list roles --account ${quoteWord(account.name)}`,
    });
  }
  if (others.every((other) => allowsSame(scope, other))) return scope;
  throw new NscError('policy-refused', `the keys of the ${describeSlot(tree, slot)} allow different things`, {
    hint: 'name the one that is replaced with --from KEY',
    details: { keys: olds.map(({ key }) => key) },
  });
}

/** Whether two scopes give their users the same. */
export const allowsSame = (a: UserScope, b: UserScope): boolean =>
  diffClaims(a.template ?? {}, b.template ?? {}).length === 0;

import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import { draftOperator } from '../../../domain/draft.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quoteWord } from '../../../lib/display.js';
import { ok } from '../../result.js';
import type { Resigned } from '../resign.js';
import { lifeOfCopies, resignSteps, resignWarnings } from '../resign-report.js';
import { activateUser } from './activate-user.js';
import { getSigningPair, handOver, sharesByActivation } from './hand-over.js';
import { putAccounts, signOperator, withOperatorKeys } from './listing.js';
import { movedInfo, putRecords, without } from './records.js';
import { refuseBusy, rotationState } from './rotation-state.js';
import {
  getSlotAccount,
  getSlotKeys,
  identityAbove,
  isOperatorSlot,
  type SlotKeys,
  scopesInSlot,
} from './slot-keys.js';
import { allowsSame } from './start.js';
import type { StepContext, Stepped } from './stepped.js';

/**
 * Lets the announced key sign, and signs with it all that the old ones signed; those retire. A slot of signing keys that
 * was empty takes over from the identity above it.
 *
 * @throws NscError `rotation-state` when no key is announced, `key-not-found` when its seed is not at hand,
 *   `policy-refused` for a scope that allows something else than the one before, those of `getSlotKeys`, of `resign` and
 *   of `chooseSigner`
 */
export function activateRotation(context: StepContext, slot: Slot): Stepped {
  const { tree, now } = context;
  const keys = getSlotKeys(tree, slot);
  const { next } = keys;
  if (!next) throw rotationState(tree, slot, keys);
  const olds = findReplaced(slot, keys, next);
  refuseBusy(tree, olds);
  const records = recordsOf(next, olds, now);
  if (slot.kind === 'user') return activateUser(context, slot, { next, olds, records });
  refuseOtherScope(context, slot, next, olds);

  const pair = getSigningPair(tree, slot, next.key);
  const change = putRecords(tree, records);
  const changedOperator = putOperator({ ...context, tree: applyChanges(tree, [change]) }, slot, next, olds);
  const prepared = [change, ...changedOperator];
  const resigned = handOver({ ...context, tree: applyChanges(tree, prepared) }, slot, {
    from: givingWay(tree, slot, next, olds),
    to: pair,
  });
  return {
    changes: [...prepared, ...resigned.changes],
    steps: [ok(`${describeSlot(tree, slot)}: ${next.key} is active now`), ...resignSteps(resigned), ...retired(olds)],
    warnings: [...resignWarnings(resigned), ...warnOfCopies(context, slot, resigned, olds)],
    accounts: putAccounts(resigned.changes),
    operatorChanged: changedOperator.length > 0,
    users: resigned.users,
    left: resigned.left,
    oldKeys: olds.map(({ key }) => key),
    newKey: next.key,
  };
}

/** The one on record; without a record of it, all. Whatever the identity is by now gives way. */
function findReplaced({ kind }: Slot, { active }: SlotKeys, { record }: KeyInfo): readonly KeyInfo[] {
  const isAll = record?.replaces === undefined || kind === 'operator-identity';
  return isAll ? active : active.filter(({ key }) => key === record.replaces);
}

/** The keys whose tokens are taken over; none where a key was to be replaced and is gone. */
function givingWay(tree: Tree, slot: Slot, { record }: KeyInfo, olds: readonly KeyInfo[]): readonly string[] {
  if (olds.length > 0) return olds.map(({ key }) => key);
  return record?.replaces === undefined ? identityAbove(tree, slot) : [];
}

function recordsOf(next: KeyInfo, olds: readonly KeyInfo[], now: number): KeyRecord[] {
  const [old, ...others] = olds;
  const record = movedInfo(next, 'active', now);
  const active = old && others.length === 0 ? { ...record, replaces: old.key } : without(record, 'replaces');
  return [active, ...olds.map((info) => ({ ...movedInfo(info, 'retiring', now), replacedBy: next.key }))];
}

/** The new identity and its token; or the token anew, where one of the old keys signed it. */
function putOperator(context: StepContext, slot: Slot, next: KeyInfo, olds: readonly KeyInfo[]): Change[] {
  const { tree, now } = context;
  const { operator } = tree;
  const { claims } = operator;
  if (slot.kind === 'operator-identity') {
    const keys = (claims.nats.signing_keys ?? []).map((key) => (key === next.key ? (claims.sub ?? '') : key));
    const signer = getSigningPair(tree, slot, next.key);
    const renewed = { ...withOperatorKeys(claims, keys), sub: next.key };
    return [draftOperator(operator.name, renewed, { signer, now, previous: operator })];
  }
  const isSignedByOld = slot.kind === 'operator-signing' && olds.some(({ key }) => key === claims.iss);
  return isSignedByOld ? [signOperator(context, claims)] : [];
}

/** What the users of a role may do is no matter of its keys. */
function refuseOtherScope({ tree }: StepContext, slot: Slot, next: KeyInfo, olds: readonly KeyInfo[]): void {
  if (isOperatorSlot(slot)) return;
  const account = getSlotAccount(tree, slot);
  const [scope] = scopesInSlot(account, [next]);
  const other = scope && scopesInSlot(account, olds).find((old) => !allowsSame(scope, old));
  if (!other) return;
  const edit = `nsc edit signing-key --account ${quoteWord(account.name)} --sk`;
  throw new NscError(
    'policy-refused',
    `${next.key} does not allow the users of the ${describeSlot(tree, slot)} the same as ${other.key}`,
    {
      hint: `make them the same with: ${edit} KEY, or begin anew after: nsc rotate abort ${next.key}`,
      details: { next: next.key, active: other.key },
    },
  );
}

const retired = (olds: readonly KeyInfo[]) =>
  olds.map(({ key }) => ok(`${key} retires: it is trusted until nsc rotate finish, and signs nothing any more`));

function warnOfCopies({ tree }: StepContext, slot: Slot, { users }: Resigned, olds: readonly KeyInfo[]): string[] {
  const account = isOperatorSlot(slot) ? undefined : getSlotAccount(tree, slot);
  const [old] = olds;
  if (!account || !old) return [];
  const isSharing = slot.kind === 'account-signing' && sharesByActivation(account);
  return [
    ...(users.length > 0
      ? [`pass the new creds on: the ones before are accepted until nsc rotate finish, and ${lifeOfCopies(users)}`]
      : []),
    ...(isSharing
      ? ['accounts elsewhere may import with activations of the old key: make new ones with nsc generate activation']
      : []),
  ];
}

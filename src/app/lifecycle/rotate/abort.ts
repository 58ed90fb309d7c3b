import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import { revokeUser, timeOf } from '../../../domain/claims/revocation.js';
import { draftOperator } from '../../../domain/draft.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { KeyPair } from '../../../domain/nkey/key-pair.js';
import type { AccountEntry, UserEntry } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import { ok } from '../../result.js';
import { NOTHING, resignSteps, resignWarnings } from '../resign-report.js';
import { getSigningPair, handOver } from './hand-over.js';
import { refuseInUse } from './in-use.js';
import {
  putAccounts,
  signChanged,
  signOperator,
  withOperatorKeys,
  withoutCalloutKeys,
  withoutSigningKeys,
} from './listing.js';
import { movedInfo, putRecords, without } from './records.js';
import { rotationState } from './rotation-state.js';
import { getSlotAccount, getSlotKeys, isOperatorSlot } from './slot-keys.js';
import type { StepContext, Stepped } from './stepped.js';
import { getRotatedUser, putUserKey, splitSigner, type UserSlot } from './user-key.js';

/**
 * Goes back. Before the announced key is active it is taken out again. Afterwards the retiring keys are active again, the
 * first of them whose seed is at hand signs what the new one signed, and the new one is taken out; the new key of a user
 * is revoked. Seeds stay.
 *
 * @throws NscError `rotation-state` when there is nothing to go back from, `still-in-use` for an announced key that has
 *   signed something, `key-not-found` when no seed of the old keys is at hand, `policy-refused` where the old key of a
 *   user was revoked meanwhile, those of `getSlotKeys` and of `chooseSigner`
 */
export function abortRotation(context: StepContext, slot: Slot): Stepped {
  const { tree } = context;
  const keys = getSlotKeys(tree, slot);
  if (keys.next) return withdraw(context, slot, keys.next);
  const { retiring } = keys;
  const [old] = retiring;
  if (!old) throw rotationState(tree, slot, keys);
  const news = keys.active.filter(({ key }) => retiring.some(({ record }) => record?.replacedBy === key));
  return slot.kind === 'user' ? restoreUser(context, slot, old, news) : restore(context, slot, retiring, news);
}

/** Takes an announced key out; it has signed nothing. */
function withdraw(context: StepContext, slot: Slot, next: KeyInfo): Stepped {
  const { tree, now } = context;
  refuseInUse(tree, slot, [next.key], now);
  const record = without(movedInfo(next, 'removed', now), 'replaces');
  const unlisted = unlist(context, slot, next.key);
  return {
    ...stepped([putRecords(tree, [record])], unlisted),
    steps: [ok(`${describeSlot(tree, slot)}: took ${next.key} back; its seed stays in the keystore`)],
    oldKeys: [next.key],
  };
}

function unlist(context: StepContext, slot: Slot, key: string): Change[] {
  const { tree } = context;
  if (isOperatorSlot(slot)) {
    const { claims } = tree.operator;
    return [
      signOperator(
        context,
        withOperatorKeys(
          claims,
          (claims.nats.signing_keys ?? []).filter((other) => other !== key),
        ),
      ),
    ];
  }
  const account = getSlotAccount(tree, slot);
  const { nats } = account.claims;
  return signChanged(
    context,
    account,
    slot.kind === 'user' ? withoutCalloutKeys(nats, [key]) : withoutSigningKeys(nats, [key]),
  );
}

/** The old keys sign again. */
function restore(context: StepContext, slot: Slot, olds: readonly KeyInfo[], news: readonly KeyInfo[]): Stepped {
  const { tree } = context;
  const back = olds.find(({ key }) => tree.hasSeed(key)) ?? olds[0];
  const pair = getSigningPair(tree, slot, back?.key ?? '');
  const gone = news.map(({ key }) => key);
  const keyring = putRecords(tree, restored(context, olds, news, pair.publicKey));
  const operator = isOperatorSlot(slot)
    ? restoreOperator({ ...context, tree: applyChanges(tree, [keyring]) }, slot, pair, gone)
    : [];
  const prepared = [keyring, ...operator];
  const account = isOperatorSlot(slot) ? undefined : getSlotAccount(tree, slot);
  const resigned = handOver({ ...context, tree: applyChanges(tree, prepared) }, slot, {
    from: gone,
    to: pair,
    ...(account && { edits: new Map([[account.name, (body) => withoutSigningKeys(body, gone)]]) }),
  });
  return {
    ...stepped(prepared, resigned.changes),
    steps: [
      ok(`${describeSlot(tree, slot)}: ${pair.publicKey} is active again`),
      ...resignSteps(resigned),
      ...gone.map((key) => ok(`took ${key} back; its seed stays in the keystore`)),
    ],
    warnings: [
      ...resignWarnings(resigned),
      ...(resigned.users.length > 0
        ? ['pass the creds on that were written now: the ones of the new key are refused once servers have the account']
        : []),
    ],
    users: resigned.users,
    left: resigned.left,
    oldKeys: gone,
    newKey: pair.publicKey,
  };
}

const restored = (
  { now }: StepContext,
  olds: readonly KeyInfo[],
  news: readonly KeyInfo[],
  back: string,
): KeyRecord[] => [
  ...olds.map((info) => without(movedInfo(info, 'active', now), 'replacedBy', 'lastIssued')),
  ...news.map((info) => ({ ...without(movedInfo(info, 'removed', now), 'replaces'), replacedBy: back })),
];

function restoreOperator(context: StepContext, slot: Slot, pair: KeyPair, gone: readonly string[]): Change[] {
  const { tree, now } = context;
  const { operator } = tree;
  const { claims } = operator;
  const isIdentity = slot.kind === 'operator-identity';
  const leaves = isIdentity ? [...gone, pair.publicKey] : gone;
  const kept = withOperatorKeys(
    claims,
    (claims.nats.signing_keys ?? []).filter((key) => !leaves.includes(key)),
  );
  if (!isIdentity) return [signOperator(context, kept)];
  return [draftOperator(operator.name, { ...kept, sub: pair.publicKey }, { signer: pair, now, previous: operator })];
}

/** The user has its old key again; the new one may be in use, so it is revoked. */
function restoreUser(context: StepContext, slot: UserSlot, old: KeyInfo, news: readonly KeyInfo[]): Stepped {
  const { tree, now } = context;
  refuseRevoked(getSlotAccount(tree, slot), old);
  const { account, user } = getRotatedUser(tree, slot);
  refuseAnotherUser(user, old, news);
  const gone = news.map(({ key }) => key);
  const { iat } = user.claims;
  const { nats } = gone.reduce((claims, key) => revokeUser(claims, key, { now, issuedAt: iat }), account.claims);
  const keyring = putRecords(tree, restored(context, [old], news, old.key));
  const [byOperator, byAccount] = splitSigner(context);
  const signed = signChanged(byOperator, account, withoutCalloutKeys(nats, gone));
  const after = applyChanges(tree, [keyring, ...signed]);
  const put = putUserKey({ ...byAccount, tree: after }, { account: getSlotAccount(after, slot), user }, old.key);
  const users = [put.user];
  return {
    ...stepped([keyring], [...signed, ...put.changes]),
    steps: [
      ok(`${describeSlot(tree, slot)}: ${old.key} is active again`),
      ...resignSteps({ ...NOTHING, users }),
      ...gone.map((key) => ok(`revoked ${key}; its seed stays in the keystore`)),
    ],
    warnings: resignWarnings({ ...NOTHING, users }),
    users,
    oldKeys: gone,
    newKey: old.key,
  };
}

/** A key that was revoked since it retires must not come back by the way. */
function refuseRevoked({ claims }: AccountEntry, { key, record }: KeyInfo): void {
  const revokedAt = timeOf(claims.nats.revocations ?? {}, key);
  if (revokedAt === undefined || revokedAt < (record?.lastIssued ?? 0)) return;
  throw new NscError('policy-refused', `${key} was revoked, and going back would let it in again`, {
    hint: `keep the new key: nsc rotate finish ${key}`,
    details: { key },
  });
}

/** A user that was deleted and added again does not get the key of the one before. */
function refuseAnotherUser({ name, account, claims }: UserEntry, { key }: KeyInfo, news: readonly KeyInfo[]): void {
  if (news.some((info) => info.key === claims.sub)) return;
  throw new NscError(
    'rotation-state',
    `user ${quote(name)} of account ${quote(account)} has ${claims.sub}, which did not take over from ${key}`,
    { hint: `revoke the old key with: nsc rotate finish ${key}`, details: { key, has: claims.sub } },
  );
}

const stepped = (prepared: readonly Change[], changes: readonly Change[]) => ({
  changes: [...prepared, ...changes],
  warnings: [],
  accounts: putAccounts(changes),
  operatorChanged: [...prepared, ...changes].some(({ type }) => type === 'put-operator'),
  users: [],
  left: [],
});

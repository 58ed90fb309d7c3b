import type { Change } from '../../../domain/change.js';
import { revokeUser } from '../../../domain/claims/revocation.js';
import type { AccountClaims } from '../../../domain/claims/types.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import { checkStrictMode } from '../../../domain/trust/strict.js';
import { ok, type Step } from '../../result.js';
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

/**
 * Takes the retiring keys out: they are listed no longer, and the old key of a user is revoked unless its token has
 * expired.
 *
 * @throws NscError `rotation-state` when no key retires, `still-in-use` while the store has a token that servers would
 *   accept and that one of them signed, `policy-refused` when a strict operator would have no signing key left, those of
 *   `getSlotKeys` and of `chooseSigner`
 */
export function finishRotation(context: StepContext, slot: Slot): Stepped {
  const { tree, now } = context;
  const keys = getSlotKeys(tree, slot);
  const { retiring } = keys;
  if (retiring.length === 0) throw rotationState(tree, slot, keys);
  const olds = retiring.map(({ key }) => key);
  refuseInUse(tree, slot, olds, now);
  // signed with what the keyring says now: there they are silent
  const unlisted = unlist(context, slot, retiring);
  const records = retiring.map((info) => without(movedInfo(info, 'removed', now), 'lastToken'));
  const successor = keys.active.find(({ key }) => retiring.some(({ record }) => record?.replacedBy === key));
  return {
    changes: [putRecords(tree, records), ...unlisted],
    steps: retiring.map((info) => removed(context, slot, info)),
    warnings: [],
    accounts: putAccounts(unlisted),
    operatorChanged: unlisted.some(({ type }) => type === 'put-operator'),
    users: [],
    left: [],
    oldKeys: olds,
    ...(successor && { newKey: successor.key }),
  };
}

function unlist(context: StepContext, slot: Slot, retiring: readonly KeyInfo[]): Change[] {
  const { tree } = context;
  const keys = retiring.map(({ key }) => key);
  if (isOperatorSlot(slot)) {
    const { claims } = tree.operator;
    const kept = (claims.nats.signing_keys ?? []).filter((key) => !keys.includes(key));
    const renewed = withOperatorKeys(claims, kept);
    if (claims.nats.strict_signing_key_usage) checkStrictMode(tree, renewed);
    return [signOperator(context, renewed)];
  }
  const account = getSlotAccount(tree, slot);
  if (slot.kind !== 'user') return signChanged(context, account, withoutSigningKeys(account.claims.nats, keys));
  const { nats } = retiring.reduce((claims, info) => revokeOld(context, claims, info), account.claims);
  return signChanged(context, account, withoutCalloutKeys(nats, keys));
}

function revokeOld({ now }: StepContext, claims: AccountClaims, info: KeyInfo): AccountClaims {
  return canBeValid(info, now) ? revokeUser(claims, info.key, { now, issuedAt: info.record?.lastToken?.iat }) : claims;
}

/** Whether the last token of the old key of a user may still be accepted; valid is one up to and including its expiry. */
function canBeValid({ record }: KeyInfo, now: number): boolean {
  const { exp } = record?.lastToken ?? {};
  return exp === undefined || now <= exp;
}

function removed({ tree, now }: StepContext, slot: Slot, info: KeyInfo): Step {
  const what = describeSlot(tree, slot);
  if (slot.kind !== 'user') return ok(`${what}: removed ${info.key}; its seed stays in the keystore`);
  return canBeValid(info, now)
    ? ok(`${what}: revoked ${info.key}`)
    : ok(`${what}: ${info.key} need not be revoked, because its JWT has expired`);
}

import type { Change } from '../../../domain/change.js';
import { revokeUser } from '../../../domain/claims/revocation.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { checkStrictMode } from '../../../domain/trust/strict.js';
import { NscError } from '../../../errors.js';
import { quoteWord } from '../../../lib/display.js';
import { ok, type Step } from '../../result.js';
import { findHolder } from './holders.js';
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
 * Takes the retiring keys out: they are listed no longer, and the old key of a user is revoked, whenever its last token
 * expires: an earlier one may be good for longer.
 *
 * @throws NscError `rotation-state` when no key retires, `still-in-use` while the store has a token that servers would
 *   accept and that one of them signed, `rotation-state` where no key would be left to sign, `policy-refused` when a strict operator would have no signing key left, those of
 *   `getSlotKeys` and of `chooseSigner`
 */
export function finishRotation(context: StepContext, slot: Slot): Stepped {
  const { tree, now } = context;
  const keys = getSlotKeys(tree, slot);
  const { retiring } = keys;
  if (retiring.length === 0) throw rotationState(tree, slot, keys);
  const olds = retiring.map(({ key }) => key);
  refuseInUse(tree, slot, olds, now);
  if (slot.kind === 'user') refuseShared(context, slot, olds);
  if (slot.kind !== 'user' && keys.active.length === 0) throw lastKey(tree, slot, olds);
  // signed with what the keyring says now: there they are silent
  const unlisted = unlist(context, slot, retiring);
  const records = retiring.map((info) => without(movedInfo(info, 'removed', now), 'lastIssued'));
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

/** To revoke a key is to revoke it for every user of the account. */
function refuseShared(context: StepContext, slot: Slot, olds: readonly string[]): void {
  const { name } = getSlotAccount(context.tree, slot);
  for (const key of olds) {
    const other = findHolder(context, key, [name]);
    if (!other) continue;
    const [user, account] = [quoteWord(other.name), quoteWord(name)];
    throw new NscError('still-in-use', `user ${user} of account ${account} has ${key}, too, which would be revoked`, {
      hint: `give it another key first: nsc rotate start --account ${account} --user ${user}`,
      details: { key, account: name, user: other.name },
    });
  }
}

/** Somebody took the new key out by hand. */
function lastKey(tree: Tree, slot: Slot, [old = '']: readonly string[]): NscError {
  return new NscError(
    'rotation-state',
    `${old} cannot leave the ${describeSlot(tree, slot)}: no other key signs there`,
    {
      hint: `let it sign again with: nsc rotate abort ${old}`,
      details: { key: old },
    },
  );
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
  const { now } = context;
  const { nats } = retiring.reduce(
    (claims, { key, record }) => revokeUser(claims, key, { now, issuedAt: record?.lastIssued }),
    account.claims,
  );
  return signChanged(context, account, withoutCalloutKeys(nats, keys));
}

function removed({ tree }: StepContext, slot: Slot, { key }: KeyInfo): Step {
  const what = describeSlot(tree, slot);
  return ok(
    slot.kind === 'user' ? `${what}: revoked ${key}` : `${what}: removed ${key}; its seed stays in the keystore`,
  );
}

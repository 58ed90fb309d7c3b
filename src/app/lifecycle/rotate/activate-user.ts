import { applyChanges } from '../../../domain/apply.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { UserEntry } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quote } from '../../../lib/display.js';
import { ok } from '../../result.js';
import { lifeOfCopies, NOTHING, resignSteps, resignWarnings } from '../resign-report.js';
import { findHolder } from './holders.js';
import { putRecords } from './records.js';
import type { StepContext, Stepped } from './stepped.js';
import { getRotatedUser, putUserKey, type UserSlot } from './user-key.js';

/**
 * Issues the user a token about its new key. The old token lives on until the old key is revoked; what that takes is kept
 * in the record of the key, as the store has one token of a user.
 *
 * @throws NscError `rotation-state` for a user that has another key by now, those of `getRotatedUser` and of `chooseSigner`
 */
export function activateUser(
  context: StepContext,
  slot: UserSlot,
  {
    next,
    olds,
    records,
  }: { readonly next: KeyInfo; readonly olds: readonly KeyInfo[]; readonly records: readonly KeyRecord[] },
): Stepped {
  const { tree } = context;
  const rotated = getRotatedUser(tree, slot);
  refuseAnotherUser(rotated.user, next);
  refuseTaken(context, next);
  const keyring = putRecords(
    tree,
    records.map((record) => (record.state === 'retiring' ? remember(record, rotated.user) : record)),
  );
  const put = putUserKey({ ...context, tree: applyChanges(tree, [keyring]) }, rotated, next.key);
  const users = [put.user];
  return {
    changes: [keyring, ...put.changes],
    steps: [
      ok(`${describeSlot(tree, slot)}: ${next.key} is active now`),
      ...resignSteps({ ...NOTHING, users }),
      ...olds.map(({ key }) => ok(`${key} retires: it is accepted until nsc rotate finish`)),
    ],
    warnings: [
      ...resignWarnings({ ...NOTHING, users }),
      `pass the new creds on: the ones before are accepted until nsc rotate finish, and ${lifeOfCopies(users)}`,
    ],
    accounts: [],
    operatorChanged: false,
    users,
    left: [],
    oldKeys: olds.map(({ key }) => key),
    newKey: next.key,
  };
}

/** A user that was deleted and added again has nothing to do with the key that waited for the one before. */
function refuseAnotherUser({ name, account, claims }: UserEntry, { key, record }: KeyInfo): void {
  const { replaces = 'no key' } = record ?? {};
  if (replaces === claims.sub) return;
  throw new NscError(
    'rotation-state',
    `${key} was to replace ${replaces}, and user ${quote(name)} of account ${quote(account)} has ${claims.sub}`,
    { hint: `begin anew after: nsc rotate abort ${key}`, details: { key, replaces, has: claims.sub } },
  );
}

/** A keyring that was altered must not give a user's rights to the key of another. */
function refuseTaken(context: StepContext, { key }: KeyInfo): void {
  const other = findHolder(context, key, context.tree.accountNames());
  if (!other) return;
  throw new NscError(
    'already-exists',
    `${key} is the key of user ${quote(other.name)} of account ${quote(other.account)}`,
    {
      hint: `begin anew after: nsc rotate abort ${key}`,
      details: { key, account: other.account, user: other.name },
    },
  );
}

const remember = (record: KeyRecord, { claims }: UserEntry): KeyRecord => ({
  ...record,
  lastIssued: Number(claims.iat ?? 0),
});

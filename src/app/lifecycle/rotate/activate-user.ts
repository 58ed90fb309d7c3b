import { applyChanges } from '../../../domain/apply.js';
import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { KeyRecord } from '../../../domain/keyring/keyring.js';
import type { KeyInfo } from '../../../domain/keyring/state.js';
import type { UserEntry } from '../../../domain/tree/tree.js';
import { ok } from '../../result.js';
import { resignWarnings } from '../resign-report.js';
import { putRecords } from './records.js';
import { lifeOfCopies, NOTHING, resignedSteps } from './report.js';
import type { StepContext, Stepped } from './stepped.js';
import { getRotatedUser, putUserKey, type UserSlot } from './user-key.js';

/**
 * Issues the user a token about its new key. The old token lives on until the old key is revoked; what that takes is kept
 * in the record of the key, as the store has one token of a user.
 *
 * @throws NscError those of `getRotatedUser` and of `chooseSigner`
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
      ...resignedSteps({ ...NOTHING, users }),
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

function remember(record: KeyRecord, { claims }: UserEntry): KeyRecord {
  const exp = Number(claims.exp ?? 0);
  return { ...record, lastToken: { iat: Number(claims.iat ?? 0), ...(exp > 0 && { exp }) } };
}

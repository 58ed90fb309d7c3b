import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { AccountClaims, AccountLimits, JetStreamLimits } from '../claims/types.js';
import { getAccount } from './lookup.js';
import type { Tree } from './tree.js';

/** The JetStream limits that stand among the other limits of an account, or in a tier. */
export const JETSTREAM_LIMITS = [
  'mem_storage',
  'disk_storage',
  'streams',
  'consumer',
  'max_ack_pending',
  'mem_max_stream_bytes',
  'disk_max_stream_bytes',
  'max_bytes_required',
] as const satisfies readonly (keyof JetStreamLimits)[];

/** Whether the account may store anything: memory or disk, globally or in a tier (reference: jwt-nkeys.md §3.4). */
export function hasJetStream(account: AccountClaims): boolean {
  const limits = account.nats.limits ?? {};
  return [limits, ...Object.values(limits.tiered_limits ?? {})].some(allowsStorage);
}

/** Whether limits leave room for anything: without memory and disk the others count for nothing. */
export const allowsStorage = ({ mem_storage, disk_storage }: JetStreamLimits): boolean =>
  Number(mem_storage ?? 0) !== 0 || Number(disk_storage ?? 0) !== 0;

/** The limits of a system account: everything about JetStream is zero. */
export function withoutJetStream(limits: AccountLimits): AccountLimits {
  const { tiered_limits: _tiers, ...rest } = limits;
  for (const name of JETSTREAM_LIMITS) delete rest[name];
  return rest;
}

export function isSystemAccount(tree: Tree, account: AccountClaims): boolean {
  const systemAccount = tree.operator.claims.nats.system_account;
  return systemAccount !== undefined && systemAccount !== '' && systemAccount === account.sub;
}

/**
 * The public key of the account that is to become the system account. By name or by key it has to be in the store
 * and to be without JetStream (E-62).
 *
 * @throws NscError `account-not-found`, `policy-refused`
 */
export function getSystemAccount(tree: Tree, nameOrKey: string): string {
  const account = getAccount(tree, nameOrKey, '');
  if (hasJetStream(account.claims)) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} has JetStream limits, which a system account must not have`,
      {
        hint: `remove them first: nsc edit account ${quote(account.name)} --js-disable`,
      },
    );
  }
  return account.claims.sub ?? '';
}

import type { AccountLimits, JetStreamLimits } from './types.js';

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

/** Whether limits leave room for anything: without memory and disk the others count for nothing. */
export const allowsStorage = ({ mem_storage, disk_storage }: JetStreamLimits): boolean =>
  Number(mem_storage ?? 0) !== 0 || Number(disk_storage ?? 0) !== 0;

/** The limits with everything about JetStream gone, tiers too: all of it is zero then. */
export function withoutJetStream(limits: AccountLimits): AccountLimits {
  const { tiered_limits: _tiers, ...rest } = limits;
  for (const name of JETSTREAM_LIMITS) delete rest[name];
  return rest;
}

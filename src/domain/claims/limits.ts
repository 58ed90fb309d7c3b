import type { Shape } from './schema.js';
import { record } from './schema-record.js';
import { boolean, int64, mapOf } from './schema-values.js';
import type { AccountLimits, JetStreamLimits } from './types.js';

/** Limits of a user; the first three of an account (jwt-nkeys.md §3.4, §3.5). */
export const NATS_LIMITS_MEMBERS = { subs: int64, data: int64, payload: int64 };

/** Limits an account has since version 1. */
export const ACCOUNT_LIMITS_MEMBERS = {
  imports: int64,
  exports: int64,
  wildcards: boolean,
  disallow_bearer: boolean,
  conn: int64,
  leaf: int64,
};

const JETSTREAM_MEMBERS = {
  mem_storage: int64,
  disk_storage: int64,
  streams: int64,
  consumer: int64,
  max_ack_pending: int64,
  mem_max_stream_bytes: int64,
  disk_max_stream_bytes: int64,
  max_bytes_required: boolean,
};

const FLAT_JETSTREAM = Object.keys(JETSTREAM_MEMBERS);

const LIMITS = record<AccountLimits>({
  ...NATS_LIMITS_MEMBERS,
  ...ACCOUNT_LIMITS_MEMBERS,
  ...JETSTREAM_MEMBERS,
  tiered_limits: mapOf(record<JetStreamLimits>(JETSTREAM_MEMBERS)),
});

/** The limits of an account. Tiers erase the flat JetStream limits when a token is read (jwt-nkeys.md §3.4). */
export const ACCOUNT_LIMITS: Shape<AccountLimits> = {
  ...LIMITS,
  read: (value) => {
    const limits = LIMITS.read(value) as Record<string, object | undefined>;
    if (Object.keys(limits.tiered_limits ?? {}).length > 0) for (const name of FLAT_JETSTREAM) delete limits[name];
    return limits as ReturnType<typeof LIMITS.read>;
  },
};

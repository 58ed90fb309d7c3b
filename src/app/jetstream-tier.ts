import { allowsStorage, JETSTREAM_LIMITS } from '../domain/claims/jetstream.js';
import type { AccountLimits, JetStreamLimits } from '../domain/claims/types.js';
import { NscError } from '../errors.js';

/** What a tier holds that got its first limit: nothing else is limited (reference: nsc-core.md §9.9). */
export const FIRST_LIMITS: JetStreamLimits = {
  streams: -1,
  consumer: -1,
  max_ack_pending: -1,
  mem_max_stream_bytes: -1,
  disk_max_stream_bytes: -1,
};

/** Whether a tier holds no limit yet. */
export const isUnset = (tier: JetStreamLimits | undefined): boolean =>
  JETSTREAM_LIMITS.every((name) => name === 'max_bytes_required' || !tier?.[name]);

/** `global`, `R3`. */
export const tierLabel = (tierNumber: number): string => (tierNumber === 0 ? 'global' : `R${tierNumber}`);

/**
 * The limits of a tier, after checking that tiers and global limits do not meet (rule L1).
 *
 * @param number 0 for the limits of all streams
 * @throws NscError `policy-refused`
 */
export function readTier(limits: AccountLimits, number: number): JetStreamLimits | undefined {
  const tiers = limits.tiered_limits ?? {};
  if (number === 0) {
    if (Object.keys(tiers).length > 0) {
      throw new NscError(
        'policy-refused',
        `the account has JetStream limits for tiers ${Object.keys(tiers).join(', ')}, so it cannot have global ones`,
        {
          hint: 'name a tier with --js-tier, or remove the tiers first with --js-disable',
        },
      );
    }
    const flat = JETSTREAM_LIMITS.map((name) => [name, limits[name]] as const);
    return Object.fromEntries(flat.filter(([, limit]) => limit !== undefined));
  }
  if (allowsStorage(limits)) {
    throw new NscError(
      'policy-refused',
      'the account has global JetStream limits, so it cannot have limits for tiers',
      {
        hint: 'remove them first with --js-disable',
      },
    );
  }
  return tiers[tierLabel(number)];
}

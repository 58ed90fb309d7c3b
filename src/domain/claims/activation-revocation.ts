import { revoke, timeOf } from './revocation.js';
import type { Export, Int64 } from './types.js';

/**
 * Lists an account, or `*` for all, as having no right any more to import an export with an activation that was issued
 * until then. A later time that is there already stays (jwt-nkeys.md §3.4).
 *
 * @param at Unix seconds
 */
export function revokeActivation(entry: Export, accountKey: string, at: Int64): Export {
  return { ...entry, revocations: { ...revoke(entry.revocations, accountKey, at) } };
}

/** Takes an account, or `*`, off the list: its activations count again. Undefined when it is not listed. */
export function forgiveActivation(entry: Export, accountKey: string): Export | undefined {
  const { revocations = {}, ...rest } = entry;
  if (timeOf(revocations, accountKey) === undefined) return undefined;
  const { [accountKey]: _forgiven, ...kept } = revocations;
  return Object.keys(kept).length === 0 ? rest : { ...rest, revocations: kept };
}

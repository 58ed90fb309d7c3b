import type { Import } from '../claims/types.js';

/**
 * The subject in the importing account, as it is written (`$1` stands for what the first `*` of the remote one matched).
 * The deprecated `to` is a prefix of the remote subject of a stream (jwt-nkeys.md §3.4).
 */
export function localSubject({ type, subject = '', to, local_subject: local }: Import): string {
  if (local) return local;
  return to && type !== 'service' ? `${to}.${subject}` : subject;
}

import type { AccountLimits, Int64, JetStreamLimits } from '../../domain/claims/types.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { bytesText, limitText, type Row } from './rows.js';

/** One group for the whole account, or one per tier in the order of their names. */
export function jetStreamGroups(limits: AccountLimits): Row[][] {
  const tiers = Object.entries(limits.tiered_limits ?? {}).sort(([a], [b]) => compareBytes(a, b));
  if (tiers.length > 0) return tiers.map(([tier, own]) => [['Jetstream Tier', tier], ...jetStreamRows(own)]);
  const enabled = (limits.mem_storage ?? 0) !== 0 || (limits.disk_storage ?? 0) !== 0;
  return [enabled ? [['Jetstream', 'Enabled'], ...jetStreamRows(limits)] : [['Jetstream', 'Disabled']]];
}

/** Storage of 0 is none; the last four are caps, of which 0 is none either (reference: jwt-nkeys.md §3.4). */
function jetStreamRows(limits: JetStreamLimits): Row[] {
  return [
    ['Max Disk Storage', storageText(limits.disk_storage)],
    ['Max Mem Storage', storageText(limits.mem_storage)],
    ['Max Streams', limitText(limits.streams)],
    ['Max Consumers', limitText(limits.consumer)],
    ['Max Ack Pending', capText(limits.max_ack_pending, limitText)],
    ['Max Bytes', limits.max_bytes_required ? 'Required' : 'Optional'],
    ['Max Memory Stream', capText(limits.mem_max_stream_bytes, bytesText)],
    ['Max Disk Stream', capText(limits.disk_max_stream_bytes, bytesText)],
  ];
}

const storageText = (limit: Int64 | undefined): string => ((limit ?? 0) === 0 ? 'Disabled' : bytesText(limit));

const capText = (limit: Int64 | undefined, text: (limit: Int64) => string): string => text(limit || -1);

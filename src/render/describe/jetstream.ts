import { allowsStorage } from '../../domain/claims/jetstream.js';
import type { AccountLimits, Int64, JetStreamLimits } from '../../domain/claims/types.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { bytesText, limitText, type Row } from './rows.js';

/** One group for the whole account, or one per tier in the order of their names; a broken account may have both. */
export function jetStreamGroups(limits: AccountLimits): Row[][] {
  const tiers = Object.entries(limits.tiered_limits ?? {}).sort(([a], [b]) => compareBytes(a, b));
  const groups = tiers.map(([tier, own]): Row[] => [['Jetstream Tier', tier], ...jetStreamRows(own)]);
  if (allowsStorage(limits)) groups.push([['Jetstream', 'Enabled'], ...jetStreamRows(limits)]);
  return groups.length > 0 ? groups : [[['Jetstream', 'Disabled']]];
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

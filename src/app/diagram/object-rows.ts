import { allowsStorage } from '../../domain/claims/jetstream.js';
import type {
  AccountLimits,
  Int64,
  JetStreamLimits,
  Permissions,
  RegisteredClaims,
  UserPermissionLimits,
} from '../../domain/claims/types.js';
import { formatBytes } from '../../lib/amount.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { formatGoDuration } from '../../lib/duration.js';
import { formatDate } from '../../lib/moment.js';

/** A line of an object; texts are as in the token. */
export type Row = readonly [label: string, value: string];

/** Rows under a heading, or under none. */
export interface Block {
  readonly title?: string;
  readonly rows: readonly Row[];
}

const count = (label: string, limit: Int64 = 0): Row => [label, limit < 0 ? 'unlimited' : String(limit)];
const bytes = (label: string, limit: Int64 = 0): Row => [label, limit < 0 ? 'unlimited' : formatBytes(limit)];
const list = (label: string, values: readonly string[] | undefined): Row[] =>
  values?.length ? [[label, values.join(', ')]] : [];

/** A row, unless there is nothing to say. */
export const text = (label: string, value: string | undefined): Row[] => (value ? [[label, value]] : []);

/** What tokens of every kind say about themselves. */
export function tokenRows({ iat, nbf, exp }: RegisteredClaims, body: { tags?: string[]; version?: Int64 }): Row[] {
  return [
    ...list('Tags', body.tags),
    ...(iat ? [['Issued At', formatDate(iat)] as const] : []),
    ['Valid From', nbf ? formatDate(nbf) : 'always'],
    ['Expires', exp ? formatDate(exp) : 'never'],
    ['JWT Version', String(body.version ?? 1)],
  ];
}

/** The limits of an account; JetStream as one block, or as one for each tier, or none where it may store nothing. */
export function accountLimitBlocks(limits: AccountLimits): Block[] {
  const tiers = Object.entries(limits.tiered_limits ?? {}).sort(([a], [b]) => compareBytes(a, b));
  return [
    {
      title: 'Account Limits',
      rows: [
        count('Max Imports', limits.imports),
        count('Max Exports', limits.exports),
        ['Wildcard Exports', String(limits.wildcards ?? false)],
        ['Bearer Tokens Disallowed', String(limits.disallow_bearer ?? false)],
        count('Max Connections', limits.conn),
        count('Max Leaf Nodes', limits.leaf),
      ],
    },
    natsLimits(limits),
    ...tiers.map(([tier, own]) => jetStreamBlock(`Jetstream Limits ${tier}`, own)),
    ...(allowsStorage(limits) ? [jetStreamBlock('Jetstream Limits', limits)] : []),
  ];
}

/** The limits a user or the template of a role has beside permissions. */
export function userLimitBlocks(limits: UserPermissionLimits): Block[] {
  const times = (limits.times ?? []).map(({ start = '', end = '' }) => `${start}-${end}`);
  return [
    natsLimits(limits),
    {
      title: 'User Limits',
      rows: [
        ['Bearer Token', String(limits.bearer_token ?? false)],
        ...(limits.proxy_required ? [['Proxy Required', 'true'] as const] : []),
        ...list('Network Src', limits.src),
        ...list('Time', times),
        ...text('Locale', limits.times_location),
        ...list('Connection Types', limits.allowed_connection_types),
      ],
    },
  ];
}

/** What may be published and subscribed to; none without any rule. */
export function permissionRows({ pub, sub, resp }: Permissions): Row[] {
  return [
    ...list('Pub Allow', pub?.allow),
    ...list('Pub Deny', pub?.deny),
    ...list('Sub Allow', sub?.allow),
    ...list('Sub Deny', sub?.deny),
    ...(resp ? ([count('Max Responses', resp.max), ['Response Ttl', formatGoDuration(resp.ttl ?? 0)]] as const) : []),
  ];
}

const natsLimits = ({ subs, data, payload }: { subs?: Int64; data?: Int64; payload?: Int64 }): Block => ({
  title: 'Nats Limits',
  rows: [count('Max Subscriptions', subs), bytes('Max Data', data), bytes('Max Payload', payload)],
});

const jetStreamBlock = (title: string, limits: JetStreamLimits): Block => ({
  title,
  rows: [
    bytes('Max Memory Storage', limits.mem_storage),
    bytes('Max Disk Storage', limits.disk_storage),
    count('Max Streams', limits.streams),
    count('Max Consumers', limits.consumer),
    count('Max Ack Pending', limits.max_ack_pending || -1),
    bytes('Max Memory Stream', limits.mem_max_stream_bytes || -1),
    bytes('Max Disk Stream', limits.disk_max_stream_bytes || -1),
    ['Max Bytes Required', String(limits.max_bytes_required ?? false)],
  ],
});

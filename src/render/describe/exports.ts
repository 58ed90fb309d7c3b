import type { Export } from '../../domain/claims/types.js';
import { type Row, type Table, yesNo } from './rows.js';

/** The exports, and what is said about them where anything is. */
export function exportTables(exports: readonly Export[]): Table[] {
  if (exports.length === 0) return [];
  const described = exports.filter(({ description, info_url }) => description || info_url);
  return [{ title: 'Exports', head: HEAD, groups: [exports.map(exportRow)] }, ...descriptionTables(described)];
}

const HEAD = ['Name', 'Type', 'Subject', 'Account Token Position', 'Public', 'Revocations', 'Tracking', 'Allow Trace'];

function exportRow(entry: Export): Row {
  const service = entry.type === 'service';
  return [
    entry.name ?? '',
    typeText(entry.type),
    entry.subject ?? '',
    entry.account_token_position ? String(entry.account_token_position) : '-',
    yesNo(!entry.token_req),
    String(Object.keys(entry.revocations ?? {}).length),
    service ? trackingText(entry) : 'N/A',
    service ? yesNo(entry.allow_trace) : 'N/A',
  ];
}

function trackingText({ service_latency: latency }: Export): string {
  if (!latency) return '-';
  const { sampling = 0, results = '' } = latency;
  return typeof sampling === 'string' || sampling === 0 ? `${results} (headers)` : `${results} (${sampling}%)`;
}

function descriptionTables(exports: readonly Export[]): Table[] {
  if (exports.length === 0) return [];
  const rows = exports.map((entry) => [
    entry.name ?? '',
    (entry.description ?? '').replaceAll('\n', ' '),
    entry.info_url ?? '',
  ]);
  return [{ title: 'Exports - Descriptions', head: ['Name', 'Description', 'Info Url'], groups: [rows] }];
}

/** `Stream` or `Service`. */
export function typeText(type: Export['type']): string {
  if (type === undefined) return 'Unknown';
  return type === 'stream' ? 'Stream' : 'Service';
}

import type { Export } from '../../domain/claims/types.js';
import { formatGoDuration } from '../../lib/duration.js';
import { revocationRows } from './revocations.js';
import { type Row, type Table, yesNo } from './rows.js';

/** The exports, and what is said about them where anything is. */
export function exportTables(exports: readonly Export[]): Table[] {
  if (exports.length === 0) return [];
  const described = exports.filter(({ description, info_url }) => description || info_url);
  return [
    { title: 'Exports', head: HEAD, groups: [exports.map(exportRow)] },
    ...descriptionTables(described),
    ...responseTables(exports),
    ...revokedTables(exports),
  ];
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

/** How services answer and what is advertised, where anything differs from what is usual; nsc never shows it (E-64). */
function responseTables(exports: readonly Export[]): Table[] {
  const special = exports.filter(
    ({ response_type: type, response_threshold: threshold, advertise }) =>
      (type && type !== 'Singleton') || threshold || advertise,
  );
  if (special.length === 0) return [];
  const rows = special.map((entry) => [
    entry.name ?? '',
    entry.subject ?? '',
    entry.response_type ?? '',
    entry.response_threshold ? formatGoDuration(entry.response_threshold) : '',
    yesNo(entry.advertise),
  ]);
  const head = ['Name', 'Subject', 'Response Type', 'Response Threshold', 'Advertised'];
  return [{ title: 'Exports - Responses', head, groups: [rows] }];
}

/** Whose activations are revoked, and up to which time of issue. */
function revokedTables(exports: readonly Export[]): Table[] {
  const rows = exports.flatMap(({ name = '', subject = '', revocations }) =>
    revocationRows(revocations).map((row) => [name, subject, ...row]),
  );
  if (rows.length === 0) return [];
  return [{ title: 'Exports - Revocations', head: ['Name', 'Subject', 'Account', 'Issued Up To'], groups: [rows] }];
}

/** `Stream` or `Service`. */
export function typeText(type: Export['type']): string {
  if (type === undefined) return 'Unknown';
  return type === 'stream' ? 'Stream' : 'Service';
}

import type { Int64 } from '../../domain/claims/types.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { dateText, type Row, type Table } from './rows.js';

/** Revocations that are shown; JSON has them all. */
const SHOWN = 100;

/** Whose tokens are revoked, and up to which time of issue; nsc only counts them (E-64). */
export function revocationTables(revocations: Readonly<Record<string, Int64>>): Table[] {
  const rows = revocationRows(revocations);
  if (rows.length === 0) return [];
  const more: Row[] = rows.length > SHOWN ? [[`\u2026 and ${rows.length - SHOWN} more`, '']] : [];
  return [{ title: 'Revocations', head: ['User', 'Issued Up To'], groups: [[...rows.slice(0, SHOWN), ...more]] }];
}

/** One row per key, in the order of the keys. */
export function revocationRows(revocations: Readonly<Record<string, Int64>> = {}): Row[] {
  return Object.entries(revocations)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([key, time]) => [key === '*' ? '* (everybody)' : key, dateText(time)]);
}

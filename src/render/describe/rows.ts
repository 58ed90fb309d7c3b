import type { Int64 } from '../../domain/claims/types.js';
import { formatBytes } from '../../lib/amount.js';
import { formatDate } from '../../lib/moment.js';

/** The cells of a line, as many as the table has columns. */
export type Row = readonly string[];

/** A table to be framed. Groups are set apart by a rule; empty ones do not show. */
export interface Table {
  readonly title: string;
  readonly head?: Row;
  readonly groups: readonly (readonly Row[])[];
}

/** What a table shows beside the claims. */
export interface View {
  /** Public key → display name. */
  readonly names: ReadonlyMap<string, string>;
  /** Unix seconds. */
  readonly now: number;
}

/** One row per value with the label on the first; none without values. */
export function listRows(label: string, values: readonly string[] | undefined): Row[] {
  return (values ?? []).map((value, at) => [at === 0 ? label : '', value]);
}

/** A row unless the text is absent or empty. */
export function textRow(label: string, text: string | undefined): Row[] {
  return text === undefined || text === '' ? [] : [[label, text]];
}

/** A number, or what a negative one stands for. An absent number is 0. */
export function limitText(limit: Int64 | undefined): string {
  const number = limit ?? 0;
  return number < 0 ? 'Unlimited' : String(number);
}

/** The same for bytes, readable and exact: `1.1 GB (1073741824 bytes)`. */
export function bytesText(limit: Int64 | undefined): string {
  const number = limit ?? 0;
  return number < 0 ? 'Unlimited' : `${formatBytes(number)} (${number} bytes)`;
}

/** A time in UTC; blank for none. */
export function dateText(seconds: Int64 | undefined): string {
  return seconds ? formatDate(seconds) : '';
}

/** A key with the name it is known by: `KEY / NAME`. */
export function keyText(key: string, { names }: View): string {
  const name = names.get(key);
  return name === undefined ? key : `${key} / ${name}`;
}

export const yesNo = (value: boolean | undefined): string => (value ? 'Yes' : 'No');

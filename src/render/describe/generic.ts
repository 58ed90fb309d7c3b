import type { GenericClaims } from '../../domain/claims/types.js';
import { jsonLine } from '../json-text.js';
import { otherRows, REGISTERED } from './other.js';
import type { Row, Table, View } from './rows.js';
import { standardRows } from './standard.js';

/** Any other kind of claims: what all tokens have, then every member of the body under its path. */
export function genericTables(title: string, claims: GenericClaims, view: View): Table[] {
  const standard = standardRows('Subject', claims, {}, view);
  return [{ title, groups: [standard, memberRows('', claims.nats ?? {}), otherRows('', claims, REGISTERED)] }];
}

function memberRows(path: string, value: unknown): Row[] {
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.keys(value)
      .sort()
      .flatMap((member) => memberRows(path === '' ? member : `${path}.${member}`, value[member]));
  }
  return path === '' ? [] : [[path, typeof value === 'string' ? value : jsonLine(value)]];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

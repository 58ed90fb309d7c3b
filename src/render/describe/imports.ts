import type { Import } from '../../domain/claims/types.js';
import { localSubject } from '../../domain/sharing/local-subject.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { NscError } from '../../errors.js';
import type { JsonValue } from '../../lib/int64-json.js';
import { typeText } from './exports.js';
import { payloadOf } from './payload.js';
import { dateText, type Row, type Table, type View, yesNo } from './rows.js';

/** The imports. Activations that are kept at a URL are not fetched: a description never touches the network. */
export function importTables(imports: readonly Import[], view: View): Table[] {
  if (imports.length === 0) return [];
  return [
    { title: 'Imports', head: HEAD, groups: [imports.map((entry) => importRow(entry, view))] },
    ...accessTables(imports),
  ];
}

const HEAD = ['Name', 'Type', 'Remote', 'Local', 'Expires', 'From Account', 'Public', 'Allow Trace'];

function importRow(entry: Import, { names }: View): Row {
  const { name = '', type, account = '', token } = entry;
  return [
    name,
    typeText(type),
    remoteSubject(entry),
    localSubject(entry),
    token ? expiryOf(token) : '',
    names.get(account) ?? account,
    yesNo(!token),
    type === 'stream' ? yesNo(entry.allow_trace) : 'N/A',
  ];
}

/** Where activations come from and what the exporter is told, where there is anything; nsc never shows it (E-64). */
function accessTables(imports: readonly Import[]): Table[] {
  const special = imports.filter(({ token, share }) => token || share);
  if (special.length === 0) return [];
  const rows = special.map((entry) => [
    entry.name ?? '',
    remoteSubject(entry),
    entry.token ? activationText(entry.token) : '',
    yesNo(entry.share),
  ]);
  return [{ title: 'Imports - Access', head: ['Name', 'Remote', 'Activation', 'Shares Client'], groups: [rows] }];
}

const isUrl = (token: string): boolean => /^[a-z]+:\/\//i.test(token);

function activationText(token: string): string {
  if (isUrl(token)) return token;
  const issuer = memberOf(token, 'iss');
  if (issuer === undefined) return 'Unreadable';
  return typeof issuer === 'string' ? `issued by ${issuer}` : '';
}

/** When the activation ends, as far as the token says so itself. */
function expiryOf(token: string): string {
  if (isUrl(token)) return 'At URL';
  const exp = memberOf(token, 'exp');
  if (exp === undefined) return 'Unreadable';
  return typeof exp === 'number' || typeof exp === 'bigint' ? dateText(exp) : '';
}

/** A member of the payload, null when it has none; undefined for what cannot be read. */
function memberOf(token: string, name: string): JsonValue | undefined {
  try {
    const payload = payloadOf(token);
    const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
    return isObject ? (payload[name] ?? null) : null;
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}

import type { Import } from '../../domain/claims/types.js';
import { NscError } from '../../errors.js';
import { typeText } from './exports.js';
import { payloadOf } from './payload.js';
import { dateText, type Row, type Table, type View, yesNo } from './rows.js';

/** The imports. Activations that are kept at a URL are not fetched: a description never touches the network. */
export function importTables(imports: readonly Import[], view: View): Table[] {
  if (imports.length === 0) return [];
  return [{ title: 'Imports', head: HEAD, groups: [imports.map((entry) => importRow(entry, view))] }];
}

const HEAD = ['Name', 'Type', 'Remote', 'Local', 'Expires', 'From Account', 'Public', 'Allow Trace'];

function importRow(entry: Import, { names }: View): Row {
  const { name = '', type, account = '', token } = entry;
  const { remote, local } = subjectsOf(entry);
  return [
    name,
    typeText(type),
    remote,
    local,
    token ? expiryOf(token) : '',
    names.get(account) ?? account,
    yesNo(!token),
    type === 'stream' ? yesNo(entry.allow_trace) : 'N/A',
  ];
}

/**
 * Where messages come from and where they arrive. The deprecated `to` is the remote subject of a service and a prefix
 * of a stream.
 */
function subjectsOf({ type, subject = '', to, local_subject }: Import): { remote: string; local: string } {
  if (local_subject) return { remote: subject, local: local_subject };
  if (!to) return { remote: subject, local: subject };
  return type === 'service' ? { remote: to, local: subject } : { remote: subject, local: `${to}.${subject}` };
}

/** When the activation ends, as far as the token says so itself. */
function expiryOf(token: string): string {
  if (/^[a-z]+:\/\//i.test(token)) return 'At URL';
  try {
    const payload = payloadOf(token);
    const exp = typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload.exp : undefined;
    return typeof exp === 'number' || typeof exp === 'bigint' ? dateText(exp) : '';
  } catch (error) {
    if (error instanceof NscError) return 'Unreadable';
    throw error;
  }
}

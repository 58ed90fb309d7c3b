import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { goLower, goTrim } from '../../lib/go-lower.js';
import { isCidr } from './check/cidr.js';
import { checkAccountServerUrl, checkServiceUrl } from './check/operator.js';
import { checkPermissionEntry } from './check/permissions.js';
import { isTimeOfDay } from './check/time-range.js';
import { isTimeZone } from './check/time-zone.js';
import type { Issue, TimeRange } from './types.js';

/**
 * How people write values of claims on a command line (nsc-core.md §6). Every reader gives the value as claims hold
 * it, or throws `bad-value`.
 */

/** The kinds of connection a user may be confined to. */
export const CONNECTION_TYPES: readonly string[] = [
  'STANDARD',
  'WEBSOCKET',
  'LEAFNODE',
  'LEAFNODE_WS',
  'MQTT',
  'MQTT_WS',
  'IN_PROCESS',
];

/** A network: trimmed, in lower case, and checked, which nsc leaves to `validate` (E-34). */
export function readCidr(text: string): string {
  const network = goLower(goTrim(text));
  if (isCidr(network)) return network;
  throw new NscError('bad-value', `${quote(text)} is not a network in CIDR notation`, {
    hint: 'write an address and a prefix length, such as 192.0.2.0/24 or 2001:db8::/32',
  });
}

/** `HH:MM:SS-HH:MM:SS`; a start after the end means a range across midnight. */
export function readTimeRange(text: string): TimeRange {
  const [start = '', end = '', ...more] = text.split('-');
  if (more.length === 0 && isTimeOfDay(start) && isTimeOfDay(end)) return { start, end };
  throw new NscError('bad-value', `${quote(text)} is not a time range`, {
    hint: 'write HH:MM:SS-HH:MM:SS, such as 08:00:00-17:30:00',
  });
}

/** The name of a time zone, spelled as in the IANA database; nothing means `UTC`. */
export function readLocale(text: string): string {
  if (text === '') return 'UTC';
  if (isTimeZone(text)) return text;
  throw new NscError('bad-value', `${quote(text)} is not the name of a time zone`, {
    hint: 'write a name of the IANA database with its capitals, such as Europe/Berlin',
  });
}

/** One of {@link CONNECTION_TYPES}, in any letter case. */
export function readConnectionType(text: string): string {
  const type = text.toUpperCase();
  if (CONNECTION_TYPES.includes(type)) return type;
  throw new NscError('bad-value', `${quote(text)} is not a connection type`, {
    hint: `use one of ${CONNECTION_TYPES.join(', ')}`,
  });
}

/** An entry of a publish list: a subject, wildcards allowed. The empty text is allowed and means none. */
export function readPublishSubject(text: string): string {
  return text === '' ? text : unlessBroken(text, checkPermissionEntry(text, 'publish'), SUBJECT_HINT);
}

/** An entry of a subscribe list: a subject, or a subject, one space and a queue. The empty text means none. */
export function readSubscribeSubject(text: string): string {
  return text === '' ? text : unlessBroken(text, checkPermissionEntry(text, 'subscribe'), SUBJECT_HINT);
}

const SUBJECT_HINT = 'write tokens with dots between them, such as orders.*.new; "subject queue" only to subscribe';

/** A server URL without credentials and path, in lower case; the empty text is allowed and means none. */
export function readServiceUrl(text: string): string {
  const hint = 'write nats://, tls://, ws:// or wss:// and a host, such as nats://host:4222';
  return unlessBroken(goLower(text), checkServiceUrl(text), hint);
}

/** Where account JWTs are found: a URL of any scheme. */
export function readAccountServerUrl(text: string): string {
  if (text === '') throw new NscError('bad-value', 'the empty text is not a URL');
  return unlessBroken(text, checkAccountServerUrl(text), 'write nats://host:4222 or https://host/jwt/v1');
}

/** A tag: trimmed and in lower case; empty when nothing is left, and then to be dropped. */
export function readTag(text: string): string {
  return goLower(goTrim(text));
}

function unlessBroken(value: string, [broken]: readonly Issue[], hint: string): string {
  if (broken === undefined) return value;
  throw new NscError('bad-value', broken.message, { hint });
}

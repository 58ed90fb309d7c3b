import { isIPv6 } from './ip-address.js';

/** The parts of a URL that rules and callers ask for. */
export interface ParsedUrl {
  /** Lower case; empty for a relative reference. */
  readonly scheme: string;
  /** True when there is an `@` before the host, even with nothing before it. */
  readonly hasUserInfo: boolean;
  /** Host without port and without the brackets of an IPv6 address; still percent-encoded. */
  readonly hostname: string;
  /** Digits after the host's colon; empty when absent. */
  readonly port: string;
  /** Still percent-encoded; empty for `nats:opaque`. */
  readonly path: string;
}

/**
 * Splits a URL as Go's `net/url.Parse` does; undefined where it fails. Far more lenient than a WHATWG URL: `nats:`,
 * `http:` and port 99999 parse, a reference without scheme does too (jwt-nkeys.md §3.9).
 *
 * Brackets must hold an IPv6 address, as in current releases of Go.
 */
export function parseUrl(text: string): ParsedUrl | undefined {
  const hash = text.indexOf('#');
  const whole = hash < 0 ? text : text.slice(0, hash);
  if (hash >= 0 && !isEscaped(text.slice(hash + 1))) return undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\x00-\x1f\x7f]/.test(whole)) return undefined;
  if (whole === '*') return parts({ path: '*' });

  if (whole.startsWith(':')) return undefined;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(whole)?.[1] ?? '';
  const rest = (scheme === '' ? whole : whole.slice(scheme.length + 1)).replace(/\?.*$/s, '');
  return scheme === '' ? parseReference(rest) : parseAfterScheme(scheme.toLowerCase(), rest);
}

function parts(given: Partial<ParsedUrl>): ParsedUrl {
  return { scheme: '', hasUserInfo: false, hostname: '', port: '', path: '', ...given };
}

function parseAfterScheme(scheme: string, rest: string): ParsedUrl | undefined {
  if (!rest.startsWith('/')) return parts({ scheme });
  return rest.startsWith('//') ? parseHierarchy(scheme, rest) : parsePath(scheme, rest);
}

function parseReference(rest: string): ParsedUrl | undefined {
  const firstSegment = rest.split('/', 1)[0] ?? '';
  if (firstSegment.includes(':')) return undefined;
  return rest.startsWith('//') && !rest.startsWith('///') ? parseHierarchy('', rest) : parsePath('', rest);
}

function parsePath(scheme: string, path: string): ParsedUrl | undefined {
  return isEscaped(path) ? parts({ scheme, path }) : undefined;
}

/** `//[userinfo@]host[:port][/path]`. */
function parseHierarchy(scheme: string, rest: string): ParsedUrl | undefined {
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const userInfo = authority.slice(0, Math.max(at, 0));
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userInfo) || !isEscaped(userInfo) || !isEscaped(path)) return undefined;
  const host = splitHost(authority.slice(at + 1));
  return host === undefined ? undefined : { scheme, hasUserInfo: at >= 0, ...host, path };
}

function splitHost(host: string): { hostname: string; port: string } | undefined {
  if (host.startsWith('[')) return splitBracketed(host);
  if (host.includes('[') || !isHostText(host)) return undefined;
  const colon = host.lastIndexOf(':');
  if (colon < 0) return { hostname: host, port: '' };
  const port = host.slice(colon + 1);
  return /^[0-9]*$/.test(port) ? { hostname: host.slice(0, colon), port } : undefined;
}

/** An IPv6 address in brackets, with a zone after `%25` if need be. */
function splitBracketed(host: string): { hostname: string; port: string } | undefined {
  const end = host.lastIndexOf(']');
  const port = /^(?::([0-9]*))?$/.exec(host.slice(end + 1));
  if (end < 0 || port === null || host.lastIndexOf('[') > 0) return undefined;
  const hostname = host.slice(1, end);
  const zoneAt = hostname.indexOf('%25');
  const address = zoneAt < 0 ? hostname : hostname.slice(0, zoneAt);
  const zone = zoneAt < 0 ? undefined : hostname.slice(zoneAt + 3);
  if (!isIPv6(address) || (zone !== undefined && !isZone(zone))) return undefined;
  return { hostname, port: port[1] ?? '' };
}

const HOST_CHARACTERS = '[^\\x00-\\x7f]|[A-Za-z0-9!"$&\'()*+,\\-.:;<=>[\\]_~]';
const HOST_TEXT = new RegExp(`^(?:${HOST_CHARACTERS}|%25|%[89a-fA-F][0-9a-fA-F])*$`);
const ZONE_PLAIN = new RegExp(`^(?:${HOST_CHARACTERS})$`);
const ZONE_TOKENS = new RegExp(`^(?:${HOST_CHARACTERS}|%[0-7][0-9a-fA-F])+$`);

/** Percent signs in a host may only encode bytes beyond ASCII, or a percent sign. */
function isHostText(host: string): boolean {
  return HOST_TEXT.test(host);
}

/** In a zone they may also encode what could stand there unencoded, and a space. */
function isZone(zone: string): boolean {
  if (!ZONE_TOKENS.test(zone)) return false;
  return (zone.match(/%[0-9a-fA-F]{2}/g) ?? []).every((encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return character === '%' || character === ' ' || ZONE_PLAIN.test(character);
  });
}

/** Every percent sign is followed by two hexadecimal digits. */
function isEscaped(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

/**
 * IP addresses as Go's `netip.ParseAddr` reads them, without zones (jwt-nkeys.md §3.9).
 */

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Four decimal octets without leading zeros. */
export function isIPv4(text: string): boolean {
  return IPV4.test(text);
}

/** Eight groups of hexadecimal digits, of which `::` replaces at least one; the last two may be an IPv4 address. */
export function isIPv6(text: string): boolean {
  const gap = text.indexOf('::');
  if (gap < 0) return countGroups(text) === 8;
  const before = text.slice(0, gap);
  const after = text.slice(gap + 2);
  const left = before === '' ? 0 : countGroups(before, false);
  const right = after === '' ? 0 : countGroups(after);
  return left + right <= 7;
}

/** How many 16-bit groups a text without `::` has; infinitely many when it is malformed. */
function countGroups(text: string, mayEndInIPv4 = true): number {
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  const endsInIPv4 = mayEndInIPv4 && isIPv4(last);
  if (endsInIPv4) groups.pop();
  return groups.every((group) => GROUP.test(group)) ? groups.length + (endsInIPv4 ? 2 : 0) : Number.POSITIVE_INFINITY;
}

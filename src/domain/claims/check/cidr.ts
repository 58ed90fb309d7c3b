import { isIPv4, isIPv6 } from './ip-address.js';

/**
 * Whether a text is a network in CIDR notation as Go's `net.ParseCIDR` reads it: host bits may be set and the prefix
 * length may have leading zeros; dotted masks, zones, signs and spaces are refused (jwt-nkeys.md §3.9).
 */
export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  if (!/^[0-9]+$/.test(length)) return false;
  if (isIPv4(address)) return Number(length) <= 32;
  return isIPv6(address) && Number(length) <= 128;
}

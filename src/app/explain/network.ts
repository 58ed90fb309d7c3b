/**
 * Whether a network in CIDR notation contains an address, as Go's `net.IPNet.Contains` decides: an IPv4 address written as
 * IPv6 (`::ffff:192.0.2.1`) is the IPv4 address it stands for.
 *
 * @param network what `isCidr` accepts
 * @param address what `isIPv4` or `isIPv6` accepts
 */
export function containsAddress(network: string, address: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const isWide = base.includes(':');
  // a network that is wider than all IPv4 addresses is one of IPv6, whatever it begins with
  const at = isWide && Number(length) < 96 ? allOctetsOf(base) : octetsOf(base);
  const wanted = octetsOf(address);
  if (at.length !== wanted.length) return false;
  const bits = Number(length) - (isWide && at.length === 4 ? 96 : 0);
  return at.every((octet, index) => {
    const counted = Math.min(Math.max(bits - index * 8, 0), 8);
    const mask = (0xff << (8 - counted)) & 0xff;
    return (octet & mask) === ((wanted[index] ?? 0) & mask);
  });
}

/** Four octets, or 16 of an IPv6 address that is no IPv4 address. */
function octetsOf(address: string): number[] {
  if (!address.includes(':')) return address.split('.').map(Number);
  const octets = allOctetsOf(address);
  const isMapped = octets.slice(0, 10).every((octet) => octet === 0) && octets[10] === 0xff && octets[11] === 0xff;
  return isMapped ? octets.slice(12) : octets;
}

/** The 16 octets of an IPv6 address. */
function allOctetsOf(address: string): number[] {
  const [left = '', right] = address.split('::');
  const [before, after] = [groupsOf(left), groupsOf(right ?? '')];
  const gap = right === undefined ? 0 : 16 - before.length - after.length;
  return [...before, ...Array<number>(gap).fill(0), ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** The checksum of nkeys: CRC-16/XMODEM, polynomial 0x1021, start 0, no reflection (jwt-nkeys.md §1.1). */

/** What four bits that leave the register add to it. */
const TABLE = [
  0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad,
  0xe1ce, 0xf1ef,
] as const;

/** The checksum of all bytes, 0…65535. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    crc = ((crc << 4) & 0xffff) ^ (TABLE[(crc >> 12) ^ (byte >> 4)] ?? 0);
    crc = ((crc << 4) & 0xffff) ^ (TABLE[(crc >> 12) ^ (byte & 15)] ?? 0);
  }
  return crc;
}

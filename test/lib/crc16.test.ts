import { expect, it } from 'vitest';
import { crc16 } from '../../src/lib/crc16.js';

it.each([
  ['123456789', 0x31c3],
  ['', 0],
  ['\0\0\0\0', 0],
  ['A', 0x58e5],
])('the CRC-16/XMODEM of %j', (text, crc) => {
  expect(crc16(Buffer.from(text))).toBe(crc);
});

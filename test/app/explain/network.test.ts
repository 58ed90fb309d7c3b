import { describe, expect, it } from 'vitest';
import { containsAddress } from '../../../src/app/explain/network.js';

/** As Go's `net.IPNet.Contains` decides; the answers were computed with it. */

describe('a network', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.7/32', '192.0.2.7', true],
    ['192.0.2.7/32', '192.0.2.6', false],
    ['0.0.0.0/0', '255.1.2.3', true],
    ['10.0.0.0/7', '11.255.255.255', true],
    ['10.0.0.0/7', '12.0.0.0', false],
    ['192.0.2.0/024', '192.0.2.1', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::1/128', '2001:DB8:0:0:0:0:0:1', true],
    ['::/0', '2001:db8::1', true],
    ['::/0', '192.0.2.1', false],
    ['0.0.0.0/0', '::1', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.3.9', false],
    ['::ffff:c000:200/120', '::ffff:192.0.2.1', true],
    ['::ffff:192.0.2.0/90', '10.0.0.1', false],
    ['::192.0.2.0/120', '::192.0.2.1', true],
  ])('%s and %s', (network, address, expected) => {
    expect(containsAddress(network, address)).toBe(expected);
  });
});

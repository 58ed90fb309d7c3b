import { describe, expect, it } from 'vitest';
import { isCidr } from '../../../../src/domain/claims/check/cidr.js';
import { parseInteger } from '../../../../src/domain/claims/check/integer.js';
import { isTimeOfDay } from '../../../../src/domain/claims/check/time-range.js';
import { isTimeZone, listZones } from '../../../../src/domain/claims/check/time-zone.js';
import { parseUrl } from '../../../../src/domain/claims/check/url.js';
import go from '../../../vectors/go-values.json' with { type: 'json' };

/** What Go says of each text; half of the texts are random. jwt-nkeys.md §3.9 */
const rows = (table: readonly unknown[][]) => table as [text: string, verdict: unknown][];

describe('values are read as Go reads them', () => {
  it.each(rows(go.cidr))('network %j', (text, verdict) => expect(isCidr(text)).toBe(verdict));
  it.each(rows(go.time))('time of day %j', (text, verdict) => expect(isTimeOfDay(text)).toBe(verdict));
  it.each(rows(go.zone))('time zone %j', (text, verdict) => expect(isTimeZone(text)).toBe(verdict));
  it.each(rows(go.int))('integer %j', (text, verdict) => {
    const number = parseInteger(text);
    expect(number === undefined ? null : BigInt(number).toString()).toBe(verdict);
  });
  it.each(rows(go.url))('URL %j', (text, verdict) => {
    const url = parseUrl(text);
    const { scheme = '', hasUserInfo: user = false, hostname = '', port = '', path = '' } = url ?? {};
    const seen = { hasHost: hostname !== '', hasPath: path !== '', port, scheme, user };
    expect(url === undefined ? null : seen).toEqual(verdict);
  });
});

describe('parseUrl', () => {
  it('gives the parts as they are written', () => {
    expect(parseUrl('TLS://u:p@[fe80::1%25en0]:42/a%20b?q#f')).toEqual({
      scheme: 'tls',
      hasUserInfo: true,
      hostname: 'fe80::1%25en0',
      port: '42',
      path: '/a%20b',
    });
  });
});

describe('time zones', () => {
  it('knows those of the database, with their older names', () => {
    const zones = listZones();
    expect(zones).toHaveLength(598);
    expect(new Set(zones).size).toBe(598);
    expect(zones.filter((zone) => !isTimeZone(zone) || !isTimeZone(`posix/${zone}`))).toEqual([]);
  });
});

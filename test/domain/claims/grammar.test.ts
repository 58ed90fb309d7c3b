import { describe, expect, it } from 'vitest';
import {
  CONNECTION_TYPES,
  readCidr,
  readConnectionType,
  readLocale,
  readPublishSubject,
  readServiceUrl,
  readSubscribeSubject,
  readTag,
  readTimeRange,
} from '../../../src/domain/claims/grammar.js';
import { caught } from '../../support/caught.js';

type Read = (text: string) => unknown;

/** nsc-core.md §6.4–6.9 */
const accepted: [read: Read, text: string, value: unknown][] = [
  [readCidr, '10.0.0.0/8', '10.0.0.0/8'],
  [readCidr, ' 2001:DB8::/32\n', '2001:db8::/32'],
  [readTimeRange, '08:00:00-17:30:00', { start: '08:00:00', end: '17:30:00' }],
  [readTimeRange, '22:00:00-6:00:00', { start: '22:00:00', end: '6:00:00' }],
  [readLocale, '', 'UTC'],
  [readLocale, 'Local', 'Local'],
  [readLocale, 'America/New_York', 'America/New_York'],
  [readConnectionType, 'leafnode_ws', 'LEAFNODE_WS'],
  [readServiceUrl, '', ''],
  [readServiceUrl, 'NATS://Host.Example:4222', 'nats://host.example:4222'],
  [readTag, '  Region:EU ', 'region:eu'],
  [readTag, ' ', ''],
  [readPublishSubject, '', ''],
  [readPublishSubject, 'a.*.>', 'a.*.>'],
  [readSubscribeSubject, '', ''],
  [readSubscribeSubject, 'a.> queue', 'a.> queue'],
];

const refused: [read: Read, text: string, message: string][] = [
  [readCidr, 'ABC', '"ABC" is not a network in CIDR notation'],
  [readCidr, '10.0.0.1', '"10.0.0.1" is not a network in CIDR notation'],
  [readTimeRange, '08:00:00', '"08:00:00" is not a time range'],
  [readTimeRange, '08:00:00-17:00:00-18:00:00', '"08:00:00-17:00:00-18:00:00" is not a time range'],
  [readTimeRange, '08:00:00-24:00:00', '"08:00:00-24:00:00" is not a time range'],
  [readTimeRange, '-17:00:00', '"-17:00:00" is not a time range'],
  [readLocale, 'europe/berlin', '"europe/berlin" is not the name of a time zone'],
  [readLocale, '+01:00', '"+01:00" is not the name of a time zone'],
  [readConnectionType, 'TELNET', '"TELNET" is not a connection type'],
  [readConnectionType, '', '"" is not a connection type'],
  [readServiceUrl, 'http://h', 'service URL "http://h" has none of the schemes nats, tls, ws, wss'],
  [readServiceUrl, 'nats://u:p@h', 'service URL "nats://…@h" must not hold credentials'],
  [readServiceUrl, 'nats://h/', 'service URL "nats://h/" must not have a path'],
  [readServiceUrl, 'nats://%41', 'service URL "nats://%41" is not a URL'],
  [readPublishSubject, 'a q', 'publish entry "a q": only a subscription can name a queue'],
  [readPublishSubject, '.a', 'publish entry ".a": subject starts with a dot'],
  [readSubscribeSubject, 'a b c', 'subscribe entry "a b c": more than one space'],
  [readSubscribeSubject, ' q', 'subscribe entry " q": subject is empty'],
];

describe('values of claims on the command line', () => {
  it.each(accepted)('$name reads %j', (read, text, value) => expect(read(text)).toEqual(value));

  it.each(refused)('$name refuses %j', (read, text, message) => {
    const error = caught(() => read(text));
    expect([error.code, error.message]).toEqual(['bad-value', message]);
    expect(error.hint).toBeTruthy();
  });

  it.each(CONNECTION_TYPES)('knows the connection type %s', (type) => {
    expect(readConnectionType(type.toLowerCase())).toBe(type);
  });
});

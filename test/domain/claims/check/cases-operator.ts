import { type Case, keys, operator } from './samples.js';

const pair = (issues: string[], broken: Case['broken'], fine: Case['fine']): Case => ({
  kind: 'operator',
  issues,
  broken,
  fine,
});

/** jwt-nkeys.md §4.2 */
export const operatorCases: readonly Case[] = [
  pair(
    ['C1 expired at 2027-01-15 07:59:59 UTC'],
    operator({}, { exp: 1_799_999_999 }),
    operator({}, { exp: 1_800_000_000 }),
  ),
  pair(['C1 expired at 1970-01-01 00:00:01 UTC'], operator({}, { exp: 1 }), operator({}, { exp: -1 })),
  pair(
    ['C2 not valid before 2027-01-15 08:00:01 UTC'],
    operator({}, { nbf: 1_800_000_001 }),
    operator({}, { nbf: 1_800_000_000 }),
  ),
  pair(
    ['C2 not valid before 4611686018427387904 (Unix seconds)'],
    operator({}, { nbf: 2n ** 62n }),
    operator({}, { nbf: -(2n ** 62n) }),
  ),
  pair(
    ['O1 account server URL "nats://%41" is not a URL'],
    operator({ account_server_url: 'nats://%41' }),
    operator({ account_server_url: 'nats:' }),
  ),
  pair(
    ['O2 account server URL "host/jwt" has no scheme'],
    operator({ account_server_url: 'host/jwt' }),
    operator({ account_server_url: 'x://' }),
  ),
  pair(
    ['O3 service URL ":4222" is not a URL'],
    operator({ operator_service_urls: [':4222'] }),
    operator({ operator_service_urls: ['nats://h:99999', ''] }),
  ),
  pair(
    ['O4 service URL "nats://…@h" must not hold credentials'],
    operator({ operator_service_urls: ['nats://@h'] }),
    operator({ operator_service_urls: ['NATS://h'] }),
  ),
  pair(
    ['O5 service URL "tls://h/" must not have a path'],
    operator({ operator_service_urls: ['tls://h/'] }),
    operator({ operator_service_urls: ['tls://h?q#f'] }),
  ),
  pair(
    ['O6 service URL "http://h" has none of the schemes nats, tls, ws, wss'],
    operator({ operator_service_urls: ['http://h'] }),
    operator({ operator_service_urls: ['ws://h', 'wss:opaque'] }),
  ),
  pair(
    ['O7 signing key "ACFIRY65OQE7DFP5KLNS2PF2LVZMUZYJX4OZIEQ36N2IQANUB5XVYYOU" is not an operator public key'],
    operator({ signing_keys: [keys.importer] }),
    operator({ signing_keys: [keys.operator] }),
  ),
  pair(
    ['O8 system account "ODFJHLAXAUMHA4OWPOB4P7YO72AQR2HMIUYFOXLXE2DZGM633K7HZD3M" is not an account public key'],
    operator({ system_account: keys.operator }),
    operator({ system_account: keys.importer }),
  ),
  pair(
    ['O9 asserted server version "2.10" is not of the form major.minor.update'],
    operator({ assert_server_version: '2.10' }),
    operator({ assert_server_version: '+2.010.-0' }),
  ),
  pair(
    ['O10 asserted server version "-2.10.x" has a part that is not an integer'],
    operator({ assert_server_version: '-2.10.x' }),
    operator({ assert_server_version: '2.10.0' }),
  ),
  pair(
    ['O11 asserted server version "2.-10.0" has a negative part'],
    operator({ assert_server_version: '2.-10.0' }),
    operator({ assert_server_version: '' }),
  ),
  pair(
    [
      'C1 expired at 1970-01-01 00:00:05 UTC',
      'C2 not valid before 2100-01-01 00:00:00 UTC',
      'O2 account server URL "//h" has no scheme',
      'O5 service URL "x" must not have a path',
      'O6 service URL "ftp://h" has none of the schemes nats, tls, ws, wss',
      'O4 service URL "nats://…@h/p" must not hold credentials',
      'O7 signing key "" is not an operator public key',
      'O7 signing key "x" is not an operator public key',
      'O8 system account "x" is not an account public key',
      'O9 asserted server version "1" is not of the form major.minor.update',
    ],
    operator(
      {
        account_server_url: '//h',
        operator_service_urls: ['x', '', 'ftp://h', 'nats://u:p@h/p'],
        signing_keys: ['', 'x'],
        system_account: 'x',
        assert_server_version: '1',
      },
      { exp: 5, nbf: 4_102_444_800 },
    ),
    operator({}),
  ),
];

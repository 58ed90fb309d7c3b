import type { WeightedMapping } from '../../../../src/domain/claims/types.js';
import { account, type Case, keys, service, stream, streamImport } from './samples.js';

const pair = (issues: string[], broken: Case['broken'], fine: Case['fine']): Case => ({
  kind: 'account',
  issues,
  broken,
  fine,
});

const mapping = (...destinations: WeightedMapping[]) => account({ mappings: { m: destinations } });
const plainKeys = (...signing_keys: string[]) => account({ signing_keys });

/** jwt-nkeys.md §4.3, the rules beside imports and exports */
export const accountCases: readonly Case[] = [
  pair(['C1 expired at 1970-01-01 00:00:01 UTC'], account({}, { exp: 1 }), account({}, { exp: 4_102_444_800 })),
  pair(
    ['L1 limits have both JetStream tiers and JetStream limits without a tier'],
    account({ limits: { imports: -1, exports: -1, wildcards: true, disk_storage: -1, tiered_limits: { R1: {} } } }),
    account({
      limits: { imports: -1, exports: -1, wildcards: true, disk_storage: 0, tiered_limits: { R1: { streams: 1 } } },
    }),
  ),
  pair(
    ['L2 a JetStream tier has no name'],
    account({ limits: { imports: -1, exports: -1, wildcards: true, tiered_limits: { '': {} } } }),
    account({ limits: { imports: -1, exports: -1, wildcards: true, tiered_limits: { ' ': {} } } }),
  ),
  pair(
    [
      'DP.P1 default permissions: subscribe allow entry "a b c": more than one space',
      'DP.P3 default permissions: publish deny entry "a q": only a subscription can name a queue',
    ],
    account({ default_permissions: { sub: { allow: ['a b c'] }, pub: { deny: ['a q'] } } }),
    account({ default_permissions: { sub: { allow: ['a b'] }, pub: { deny: ['a'] }, resp: { max: -5, ttl: -5 } } }),
  ),
  pair(
    ['M1.S3 mapping ".m": subject starts with a dot'],
    account({ mappings: { '.m': [{ subject: 'a' }] } }),
    account({ mappings: { m: null, '1': [] } }),
  ),
  pair(['M2.S1 mapping "m": destination "" is empty'], mapping({ weight: 1 }), mapping({ subject: 'a', weight: 1 })),
  pair(
    ['M3 mapping "m": destination "a" has a weight of 101 %', 'M5 mapping "m": weights add up to 101 %'],
    mapping({ subject: 'a', weight: 101 }),
    mapping({ subject: 'a', weight: 0 }),
  ),
  pair(
    [
      'M4 mapping "m": weights in cluster "c" add up to 101 %',
      'M4 mapping "m": weights in cluster "c" add up to 102 %',
    ],
    mapping(
      { subject: 'a', cluster: 'c' },
      { subject: 'b', cluster: 'c', weight: 1 },
      { subject: 'd', cluster: 'c', weight: 1 },
    ),
    mapping({ subject: 'a', cluster: 'c' }, { subject: 'b', cluster: 'd' }, { subject: 'c' }),
  ),
  pair(
    ['M5 mapping "m": weights add up to 101 %'],
    mapping({ subject: 'a', weight: 50 }, { subject: 'b', weight: 50 }, { subject: 'c', weight: 1 }),
    mapping({ subject: 'a', weight: 50 }, { subject: 'b', weight: 50 }),
  ),
  pair(
    ['EA1 authorization callout allows accounts but has no users'],
    account({ authorization: { allowed_accounts: ['*'] } }),
    account({ authorization: { allowed_accounts: ['*'], auth_users: [keys.user] } }),
  ),
  pair(
    [
      'EA2 authorization callout user "ACFIRY65OQE7DFP5KLNS2PF2LVZMUZYJX4OZIEQ36N2IQANUB5XVYYOU" is not a user public key',
    ],
    account({ authorization: { auth_users: [keys.importer] } }),
    account({ authorization: { auth_users: [keys.user] } }),
  ),
  pair(
    [
      'EA3 authorization callout allows "*" beside other accounts',
      'EA3 authorization callout allows "*" beside other accounts',
    ],
    account({ authorization: { auth_users: [keys.user], allowed_accounts: ['*', keys.importer, '*'] } }),
    account({ authorization: { auth_users: [keys.user], allowed_accounts: [keys.importer, keys.importer] } }),
  ),
  pair(
    [
      'EA4 account allowed to the authorization callout "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not an account public key',
    ],
    account({ authorization: { auth_users: [keys.user], allowed_accounts: [keys.user] } }),
    account({ authorization: { auth_users: [keys.user], allowed_accounts: [keys.importer] } }),
  ),
  pair(
    [
      'EA5 authorization callout xkey "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not a curve public key',
    ],
    account({ authorization: { xkey: keys.user } }),
    account({ authorization: { xkey: keys.curve } }),
  ),
  pair(['TR1.S1 trace destination "" is empty'], account({ trace: {} }), account({ trace: { dest: 't' } })),
  pair(
    ['TR1.S2 trace destination ".t t." has a space in it'],
    account({ trace: { dest: '.t t.' } }),
    account({ trace: { dest: 't' } }),
  ),
  pair(
    ['TR2 trace destination "t.>" has wildcards'],
    account({ trace: { dest: 't.>' } }),
    account({ trace: { dest: 't>' } }),
  ),
  pair(
    ['TR3 trace sampling 101 is not from 0 to 100'],
    account({ trace: { dest: 't', sampling: 101 } }),
    account({ trace: { dest: 't', sampling: 100 } }),
  ),
  pair(
    ['TR3 trace sampling -1 is not from 0 to 100'],
    account({ trace: { dest: 't', sampling: -1 } }),
    account({ trace: { dest: 't', sampling: 0 } }),
  ),
  pair(
    ['K1 the limit of imports is 0, and there are 1', 'K2 the limit of imports is 0, and there are 1'],
    account({ limits: { imports: 0, exports: -1 }, imports: [streamImport({})] }),
    account({ limits: { imports: 1, exports: -1 }, imports: [streamImport({})] }),
  ),
  pair(
    ['K2 the limit of imports is 0, and there are 1'],
    account({ limits: {}, imports: [streamImport({})] }),
    account({ limits: {} }),
  ),
  pair(
    ['K2 the limit of imports is -2, and there are 0'],
    account({ limits: { imports: -2, exports: -1 } }),
    account({ limits: { imports: -1, exports: -1 } }),
  ),
  pair(
    ['K3 the limit of exports is 0, and there are 1'],
    account({ limits: { imports: -1, exports: 0, wildcards: true }, exports: [stream({})] }),
    account({ limits: { imports: -1, exports: 1, wildcards: true }, exports: [stream({})] }),
  ),
  pair(
    ['K4 export "b.*": the limits allow no wildcards', 'K4 export "a.>": the limits allow no wildcards'],
    account({ limits: { exports: 3 }, exports: [stream({ subject: 'b.*' }), service({ subject: 'a.>' }), stream({})] }),
    account({
      limits: { exports: -1 },
      exports: [stream({ subject: 'b.*' }), service({ subject: 'a.>' }), stream({})],
    }),
  ),
  pair(
    ['G1 signing key "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not an account public key'],
    plainKeys(keys.user, keys.user),
    plainKeys(keys.importer, keys.stranger),
  ),
  pair(
    ['G2 signing key "x" is not an account public key'],
    account({ signing_keys: ['x', { kind: 'user_scope', key: 'x' }] }),
    account({ signing_keys: [{ kind: 'user_scope', key: keys.stranger, template: { src: ['not a network'] } }] }),
  ),
  pair(
    ['N1 description is longer than 8192 bytes'],
    account({ description: 'x'.repeat(8193) }),
    account({ description: 'x'.repeat(8192) }),
  ),
  pair(
    ['N4 info URL "host" needs a scheme and a host'],
    account({ info_url: 'host' }),
    account({ info_url: 'http://host' }),
  ),
  pair(
    ['CT1 cluster traffic "Owner" is neither system nor owner'],
    account({ cluster_traffic: 'Owner' }),
    account({ cluster_traffic: 'owner' }),
  ),
  pair(
    ['AW1 the account is self-signed, so its limits bind nobody'],
    account({}, { iss: keys.importer }),
    account({ limits: {} }, { iss: keys.importer }),
  ),
  pair(
    ['G1 signing key (a seed) is not an account public key'],
    plainKeys('SAAOTR33ULAAW3W5J5T2JSGXIVQZYB43QKVZ3PJ5MXKXCJ2F2BUAGZXDLM'),
    plainKeys(keys.stranger),
  ),
  pair(
    [
      'C1 expired at 1970-01-01 00:00:01 UTC',
      'C2 not valid before 2100-01-01 00:00:00 UTC',
      'I1 the list of imports has an empty entry',
      'X1 the list of exports has an empty entry',
      'L2 a JetStream tier has no name',
      'DP.P2.S1 default permissions: publish allow entry "": subject is empty',
      'M1.S1 mapping "": subject is empty',
      'EA1 authorization callout allows accounts but has no users',
      'TR1.S1 trace destination "" is empty',
      'K2 the limit of imports is -3, and there are 1',
      'K3 the limit of exports is 0, and there are 1',
      'G1 signing key "x" is not an account public key',
      'N1 description is longer than 8192 bytes',
      'CT1 cluster traffic "x" is neither system nor owner',
      'AW1 the account is self-signed, so its limits bind nobody',
    ],
    account(
      {
        limits: { imports: -3, tiered_limits: { '': {} } },
        imports: [null],
        exports: [null],
        default_permissions: { pub: { allow: [''] } },
        mappings: { '': [] },
        authorization: { allowed_accounts: ['*'] },
        trace: {},
        signing_keys: ['x'],
        description: 'x'.repeat(9000),
        cluster_traffic: 'x',
      },
      { iss: keys.stranger, exp: 1, nbf: 4_102_444_800 },
    ),
    account({}),
  ),
];

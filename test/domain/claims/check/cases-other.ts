import { activation, type Case, keys, response, user } from './samples.js';

const of =
  (kind: Case['kind']) =>
  (issues: string[], broken: Case['broken'], fine: Case['fine']): Case => ({ kind, issues, broken, fine });

const forUser = of('user');
const forActivation = of('activation');
const forRequest = of('authorization_request');
const forResponse = of('authorization_response');
const forGeneric = of('generic');

const times = (start?: string, end?: string) =>
  user({ times: [{ ...(start !== undefined && { start }), ...(end !== undefined && { end }) }] });

/** jwt-nkeys.md §4.4 */
export const userCases: readonly Case[] = [
  forUser(['C2 not valid before 2100-01-01 00:00:00 UTC'], user({}, { nbf: 4_102_444_800 }), user({}, { nbf: 1 })),
  forUser(
    ['UP.P1 subscribe deny entry "a  b": more than one space'],
    user({ sub: { deny: ['a  b'] } }),
    user({ sub: { deny: ['a b'] } }),
  ),
  forUser(
    ['UP.P2.S4 publish allow entry "a..b": subject has an empty token'],
    user({ pub: { allow: ['a..b'] } }),
    user({ pub: { allow: ['{{name()}}.>'] } }),
  ),
  forUser(
    ['UP.P2.S1 subscribe allow entry " ": subject is empty', 'UP.P2.S1 subscribe allow entry " ": queue is empty'],
    user({ sub: { allow: [' '] } }),
    user({ sub: { allow: ['a.> b.*'] } }),
  ),
  forUser(
    ['UP.P3 publish deny entry "a b": only a subscription can name a queue'],
    user({ pub: { deny: ['a b'] } }),
    user({ sub: { deny: ['a b'] }, resp: { max: -9, ttl: 0 } }),
  ),
  forUser(
    [
      'UP.P2.S3 publish allow entry ".a b": subject starts with a dot',
      'UP.P3 publish allow entry ".a b": only a subscription can name a queue',
    ],
    user({ pub: { allow: ['.a b'] } }),
    user({ pub: { allow: ['a'] } }),
  ),
  forUser(
    ['U1 source network "10.0.0.1" is not a CIDR block', 'U1 source network "" is not a CIDR block'],
    user({ src: ['10.0.0.1', '', '::/0'] }),
    user({ src: ['10.1.2.3/08'] }),
  ),
  forUser(['U2 time range "-08:00:00" has no start'], times('', '08:00:00'), times('09:00:00', '08:00:00')),
  forUser(
    ['U3 time range "24:00:00-08:00:00" starts at what is not a time (HH:MM:SS)'],
    times('24:00:00', '08:00:00'),
    times('23:59:59', '08:00:00'),
  ),
  forUser(['U4 time range "08:00:00-" has no end'], times('08:00:00'), times('08:00:00', '9:00:00')),
  forUser(
    ['U5 time range "08:00:00-9:00" ends at what is not a time (HH:MM:SS)'],
    times('08:00:00', '9:00'),
    times('08:00:00', '09:00:00,5'),
  ),
  forUser(
    ['U6 time zone "europe/berlin" is unknown'],
    user({ times_location: 'europe/berlin' }),
    user({ times_location: 'Europe/Berlin' }),
  ),
  forUser(
    ['U7 issuer account "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not an account public key'],
    user({ issuer_account: keys.user }),
    user({ issuer_account: keys.importer }),
  ),
  forUser(
    [
      'C1 expired at 1970-01-01 00:00:01 UTC',
      'UP.P1 subscribe deny entry "a b c": more than one space',
      'UP.P3 publish allow entry "p q": only a subscription can name a queue',
      'U1 source network "x" is not a CIDR block',
      'U2 time range "-x" has no start',
      'U5 time range "-x" ends at what is not a time (HH:MM:SS)',
      'U6 time zone "+01:00" is unknown',
      'U7 issuer account "x" is not an account public key',
    ],
    user(
      {
        pub: { allow: ['p q'] },
        sub: { deny: ['a b c'] },
        src: ['x'],
        times: [{ end: 'x' }],
        times_location: '+01:00',
        issuer_account: 'x',
      },
      { exp: 1 },
    ),
    user({ subs: -1, data: -5, bearer_token: true, allowed_connection_types: ['NONSENSE'], tags: [''] }),
  ),
];

/** jwt-nkeys.md §4.5–4.8 */
export const otherCases: readonly Case[] = [
  forActivation(['C1 expired at 1970-01-01 00:00:01 UTC'], activation({}, { exp: 1 }), activation({}, { exp: 0 })),
  forActivation(
    ['A1 activation is for neither a stream nor a service'],
    { ...activation({}), nats: { subject: 'a' } },
    { ...activation({}), nats: { subject: 'a', kind: 'service' } },
  ),
  forActivation(['A2.S1 activation subject "" is empty'], activation({ subject: '' }), activation({ subject: '>' })),
  forActivation(
    ['A3 issuer account "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not an account public key'],
    activation({ issuer_account: keys.user }),
    activation({ issuer_account: keys.exporter }),
  ),
  forRequest(['Q1 the authorization request names no user key'], { nats: {} }, { nats: { user_nkey: keys.user } }),
  forRequest(
    [
      'Q2 user key of the authorization request "ACFIRY65OQE7DFP5KLNS2PF2LVZMUZYJX4OZIEQ36N2IQANUB5XVYYOU" is not a user public key',
      'C1 expired at 1970-01-01 00:00:01 UTC',
    ],
    { exp: 1, nats: { user_nkey: keys.importer } },
    { nats: { user_nkey: keys.user } },
  ),
  forResponse(
    ['Z1 subject "ACFIRY65OQE7DFP5KLNS2PF2LVZMUZYJX4OZIEQ36N2IQANUB5XVYYOU" is not a user public key'],
    response({ jwt: 'x' }, { sub: keys.importer }),
    response({ jwt: 'x' }),
  ),
  forResponse(
    ['Z2 audience "UBXHUHG5FGYLPD6RHL2MKWMP572O6KUXCZXDZJXS4T57ZTMAKBN7CEDX" is not a server public key'],
    response({ jwt: 'x' }, { aud: keys.user }),
    response({ jwt: 'x' }),
  ),
  forResponse(
    ['Z3 the authorization response holds neither a JWT nor an error'],
    response({ jwt: '' }),
    response({ error: 'x' }),
  ),
  forResponse(
    ['Z4 the authorization response holds both a JWT and an error'],
    response({ jwt: 'x', error: 'x' }),
    response({ jwt: 'x', error: '' }),
  ),
  forResponse(
    ['Z5 issuer account "x" is not an account public key', 'C2 not valid before 2100-01-01 00:00:00 UTC'],
    response({ jwt: 'x', issuer_account: 'x' }, { nbf: 4_102_444_800 }),
    response({ jwt: 'x', issuer_account: keys.importer }),
  ),
  forGeneric(
    ['C1 expired at 1970-01-01 00:00:01 UTC'],
    { exp: 1 },
    { exp: 4_102_444_800, nats: { type: 'x', subject: '' } },
  ),
];

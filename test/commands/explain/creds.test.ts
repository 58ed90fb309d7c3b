import { describe, expect, it } from 'vitest';
import type { Explained } from '../../../src/app/result.js';
import { command } from '../../../src/commands/explain/creds.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { decorateToken, formatCreds } from '../../../src/domain/creds/creds.js';
import { account, KEYS, type KeyName, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { FakeWorld, type Given, NOW } from '../../support/fake-world.js';
import { answer } from '../../support/plan.js';

/** A minute before the commands run. */
const ISSUED = NOW - 60;

const limits = { subs: -1, data: -1, payload: -1 };
const own = { pub: {}, sub: {}, ...limits };
const alice = user('A/alice', 'u1');

/** A store with account "A" and, unless it is another one, user "alice"; what stands in `x.creds`. */
function world({
  nats = {},
  stored = [alice],
  creds = alice,
  seed = 'u1',
  ...rest
}: {
  readonly nats?: AccountBody;
  readonly stored?: readonly ReturnType<typeof user>[];
  readonly creds?: ReturnType<typeof user> | string;
  readonly seed?: KeyName;
  readonly operator?: ReturnType<typeof operator>;
  readonly accounts?: readonly ReturnType<typeof account>[];
}): Given {
  const content = typeof creds === 'string' ? creds : formatCreds(creds.token, KEYS[seed]).reveal();
  const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')], ...nats } });
  return {
    operators: [{ operator: rest.operator ?? operator(), accounts: [...(rest.accounts ?? [A])], users: [...stored] }],
    files: { 'x.creds': content },
  };
}

async function explain(given: Given, line = 'x.creds'): Promise<Explained> {
  return (await answer(command, given, line)) as Explained;
}

const CREDS = 'nsc generate creds --name "alice" --account "A" --output-file FILE';
const edited = (options: string): string => `nsc edit user --name "alice" --account "A" ${options}, then ${CREDS}`;
const other = (body: object, registered = {}) => user('A/alice', 'u1', { nats: { ...own, ...body }, ...registered });
const only = (creds: ReturnType<typeof user>, more: object = {}) => world({ creds, stored: [creds], ...more });

interface Case {
  readonly given: Given;
  readonly line?: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const expired = other({}, { exp: NOW - 1 });
const early = other({}, { nbf: NOW + 1 });
const nowhere = other({ src: ['192.0.2.0/24'] });
const morning = other({ times: [{ start: '06:00:00', end: '12:00:00' }], times_location: 'UTC' });
const night = other({ times: [{ start: '22:00:00', end: '06:00:00' }], times_location: 'Europe/Berlin' });
const web = other({ allowed_connection_types: ['websocket'] });
const bearer = other({ bearer_token: true });
const scoped = user('A/alice', 'u1', { by: 'a4', nats: under('a1') });
const greedy = user('A/alice', 'u1', { by: 'a4', nats: under('a1', { subs: 5 }) });
const byGone = user('A/alice', 'u1', { by: 'a3', nats: { ...own, issuer_account: pub('a1') } });

/** One way for every check to fail, in the order of servers. */
const FAILURES: Readonly<Record<string, readonly [check: string, expected: Case]>> = {
  'no JWT': ['form', { given: world({ creds: 'hello' }), message: 'the JWT does not have three parts' }],
  'the JWT of an account': [
    'form',
    { given: world({ creds: account('A', 'a1').token }), message: 'the JWT is of the kind account, not user' },
  ],
  'an altered JWT': [
    'signature',
    {
      given: world({ creds: alice.token.replace(/.{4}$/, 'AAAA') }),
      message: 'it does not hold what its issuer signed',
      hint: `the store has another JWT of this user: ${CREDS}`,
    },
  ],
  expired: [
    'validity',
    { given: only(expired), message: 'it expired at 2023-11-14 22:14:19 UTC', hint: edited('--expiry 30d') },
  ],
  'expired, but the store has a newer one': [
    'validity',
    {
      given: world({ creds: expired }),
      message: 'it expired at 2023-11-14 22:14:19 UTC',
      hint: `the store has another JWT of this user: ${CREDS}`,
    },
  ],
  'expired, and the store has no such user': [
    'validity',
    {
      given: world({ creds: expired, stored: [] }),
      message: 'it expired at 2023-11-14 22:14:19 UTC',
      hint: 'the store does not have this user: nsc add user --name "alice" --account "A" makes one',
    },
  ],
  'not valid yet': [
    'validity',
    { given: only(early), message: 'it is not valid before 2023-11-14 22:14:21 UTC', hint: edited('--start 0') },
  ],
  'a broken rule': [
    'rules',
    { given: only(other({ src: ['x'] })), message: 'rule U1 is broken: source network "x" is not a CIDR block' },
  ],
  'an account that is not here': [
    'account',
    {
      given: world({ accounts: [], stored: [] }),
      message: 'operator "O" has no account a1',
      hint: 'it was deleted or is of another operator, which --operator names; nsc list accounts shows the ones there are',
    },
  ],
  'a signing key without its account': [
    'account',
    {
      given: only(user('A/alice', 'u1', { by: 'a2', nats: own })),
      message: 'the JWT does not say that a2, which signed it, is a signing key of account "A"',
      hint: 'sign it again: nsc resign --account "A"',
    },
  ],
  'an account of another operator': [
    'account-trust',
    {
      given: world({ accounts: [account('A', 'a1', { by: 'ox' })] }),
      message: 'operator "O" does not list ox, which signed the account',
      hint: 'sign it again: nsc resign --account "A" --with-account, then nsc push --account "A"',
    },
  ],
  'an account signed by the identity of a strict operator': [
    'account-trust',
    {
      given: world({ operator: operator({ nats: { strict_signing_key_usage: true, signing_keys: [pub('o2')] } }) }),
      message: 'the account is signed by the identity key of operator "O", which requires signing keys',
    },
  ],
  'an expired account': [
    'account-validity',
    {
      given: world({ accounts: [account('A', 'a1', { exp: NOW })] }),
      message: 'the account expired at 2023-11-14 22:14:20 UTC',
      hint: 'nsc edit account "A" --expiry 1y',
    },
  ],
  'an account that is not valid yet': [
    'account-validity',
    {
      given: world({ accounts: [account('A', 'a1', { nbf: NOW + 1 })] }),
      message: 'the account is not valid before 2023-11-14 22:14:21 UTC',
      hint: 'nsc edit account "A" --start 0',
    },
  ],
  'an account with a broken rule': [
    'account-rules',
    {
      given: world({ nats: { signing_keys: [pub('u1')] } }),
      message: 'rule G1 is broken: signing key "u1" is not an account public key',
      hint: 'nsc validate --account "A" shows everything that servers refuse',
    },
  ],
  'a signing key that is gone': [
    'issuer',
    {
      given: only(byGone),
      message: 'account "A" does not list a3, which signed the user',
      hint: 'sign its users again: nsc resign --account "A", then write the creds anew with nsc generate creds',
    },
  ],
  'a signing key that is gone, after signing again': [
    'issuer',
    {
      given: world({ creds: byGone }),
      message: 'account "A" does not list a3, which signed the user',
      hint: `the store has another JWT of this user: ${CREDS}`,
    },
  ],
  'the identity key under a strict operator': [
    'issuer',
    {
      given: world({
        operator: operator({ nats: { strict_signing_key_usage: true, signing_keys: [pub('o2')] } }),
        accounts: [account('A', 'a1', { by: 'o2' })],
      }),
      message: 'the user is signed by the identity key of account "A", and the operator requires signing keys',
    },
  ],
  'permissions of its own under a role': [
    'scope',
    {
      given: only(greedy),
      message: 'it brings permissions or limits of its own, which role "reader" does not allow',
      hint: edited('--role "reader"'),
    },
  ],
  'a template that comes to nothing': [
    'scope',
    {
      given: only(scoped, {
        nats: { signing_keys: [scope('a4', 'reader', { pub: { deny: ['x.{{tag(team)}}'] } })] },
      }),
      message: 'role "reader" makes no sense for it: "x.{{tag(team)}}": there is no tag "team:…"',
      hint: edited('--tag NAME:VALUE'),
    },
  ],
  'a bearer token where there may be none': [
    'bearer',
    {
      given: only(bearer, { nats: { limits: { subs: -1, conn: -1, leaf: -1, disallow_bearer: true } } }),
      message: 'it is a bearer token, which account "A" forbids',
      hint: edited('--bearer=false'),
    },
  ],
  'another kind of connection': [
    'connection-type',
    {
      given: only(web),
      message: 'it may use only connections of the kind WEBSOCKET, not STANDARD',
      hint: edited('--conn-type standard'),
    },
  ],
  'another kind of connection, as the role says': [
    'connection-type',
    {
      given: only(scoped, {
        nats: { signing_keys: [scope('a4', 'reader', { allowed_connection_types: ['WEBSOCKET'] })] },
      }),
      message: 'it may use only connections of the kind WEBSOCKET, not STANDARD',
      hint: 'role "reader" says so: nsc edit signing-key "reader" --account "A" --conn-type standard',
    },
  ],
  'a kind of connection that nobody knows': [
    'connection-type',
    {
      given: only(other({ allowed_connection_types: ['PIGEON'] })),
      message: 'it may use no kind of connection there is, not STANDARD',
    },
  ],
  'a role with a network that is none': [
    'source',
    {
      given: only(scoped, { nats: { signing_keys: [scope('a4', 'reader', { src: [' 127.0.0.1/32', '0.0.0.0/0'] })] } }),
      message: '" 127.0.0.1/32" is no network, so servers look no further',
      hint: 'role "reader" says so: nsc edit signing-key "reader" --account "A" --source-network CIDR',
    },
  ],
  'a role with a network that is none, behind one that does not fit': [
    'source',
    {
      given: only(scoped, { nats: { signing_keys: [scope('a4', 'reader', { src: ['192.0.2.0/24', 'x', '::/0'] })] } }),
      line: 'x.creds --source 198.51.100.1',
      message: '"x" is no network, so servers look no further',
      hint: 'role "reader" says so: nsc edit signing-key "reader" --account "A" --source-network CIDR',
    },
  ],
  'a role with hours that are none': [
    'hours',
    {
      given: only(scoped, {
        nats: { signing_keys: [scope('a4', 'reader', { times: [{ start: '25:00:00', end: '26:00:00' }] })] },
      }),
      message: '25:00:00-26:00:00 are no times of day, so servers let nobody in',
      hint: 'role "reader" says so: nsc edit signing-key "reader" --account "A" --time FROM-TO',
    },
  ],
  'a role with a time zone that is none': [
    'hours',
    {
      given: only(scoped, {
        nats: {
          signing_keys: [
            scope('a4', 'reader', { times: [{ start: '00:00:00', end: '23:59:59' }], times_location: 'utc' }),
          ],
        },
      }),
      message: 'there is no time zone "utc", so servers let nobody in',
      hint: 'role "reader" says so: nsc edit signing-key "reader" --account "A" --locale ZONE',
    },
  ],
  'signed by a key that is gone, and the key of the user was replaced since': [
    'issuer',
    {
      given: world({ creds: byGone, stored: [user('A/alice', 'u2')] }),
      message: 'account "A" does not list a3, which signed the user',
      hint: `the store has another key of this user: ${CREDS}`,
    },
  ],
  'revoked, because its key was replaced': [
    'revocation',
    {
      given: world({ nats: { revocations: { [pub('u1')]: NOW } }, stored: [user('A/alice', 'u2')] }),
      message:
        'account "A" has revoked the user up to 2023-11-14 22:14:20 UTC, and the JWT is of 2023-11-14 22:13:20 UTC',
      hint: `the store has another key of this user: ${CREDS}`,
    },
  ],
  'MQTT without bearer token': [
    'seed',
    {
      given: world({}),
      line: 'x.creds --connection-type mqtt_ws',
      message: 'clients of MQTT cannot sign, so it has to be a bearer token',
      hint: edited('--bearer'),
    },
  ],
  'another seed': [
    'seed',
    {
      given: world({
        creds: formatCreds(alice.token, KEYS.u1).reveal().replace(KEYS.u1.seed.reveal(), KEYS.u2.seed.reveal()),
      }),
      message: 'the seed in the creds is that of u2, and the JWT is for u1',
      hint: CREDS,
    },
  ],
  'no seed': [
    'seed',
    {
      given: world({ creds: decorateToken(alice.token, 'user') }),
      message: 'the creds have no valid seed, so the client can sign nothing',
      hint: CREDS,
    },
  ],
  revoked: [
    'revocation',
    {
      given: world({ nats: { revocations: { [pub('u1')]: ISSUED } } }),
      message:
        'account "A" has revoked the user up to 2023-11-14 22:13:20 UTC, and the JWT is of 2023-11-14 22:13:20 UTC',
      hint: 'if it shall be let in again: nsc revocations delete-user --account "A" --user-public-key u1',
    },
  ],
  'revoked with everybody': [
    'revocation',
    {
      given: world({ nats: { revocations: { '*': ISSUED + 5 } } }),
      message:
        'account "A" has revoked all users up to 2023-11-14 22:13:25 UTC, and the JWT is of 2023-11-14 22:13:20 UTC',
      hint: `if it shall be let in again: nsc revocations delete-user --account "A" --user-public-key '*'`,
    },
  ],
  'another network': [
    'source',
    {
      given: only(nowhere),
      line: 'x.creds --source 198.51.100.1',
      message: 'it may connect from "192.0.2.0/24" only, not from 198.51.100.1',
      hint: edited('--source-network CIDR'),
    },
  ],
  'another time of day': [
    'hours',
    {
      given: only(morning),
      message: 'it may connect at 06:00:00-12:00:00 in "UTC" only, not at 2023-11-14 22:14:20 UTC',
      hint: edited('--time FROM-TO'),
    },
  ],
  'after midnight': [
    'hours',
    {
      given: only(night),
      line: 'x.creds --at 2023-11-15T02:00:00Z',
      message:
        'it may connect at 22:00:00-06:00:00 in "Europe/Berlin" only, not at 2023-11-15 02:00:00 UTC; after midnight ' +
        'servers let nobody in by a range that began the day before',
    },
  ],
  'an account without connections': [
    'limits',
    {
      given: world({ nats: { limits: { subs: -1, conn: 0, leaf: 1 } } }),
      message: 'account "A" allows no connections',
      hint: 'nsc edit account "A" --conns -1',
    },
  ],
  'an account without leaf nodes': [
    'limits',
    {
      given: world({ nats: { limits: { subs: -1, conn: 1 } } }),
      line: 'x.creds --connection-type leafnode',
      message: 'account "A" allows no leaf nodes',
      hint: 'nsc edit account "A" --leaf-conns -1',
    },
  ],
  'an account without subscriptions': [
    'limits',
    {
      given: world({ nats: { limits: { conn: -1 } } }),
      message: 'account "A" allows no subscriptions, so servers close the connection',
      hint: 'nsc edit account "A" --subscriptions -1',
    },
  ],
  'a user without subscriptions': [
    'limits',
    {
      given: only(other({ subs: undefined })),
      message: 'it may have no subscriptions, so servers close the connection',
      hint: edited('--subs -1'),
    },
  ],
};

/** Of servers. */
const ORDER = [
  ...['form', 'signature', 'validity', 'rules', 'account', 'account-signature', 'account-trust', 'account-validity'],
  ...['account-rules', 'callout', 'issuer', 'scope', 'bearer', 'connection-type', 'seed', 'revocation', 'source'],
  ...['hours', 'limits', 'servers'],
];

describe('a server refuses', () => {
  it.each(Object.entries(FAILURES))('%s', async (_what, [check, { given, line, ...expected }]) => {
    const { ok, checks, data, verdict } = await explain(given, line);
    expect(checks.map(({ check: name }) => name)).toEqual(ORDER);
    const at = ORDER.indexOf(check);
    expect(checks[at]).toMatchObject({ state: 'failed', ...expected });
    expect(checks.slice(0, at).filter(({ state }) => state === 'failed' || state === 'skipped')).toEqual([]);
    expect(checks.slice(at + 1).filter(({ state }) => state !== 'skipped')).toEqual([]);
    expect({ ok, failed: data.failed, verdict }).toEqual({
      ok: false,
      failed: check,
      verdict: `refused: ${check}: ${expected.message}`,
    });
  });

  it('an account that was altered', async () => {
    const A = account('A', 'a1');
    const altered = { ...A, token: A.token.replace(/.{4}$/, 'AAAA') };
    const { checks } = await explain(world({ accounts: [altered] }));
    expect(checks.find(({ state }) => state === 'failed')).toMatchObject({ check: 'account-signature' });
  });

  it('every check has a way to fail, but for those that only tell', () => {
    const failing = new Set(Object.values(FAILURES).map(([check]) => check));
    expect(ORDER.filter((check) => !failing.has(check))).toEqual(['account-signature', 'callout', 'servers']);
  });
});

const states = ({ checks }: Explained) =>
  Object.fromEntries(
    checks.filter(({ state }) => state !== 'ok').map(({ check, state, message }) => [check, [state, message]]),
  );

const SERVERS = ['unknown', 'only servers know whether they have the account as it is here'];

describe('a server accepts', () => {
  it.each<[string, Given, string?]>([
    ['creds', world({})],
    ['a user of a signing key', only(user('A/alice', 'u1', { by: 'a2', nats: { ...own, issuer_account: pub('a1') } }))],
    ['a user of a role', only(scoped)],
    ['a bearer token, by MQTT', only(bearer), 'x.creds --connection-type mqtt'],
    ['a kind of connection', only(web), 'x.creds --connection-type websocket'],
    ['a network', only(nowhere), 'x.creds --source 192.0.2.200'],
    ['a network, as an IPv6 address', only(nowhere), 'x.creds --source ::ffff:192.0.2.200'],
    ['a time of day', only(morning), 'x.creds --at 2023-11-15T06:00:00Z'],
    ['a time of day in a zone, before midnight', only(night), 'x.creds --at 2023-11-15T21:30:00Z'],
    ['what has expired, before it did', only(expired), `x.creds --at 2023-11-14T22:14:19Z`],
    ['somebody who was revoked before', world({ nats: { revocations: { [pub('u1')]: ISSUED - 1 } } })],
  ])('%s', async (_what, given, line) => {
    const found = await explain(given, line);
    expect(states(found)).toEqual({ servers: SERVERS });
    expect(found).toMatchObject({
      ok: true,
      verdict: 'accepted, as far as the store can tell; what it cannot: servers',
    });
  });
});

describe('what cannot be known', () => {
  it.each<[string, Given, Record<string, string>]>([
    [
      'the seed, of a bare JWT',
      world({ creds: `${alice.token}\n` }),
      { seed: 'the client needs the seed of u1, and only the JWT was given' },
    ],
    ['the address, unless it is named', only(nowhere), { source: 'it may connect from "192.0.2.0/24" only' }],
    [
      'the time of day, by the clock of the server',
      only(other({ times: [{ start: '06:00:00', end: '12:00:00' }] })),
      { hours: 'it may connect at 06:00:00-12:00:00 by the clock of the server only' },
    ],
    [
      'whether servers are so old that they do not know a template',
      only(scoped, { nats: { signing_keys: [scope('a4', 'reader', { sub: { deny: ['x.{{ name() }}'] } })] } }),
      {
        scope:
          'role "reader" decides what it may do; subscribe deny entry "x.{{ name() }}": ' +
          'servers before 2.11 refuse "{{ name() }}" for its blanks',
      },
    ],
    [
      'how many are connected',
      world({ nats: { limits: { subs: -1, conn: 5 } } }),
      { limits: 'account "A" allows 5 connections, and only servers know how many there are' },
    ],
    [
      'what an auth callout says',
      world({ nats: { authorization: { auth_users: [pub('u2')] } } }),
      { callout: 'the auth callout of the account is asked, and has the last word' },
    ],
  ])('%s', async (_what, given, unknown) => {
    const found = await explain(given);
    const expected = Object.entries(unknown).map(([check, message]) => [check, ['unknown', message]]);
    expect(states(found)).toEqual(Object.fromEntries([...expected, ['servers', SERVERS]]));
    expect(found.ok).toBe(true);
  });

  it('what an auth callout says of somebody whom the rest would refuse', async () => {
    const given = world({ nats: { authorization: { auth_users: [pub('u2')] }, revocations: { '*': NOW } } });
    const found = await explain(given);
    expect(found.ok).toBe(true);
    expect(states(found).revocation?.[0]).toBe('unknown');
    expect(states(found).revocation?.[1]).toMatch(/; the auth callout decides all the same$/);
  });
});

describe('another operator', () => {
  it('is named by --operator', async () => {
    const given = world({});
    const second = { operator: { ...operator(), name: 'P' }, accounts: [], users: [] };
    const found = await explain({ ...given, operators: [...(given.operators ?? []), second] }, 'x.creds --operator P');
    expect(found.data).toMatchObject({ operator: 'P', failed: 'account' });
  });
});

describe('refused', () => {
  itRefuses(command, world({}), {
    'no file': ['', ['missing-option', 'no creds were named']],
    'a file that is not there': ['y.creds', ['file-not-found', '--file: there is no file "y.creds"']],
    'another kind of connection than there is': [
      'x.creds --connection-type pigeon',
      [
        'bad-value',
        '--connection-type: "pigeon" is not one of standard, websocket, leafnode, leafnode_ws, mqtt, mqtt_ws, in_process',
      ],
    ],
    'an address that is none': [
      'x.creds --source localhost',
      ['bad-value', '--source: "localhost" is not an IP address'],
    ],
    'a time that is none': ['x.creds --at noon', ['bad-value', '--at: "noon" is not a date or a time span']],
    'no time': ['x.creds --at 0', ['bad-value', '--at: 0 is no point in time']],
    'an operator that is not here': ['x.creds --operator X', ['operator-not-found', 'no operator "X"']],
  });

  it('too long a file', async () => {
    const { ports } = new FakeWorld({ files: { big: 'x'.repeat(10) } });
    expect(ports.files.readBytes('big', 4)).toHaveLength(5);
  });
});

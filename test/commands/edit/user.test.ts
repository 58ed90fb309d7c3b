import { describe, expect, it } from 'vitest';
import { unanswered } from '../../../src/cli/ask.js';
import { command } from '../../../src/commands/edit/user.js';
import type { UserBody, UserClaims } from '../../../src/domain/claims/types.js';
import { formatCreds } from '../../../src/domain/creds/creds.js';
import { issue } from '../../../src/domain/token/issue.js';
import type { AccountEntry, UserEntry } from '../../../src/domain/tree/tree.js';
import { account, KEYS, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, NOW, type Planned, plan, planRaw, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), pub('a3'), scope('a4', 'reader')] } });
const B = account('B', 'b1');

/** The world with one user, u, in account A. */
function withUser(nats: UserBody = {}, by: Parameters<typeof user>[2] = {}, parent: AccountEntry = A): Given {
  const fresh = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };
  const u = user('A/u', 'u1', { nats: { ...fresh, ...nats }, ...by });
  return { operators: [{ operator: O, accounts: [parent, B], users: [u] }] };
}
const given = withUser();
const scoped: Given = {
  operators: [{ operator: O, accounts: [A], users: [user('A/u', 'u1', { by: 'a4', nats: under('a1') })] }],
};

const written = 'generated user creds file `/keys/creds/O/A/u.creds`';
const edited = (claims: object, steps: string[], by = 'a1', more: Partial<Planned> = {}): Planned => ({
  changes: [`put-user A/u by ${by}`, 'put-creds A/u'],
  claims: { 'A/u': claims },
  steps: [...steps, written, 'edited user "u"'],
  ...more,
});
const tagged = { 'nats.tags[x]': 'added' };

describe('what is given changes, and the creds with it (S-40)', () => {
  itPlans(command, given, {
    limits: [
      '--subs 5 --data 1k --payload 2KiB',
      edited({ 'nats.subs': [-1, 5], 'nats.data': [-1, 1000], 'nats.payload': [-1, 2048] }, [
        'changed max payload to 2048',
        'changed max data to 1000',
        'changed max subscriptions to 5',
      ]),
    ],
    'limits of 0': ['--subs 0', edited({ 'nats.subs': { removed: -1 } }, ['changed max subscriptions to 0'])],
    'a bearer token': ['--bearer', edited({ 'nats.bearer_token': { added: true } }, ['changed bearer to true'])],
    'anything but a bearer token where the account forbids those': [
      '--tag x',
      edited(tagged, ['added tag "x"']),
      withUser({}, {}, account('A', 'a1', { nats: { limits: { ...B.claims.nats.limits, disallow_bearer: true } } })),
    ],
    'no bearer token any more (E-47)': [
      '--bearer=false',
      edited({ 'nats.bearer_token': { removed: true } }, ['changed bearer to false']),
      withUser({ bearer_token: true }),
    ],
    'connection types, in any letter case': [
      '--conn-type mqtt,WebSocket,mqtt --rm-conn-type standard,leafnode',
      edited(
        {
          'nats.allowed_connection_types[STANDARD]': 'removed',
          'nats.allowed_connection_types[MQTT]': 'added',
          'nats.allowed_connection_types[WEBSOCKET]': 'added',
        },
        [
          'added connection type "MQTT"',
          'added connection type "WEBSOCKET"',
          'added connection type "MQTT"',
          'removed connection type "STANDARD"',
          'warn: connection type "LEAFNODE" was not there',
        ],
      ),
      withUser({ allowed_connection_types: ['STANDARD', 'IN_PROCESS'] }),
    ],
    'connection types, added alone': [
      '--conn-type mqtt_ws',
      edited(added('nats.allowed_connection_types', ['MQTT_WS']), ['added connection type "MQTT_WS"']),
    ],
    'connection types, removed alone': [
      '--rm-conn-type STANDARD',
      edited(removed('nats.allowed_connection_types', ['STANDARD']), ['removed connection type "STANDARD"']),
      withUser({ allowed_connection_types: ['STANDARD'] }),
    ],
    'source networks, removed alone': [
      '--rm-source-network 10.0.0.0/8',
      edited(removed('nats.src', ['10.0.0.0/8']), ['removed source network "10.0.0.0/8"']),
      withUser({ src: ['10.0.0.0/8'] }),
    ],
    'source networks': [
      "--source-network '2001:DB8::/32, 192.0.2.0/24' --rm-source-network ' 10.0.0.0/8',172.16.0.0/12",
      edited(
        { 'nats.src[10.0.0.0/8]': 'removed', 'nats.src[192.0.2.0/24]': 'added', 'nats.src[2001:db8::/32]': 'added' },
        [
          'added source network "2001:db8::/32"',
          'added source network "192.0.2.0/24"',
          'removed source network "10.0.0.0/8"',
          'warn: source network "172.16.0.0/12" was not there',
        ],
      ),
      withUser({ src: ['10.0.0.0/8'] }),
    ],
    'times and their zone': [
      '--time 08:00:00-12:00:00 --time 20:15:00-06:00:00 --locale Europe/Berlin',
      edited(
        {
          ...added('nats.times', [
            { start: '08:00:00', end: '12:00:00' },
            { start: '20:15:00', end: '06:00:00' },
          ]),
          'nats.times_location': { added: 'Europe/Berlin' },
        },
        [
          'changed locale to "Europe/Berlin"',
          'added time range 08:00:00-12:00:00',
          'added time range 20:15:00-06:00:00',
        ],
      ),
    ],
    'the zone alone (E-46)': [
      '--locale America/New_York',
      edited({ 'nats.times_location': { added: 'America/New_York' } }, ['changed locale to "America/New_York"']),
    ],
    'the zone of the server': [
      '--locale Local',
      edited({ 'nats.times_location': { added: 'Local' } }, ['changed locale to "Local"']),
    ],
    'the zone, which nothing stands for UTC': [
      "--locale ''",
      edited({ 'nats.times_location': ['Europe/Berlin', 'UTC'] }, ['changed locale to "UTC"']),
      withUser({ times_location: 'Europe/Berlin' }),
    ],
    'times are removed by their start, one for each': [
      '--rm-time 08:00:00,09:00:00',
      edited(removed('nats.times', [{ start: '08:00:00', end: '10:00:00' }]), [
        'removed time range that starts at 08:00:00',
        'warn: no time range starts at "09:00:00"',
      ]),
      withUser({ times: [{ start: '08:00:00', end: '10:00:00' }] }),
    ],
    tags: [
      "--tag ' X' --rm-tag y",
      edited({ 'nats.tags[y]': 'removed', ...tagged }, ['added tag "x"', 'removed tag "y"']),
      withUser({ tags: ['y'] }),
    ],
    validity: [
      '--start 0 --expiry 2048-02-29',
      edited({ exp: { added: 2_466_547_200 } }, ['valid at once', 'expires 2048-02-29 00:00:00 UTC (in 24 years)']),
    ],
    permissions: [
      "--allow-pub 'a.*' --allow-sub 'b q' --allow-pubsub c --deny-pub d --deny-sub e --deny-pubsub f " +
        '--allow-pub-response=5 --response-ttl 1m30s --rm old',
      edited(
        {
          'nats.pub.allow[old]': 'removed',
          'nats.pub.allow[a.*]': 'added',
          'nats.pub.allow[c]': 'added',
          'nats.sub.allow[b q]': 'added',
          'nats.sub.allow[c]': 'added',
          'nats.pub.deny[d]': 'added',
          'nats.pub.deny[f]': 'added',
          'nats.sub.deny[old]': 'removed',
          'nats.sub.deny[e]': 'added',
          'nats.sub.deny[f]': 'added',
          'nats.resp.max': { added: 5 },
          'nats.resp.ttl': { added: 90_000_000_000 },
        },
        [
          'set max responses to 5',
          'set response ttl to 1m30s',
          'added pub "a.*"',
          'added pub "c"',
          'removed pub "old"',
          'added deny pub "d"',
          'added deny pub "f"',
          'added sub "b q"',
          'added sub "c"',
          'added deny sub "e"',
          'added deny sub "f"',
          'removed deny sub "old"',
        ],
      ),
      withUser({ pub: { allow: ['old'] }, sub: { deny: ['old'] } }),
    ],
    'one half of the right to reply leaves the other alone': [
      '--response-ttl 2s',
      edited({ 'nats.resp.ttl': [1_000_000_000, 2_000_000_000] }, ['set response ttl to 2s']),
      withUser({ resp: { max: 3, ttl: 1_000_000_000 } }),
    ],
    'the right to reply is removed, and the other options count (E-33)': [
      '--rm-response-perms --deny-pub a --allow-pub-response=7',
      edited({ 'nats.resp.max': [3, 7], 'nats.resp.ttl': [9, 0], 'nats.pub.deny[a]': 'added' }, [
        'removed response permissions',
        'set max responses to 7',
        'added deny pub "a"',
      ]),
      withUser({ resp: { max: 3, ttl: 9 } }),
    ],
  });

  it('sorts networks, permissions and tags', async () => {
    const { after } = await planRaw(command, given, '--allow-pub b,a --tag d,c --source-network 9.0.0.0/8,10.0.0.0/8');
    const { pub: allowed, tags, src } = after.findUser('A', 'u')?.claims.nats ?? {};
    expect({ allow: allowed?.allow, tags, src }).toEqual({
      allow: ['a', 'b'],
      tags: ['c', 'd'],
      src: ['10.0.0.0/8', '9.0.0.0/8'],
    });
  });

  it('keeps members it does not know (E-50)', async () => {
    const u = user('A/u', 'u1');
    const claims = {
      ...u.claims,
      future: 1,
      nats: { ...u.claims.nats, pub: { future: 2 }, future: { a: [] } },
    } as UserClaims;
    const entry: UserEntry = { ...u, ...issue('user', claims, KEYS.a1, { now: NOW - 60 }) };
    const world: Given = { operators: [{ operator: O, accounts: [A], users: [entry] }] };
    expect(await plan(command, world, '--allow-pub a --tag x -K $a2')).toEqual({
      ...edited(
        {
          iss: ['a1', 'a2'],
          'nats.pub.allow[a]': 'added',
          'nats.issuer_account': { added: 'a1' },
          ...tagged,
        },
        ['added tag "x"', 'added pub "a"'],
        'a2',
      ),
    });
  });
});

describe('a revoked user', () => {
  const revoked = (at: number) => withUser({}, {}, account('A', 'a1', { nats: { revocations: { [pub('u1')]: at } } }));
  itPlans(command, given, {
    'comes back with its new JWT, which is told': [
      '--tag x',
      edited(tagged, ['added tag "x"'], 'a1', {
        warnings: ['user "u" was revoked by account "A"; its new JWT is not'],
      }),
      revoked(NOW - 1),
    ],
    'comes back in the same second (E-49)': [
      '--tag x',
      edited(tagged, ['added tag "x"'], 'a1', {
        warnings: ['user "u" was revoked by account "A"; its new JWT is not'],
      }),
      revoked(NOW),
    ],
    'stays shut out where it is revoked until later': [
      '--tag x',
      edited(tagged, ['added tag "x"'], 'a1', { warnings: ['user "u" is revoked by account "A"'] }),
      revoked(NOW + 3600),
    ],
    'was issued anew before': ['--tag x', edited(tagged, ['added tag "x"']), revoked(NOW - 3600)],
  });
});

describe('who signs', () => {
  const signed = withUser({ issuer_account: pub('a1') }, { by: 'a3' });
  /** Issued under a role that the account has no more. */
  const orphaned: Given = {
    operators: [{ operator: O, accounts: [A], users: [user('A/u', 'u1', { by: 'ax', nats: under('a1') })] }],
  };
  const nothing = 'user "u": it has neither a role nor limits of its own, so it may not subscribe nor send a byte';
  /** A user that says nothing of limits, which is 0 of everything without a role. */
  const bare = (by: 'a1' | 'a3'): Given => {
    const nats = by === 'a1' ? { pub: {}, sub: {} } : under('a1');
    return { operators: [{ operator: O, accounts: [A], users: [user('A/u', 'u1', { by, nats })] }] };
  };
  itPlans(command, given, {
    'the one who signed before': ['--tag x', edited(tagged, ['added tag "x"'], 'a3'), signed],
    'the identity, when the one who signed before is away; the user names its account no more (E-67)': [
      '--tag x',
      edited({ ...tagged, iss: ['a3', 'a1'], 'nats.issuer_account': { removed: 'a1' } }, ['added tag "x"']),
      { ...signed, stored: ['a1', 'a2', 'u1'] },
    ],
    'the one who is named': [
      '--tag x -K $a2',
      edited({ ...tagged, iss: ['a1', 'a2'], 'nats.issuer_account': { added: 'a1' } }, ['added tag "x"'], 'a2'),
    ],
    'a role, under which unlimited defaults go': [
      '--tag x -K reader',
      edited(
        {
          ...tagged,
          iss: ['a1', 'a4'],
          'nats.issuer_account': { added: 'a1' },
          'nats.subs': { removed: -1 },
          'nats.data': { removed: -1 },
          'nats.payload': { removed: -1 },
        },
        ['added tag "x"'],
        'a4',
      ),
    ],
    'the same role as before': ['--tag x', edited(tagged, ['added tag "x"'], 'a4'), scoped],
    'somebody without scope, which brings the unlimited defaults back': [
      '--tag x -K $a1',
      edited(
        {
          ...tagged,
          iss: ['a4', 'a1'],
          'nats.issuer_account': { removed: 'a1' },
          'nats.subs': { added: -1 },
          'nats.data': { added: -1 },
          'nats.payload': { added: -1 },
        },
        ['added tag "x"'],
      ),
      scoped,
    ],
    'a role by its own option': [
      '--role reader',
      edited(
        {
          iss: ['a1', 'a4'],
          'nats.issuer_account': { added: 'a1' },
          'nats.subs': { removed: -1 },
          'nats.data': { removed: -1 },
          'nats.payload': { removed: -1 },
        },
        [],
        'a4',
      ),
    ],
    'a role by its own option, which takes all the user has of its own': [
      '--role reader --tag x',
      edited(
        {
          ...tagged,
          iss: ['a1', 'a4'],
          'nats.issuer_account': { added: 'a1' },
          'nats.pub.allow[a]': 'removed',
          'nats.src[10.0.0.0/8]': 'removed',
          'nats.subs': { removed: 5 },
          'nats.data': { removed: -1 },
          'nats.payload': { removed: -1 },
        },
        ['added tag "x"', 'warn: role "reader" takes the place of the own pub, src, subs'],
        'a4',
      ),
      withUser({ pub: { allow: ['a'] }, src: ['10.0.0.0/8'], subs: 5 }),
    ],
    'somebody named, for a user whose role is gone: it gets the unlimited defaults': [
      '--tag x -K $a1',
      edited(
        {
          ...tagged,
          iss: ['ax', 'a1'],
          'nats.issuer_account': { removed: 'a1' },
          'nats.subs': { added: -1 },
          'nats.data': { added: -1 },
          'nats.payload': { added: -1 },
        },
        ['added tag "x"'],
      ),
      orphaned,
    ],
    'a plain key again, for a user without any limits, who gains none': [
      '--tag x',
      edited(tagged, ['added tag "x"'], 'a3', { warnings: [nothing] }),
      bare('a3'),
    ],
    'the identity again, for a user without any limits, who gains none': [
      '--tag x',
      edited(tagged, ['added tag "x"'], 'a1', { warnings: [nothing] }),
      bare('a1'),
    ],
    'somebody named, for a user with limits of its own, who gains none': [
      '--tag x -K $a2',
      edited({ ...tagged, iss: ['a1', 'a2'], 'nats.issuer_account': { added: 'a1' } }, ['added tag "x"'], 'a2'),
      {
        operators: [
          { operator: O, accounts: [A], users: [user('A/u', 'u1', { nats: { pub: {}, sub: {}, subs: 5 } })] },
        ],
      },
    ],
    'somebody without scope, for a user of a role with a limit of its own, which stays': [
      '--tag x -K $a1',
      edited(
        {
          ...tagged,
          iss: ['a4', 'a1'],
          'nats.issuer_account': { removed: 'a1' },
          'nats.data': { added: -1 },
          'nats.payload': { added: -1 },
        },
        ['added tag "x"'],
      ),
      {
        operators: [
          { operator: O, accounts: [A], users: [user('A/u', 'u1', { by: 'a4', nats: { ...under('a1'), subs: 5 } })] },
        ],
      },
    ],
    'a role, for a user whose role is gone': ['--role reader', edited({ iss: ['ax', 'a4'] }, [], 'a4'), orphaned],
    'a user whose issuer is no longer listed': [
      '--tag x',
      edited({ ...tagged, iss: ['ax', 'a1'], 'nats.issuer_account': { removed: 'a1' } }, ['added tag "x"']),
      withUser({ issuer_account: pub('a1') }, { by: 'ax' }),
    ],
  });
  itRefuses(command, given, {
    'limits under the role that signed': [
      '--subs 5',
      ['policy-refused', 'user "u" gets its permissions and limits from role "reader" and may bring none of its own'],
      scoped,
    ],
    'permissions under a role that is to sign': [
      '--allow-pub a -K reader',
      ['policy-refused', 'user "u" gets its permissions and limits from role "reader" and may bring none of its own'],
    ],
    'a move under a role of a user with limits of its own': [
      '--tag x -K reader',
      ['policy-refused', 'user "u" gets its permissions and limits from role "reader" and may bring none of its own'],
      withUser({ subs: 5 }),
    ],
    'nobody, for a user whose role is gone': [
      '--tag x',
      ['policy-refused', 'user "u" has nothing of its own, and account "A" no longer lists the key that signed it'],
      orphaned,
    ],
    'permissions with the option for a role': [
      '--role reader --allow-pub a',
      ['policy-refused', 'user "u" gets its permissions and limits from role "reader" and may bring none of its own'],
    ],
    'a role and a key': [
      '--role reader -K $a2',
      ['conflicting-options', '--role and --private-key exclude each other'],
    ],
    'a role that is not there': ['--role raeder', ['item-not-found', 'account "A" has no role "raeder"']],
    'an empty role': ["--role ''", ['bad-value', '--role: no role is named']],
    'a role whose seed is away': [
      '--role reader',
      ['key-not-found', 'the seed of a4 (role "reader" of account "A") is not in the keystore'],
      { ...given, stored: ['a1', 'u1'] },
    ],
    'another signer than the role whose seed is away': [
      '--tag x',
      ['no-signer', 'the seed of a4 (role "reader" of account "A"), which signed the user, is not in the keystore'],
      { ...scoped, stored: ['a1', 'u1'] },
    ],
    'a key of another account (E-06)': [
      '--tag x -K $b1',
      ['signer-not-allowed', 'b1 may not sign users of account "A": it is not among the keys that may'],
    ],
    'an operator key': [
      '--tag x -K $o1',
      ['wrong-key-kind', 'o1 is of kind operator, but users of account "A" must be signed by one of kind account'],
    ],
    'nobody (E-05)': ['--tag x -K typo', ['key-not-found', '"typo" is not a role of account "A", a key or a key file']],
  });
});

describe('creds', () => {
  const withCreds = (stored: Given['stored']): Given => {
    const content = given.operators?.[0];
    const old = formatCreds(content?.users?.[0]?.token ?? '', KEYS.u1.seed);
    return {
      operators: content ? [{ ...content, creds: [{ account: 'A', user: 'u', creds: old }] }] : [],
      ...(stored && { stored }),
    };
  };
  itPlans(command, given, {
    'are written anew': ['--tag x', edited(tagged, ['added tag "x"']), withCreds(undefined)],
    'are not written without the seed of the user': [
      '--tag x',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': tagged },
        steps: ['added tag "x"', 'no creds file was written: the seed of the user is not at hand', 'edited user "u"'],
      },
      { ...given, stored: ['a1'] },
    ],
    'that stay behind are told': [
      '--tag x',
      {
        changes: ['put-user A/u by a1'],
        claims: { 'A/u': tagged },
        steps: ['added tag "x"', 'no creds file was written: the seed of the user is not at hand', 'edited user "u"'],
        warnings: [
          '`/keys/creds/O/A/u.creds` still holds the previous JWT: the seed of the user is not in the keystore',
        ],
      },
      withCreds(['a1']),
    ],
  });
});

describe('which user', () => {
  const two: Given = {
    operators: [
      { operator: O, accounts: [A, B], users: [user('A/u', 'u1'), user('A/v', 'u2'), user('B/u', 'u3', { by: 'b1' })] },
    ],
  };
  const of = (place: string, by = 'a1'): Planned => ({
    changes: [`put-user ${place} by ${by}`, `put-creds ${place}`],
    claims: { [place]: tagged },
    steps: [
      'added tag "x"',
      `generated user creds file \`/keys/creds/O/${place}.creds\``,
      `edited user "${place.slice(2)}"`,
    ],
  });
  itPlans(command, two, {
    'as argument': ['v --tag x', of('A/v')],
    'as flag': ['--name v --tag x', of('A/v')],
    'by public key': ['$u2 --tag x', of('A/v')],
    'of another account': ['u -a B --tag x', of('B/u', 'b1')],
    'of another account by its key': ['u --account $b1 --tag x', of('B/u', 'b1')],
    'the only one': ['--tag x -a B', of('B/u', 'b1')],
  });
  itRefuses(command, two, {
    'none of several': ['--tag x', ['missing-option', 'a user of account "A" is needed']],
    'one that is not there': ['w --tag x', ['user-not-found', 'user "w" does not exist in account "A"']],
    'of an account that is not there': [
      'u -a C --tag x',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'two arguments': ['u v --tag x', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'nothing to edit': ['u -a A', ['nothing-to-do', 'edit user: nothing to edit was given']],
  });

  it('is asked for after its account', () => {
    expect(unanswered(command, {}).slice(0, 2)).toEqual(['--account', '--name']);
  });
});

describe('refused', () => {
  const noBearers = account('A', 'a1', {
    nats: { ...A.claims.nats, limits: { ...A.claims.nats.limits, disallow_bearer: true } },
  });
  itRefuses(command, given, {
    'a bearer token where the account forbids them': [
      '--bearer',
      ['policy-refused', 'account "A" forbids bearer tokens, so user "u" cannot have one'],
      withUser({}, {}, noBearers),
    ],
    'any edit of a bearer token where the account forbids them': [
      '--tag x',
      ['policy-refused', 'account "A" forbids bearer tokens, so user "u" cannot have one'],
      withUser({ bearer_token: true }, {}, noBearers),
    ],
    'a network that is none (E-34)': [
      '--source-network 192.0.2.0',
      ['bad-value', '--source-network: "192.0.2.0" is not a network in CIDR notation'],
    ],
    'a connection type that is none': [
      '--conn-type carrier-pigeon',
      ['bad-value', '--conn-type: "carrier-pigeon" is not a connection type'],
    ],
    'removing a connection type that is none': [
      '--rm-conn-type carrier-pigeon',
      ['bad-value', '--rm-conn-type: "carrier-pigeon" is not a connection type'],
    ],
    'a time that is none': ['--time 8am-9am', ['bad-value', '--time: "8am-9am" is not a time range']],
    'half a time range': ['--time 08:00:00', ['bad-value', '--time: "08:00:00" is not a time range']],
    'a zone that is none': [
      '--locale Mars/Base',
      ['bad-value', '--locale: "Mars/Base" is not the name of a time zone'],
    ],
    'a size that is none': ['--payload huge', ['bad-value', '--payload: "huge" is not a number or size']],
    'a number without unit as expiry': ['--expiry 12', ['bad-value', '--expiry: "12" is not a date or a time span']],
    'an expiry hidden in a word (E-48)': [
      '--expiry abc5dxyz',
      ['bad-value', '--expiry: "abc5dxyz" is not a date or a time span'],
    ],
  });
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/edit/signing-key.js';
import { findScopeByRole, signingKeysOf } from '../../../src/domain/claims/scope.js';
import type { AccountBody, UserPermissionLimits } from '../../../src/domain/claims/types.js';
import { decodeKind } from '../../../src/domain/token/decode.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, type Planned, planRaw, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const B = account('B', 'b1');

/** Account A with the plain key a2 and the role "reader" of a4, which has the template. */
function withRole(template: UserPermissionLimits = {}, nats: AccountBody = {}): Given {
  const signing_keys = [pub('a2'), scope('a4', 'reader', template)];
  const A = account('A', 'a1', { nats: { signing_keys, ...nats } });
  const users = [
    user('A/free', 'u1', { by: 'a2', nats: { ...under('a1'), subs: -1, data: -1, payload: -1 } }),
    user('A/bare', 'u2', { by: 'a2', nats: under('a1') }),
    user('A/reader', 'u3', { by: 'a4', nats: under('a1', { tags: ['team:red'] }) }),
  ];
  return { operators: [{ operator: O, accounts: [A, B], users }] };
}
const given = withRole();

const AT = 'nats.signing_keys[a4].template';
const edited = (claims: object, steps: string[], more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [...steps, 'edited signing key "a4"'],
  ...more,
});
/** A key that gets a scope, in a diff. */
const scoped = (key: string, role: string, more: object = {}) =>
  Object.fromEntries(
    Object.entries({
      kind: { added: 'user_scope' },
      key: { added: key },
      role: { added: role },
      description: { added: '' },
      'template.subs': { added: -1 },
      'template.data': { added: -1 },
      'template.payload': { added: -1 },
      ...more,
    }).map(([member, value]) => [`nats.signing_keys[${key}].${member}`, value]),
  );

it('a key is listed once', async () => {
  const { after } = await planRaw(command, given, 'reader --description x');
  expect(signingKeysOf(after.findAccount('A')?.claims ?? { nats: {} }).sort()).toEqual([pub('a2'), pub('a4')].sort());
});

describe('which key', () => {
  const renamed = { 'nats.signing_keys[a4].description': ['', 'x'] };
  const described = 'changed description to "x"';
  itPlans(command, given, {
    'a role by --sk': ['--sk reader --description x', edited(renamed, [described])],
    'a role as the argument': ['reader --description x', edited(renamed, [described])],
    'a role by --role alone': ['--role reader --description x', edited(renamed, [described])],
    'a key as the argument': ['$a4 --description x', edited(renamed, [described])],
    'a key by --sk': ['--sk $a4 --description x', edited(renamed, [described])],
    'a role whose seed is elsewhere': [
      '--role reader --description x',
      edited(renamed, [described]),
      { ...given, stored: ['o1'] },
    ],
    'a role that is also a file of the same key': [
      'reader --description x',
      edited(renamed, [described]),
      { ...given, files: { reader: '$a4' } },
    ],
    'a role that is also a file without a key': [
      'reader --description x',
      edited(renamed, [described]),
      { ...given, files: { reader: 'notes' } },
    ],
    'a key that is not listed, by public key: it is added': [
      '--sk $a3 --role writer',
      {
        changes: ['put-account A by o1'],
        claims: { A: scoped('a3', 'writer') },
        steps: ['added scoped signing key "a3"', 'changed role to "writer"', 'edited signing key "a3"'],
      },
    ],
    'a key by its seed, which is stored (E-13)': [
      '$ax.seed --role writer',
      {
        changes: ['put-seed ax', 'put-account A by o1'],
        claims: { A: scoped('ax', 'writer') },
        steps: ['added scoped signing key "ax"', 'changed role to "writer"', 'edited signing key "ax"'],
      },
    ],
    'a key by its file': [
      '--sk new.nk',
      {
        changes: ['put-seed ax', 'put-account A by o1'],
        claims: { A: scoped('ax', '') },
        steps: ['added scoped signing key "ax"', 'edited signing key "ax"'],
      },
      { ...given, files: { 'new.nk': '$ax.seed' } },
    ],
    'a new key, which is stored': [
      "--sk generate --role writer --allow-pub 'a.>'",
      {
        changes: ['put-seed new1', 'put-account A by o1'],
        claims: { A: scoped('new1', 'writer', { 'template.pub.allow[a.>]': 'added' }) },
        steps: [
          'generated and stored account key "new1"',
          'added scoped signing key "new1"',
          'changed role to "writer"',
          'added pub "a.>"',
          'edited signing key "new1"',
        ],
      },
    ],
    'a new key without a role': [
      'GENERATE',
      {
        changes: ['put-seed new1', 'put-account A by o1'],
        claims: { A: scoped('new1', '') },
        steps: [
          'generated and stored account key "new1"',
          'added scoped signing key "new1"',
          'edited signing key "new1"',
        ],
      },
    ],
    'of another account': [
      '--account B --sk $a3 --role reader',
      {
        changes: ['put-account B by o1'],
        claims: { B: scoped('a3', 'reader') },
        steps: ['added scoped signing key "a3"', 'changed role to "reader"', 'edited signing key "a3"'],
      },
    ],
    'a plain key, whose users are lost unless they have nothing of their own': [
      '$a2 --role writer',
      {
        changes: ['put-account A by o1'],
        claims: {
          A: {
            'nats.signing_keys[a2]': [
              'a2',
              {
                kind: 'user_scope',
                key: 'a2',
                role: 'writer',
                template: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 },
                description: '',
              },
            ],
          },
        },
        steps: ['gave a scope to signing key "a2"', 'changed role to "writer"', 'edited signing key "a2"'],
        lost: ['A/free'],
      },
    ],
    'nothing but the key: it is signed again': ['reader', edited({}, [])],
  });
  itRefuses(command, given, {
    'none (E-12)': ['--allow-pub x', ['missing-option', 'a signing key is needed']],
    several: ['--sk $a2,$a4', ['bad-value', 'several signing keys are named']],
    'an option and an argument': ['--sk $a2 $a4', ['bad-value', 'several signing keys are named']],
    'what is not there (E-12)': [
      '--sk raeder',
      ['key-not-found', '"raeder" is not a role of account "A", a key or a key file'],
    ],
    'a role that is not there': ['--role writer', ['item-not-found', 'account "A" has no role "writer"']],
    'a file without a key': ['notes', ['bad-key', '"notes" holds no key'], { ...given, files: { notes: 'no key' } }],
    'a role that is also the file of another key': [
      'reader',
      ['bad-value', '"reader" is a role and also the file of another key'],
      { ...given, files: { reader: '$a3.seed' } },
    ],
    'the key of an operator': ['--sk $o2', ['wrong-key-kind', 'o2 is a key of kind operator, not account']],
    'the identity of the account': [
      '--sk $a1 --role x',
      ['policy-refused', 'a1 is the identity of account "A", which no scope binds'],
    ],
    'an empty name': ["--sk ''", ['bad-value', '--sk: a key is empty']],
    'a role that several keys have': [
      '--role reader',
      ['bad-value', 'role "reader" of account "A" belongs to several keys'],
      withRole({}, { signing_keys: [scope('a2', 'reader'), scope('a4', 'reader')] }),
    ],
    'of an account that is not there': [
      '-a C --sk $a2',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'two arguments': ['a b', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
  });
});

describe('its role', () => {
  itPlans(command, given, {
    'is changed': [
      'reader --role viewer',
      edited({ 'nats.signing_keys[a4].role': ['reader', 'viewer'] }, ['changed role to "viewer"']),
    ],
    'may be given again': ['$a4 --role reader', edited({}, [])],
    'may stay what two keys are called, as nsc lets them be': [
      '$a4 --role reader',
      edited({}, []),
      withRole({}, { signing_keys: [scope('a2', 'reader'), scope('a4', 'reader')] }),
    ],
    'has a description': [
      "reader --description 'who reads'",
      edited({ 'nats.signing_keys[a4].description': ['', 'who reads'] }, ['changed description to "who reads"']),
    ],
  });
  itRefuses(command, given, {
    'that another key has': [
      '$a2 --role reader',
      ['already-exists', 'role "reader" belongs to signing key a4 already'],
    ],
    'that another key has, for a new key (E-12)': [
      '--sk generate --role reader',
      ['already-exists', 'role "reader" belongs to signing key a4 already'],
    ],
    'that is a public key': ['$a2 --role $a3', ['bad-value', '--role: "a3" cannot be a role: it is a public key']],
    'that is a seed': ['$a2 --role $a3.seed', ['bad-value', '--role: a seed cannot be a role']],
    'that asks for a key': [
      '$a2 --role Generate',
      ['bad-value', '--role: "Generate" cannot be a role: it asks for a new key'],
    ],
    'that is empty': ["$a2 --role ''", ['bad-value', '--role: "" cannot be a role: it is empty']],
    'that has a blank before it': [
      "$a2 --role ' x'",
      ['bad-value', '--role: " x" cannot be a role: it begins or ends with a blank'],
    ],
    'that looks like an option': [
      '$a2 --role=-x',
      ['bad-value', '--role: "-x" cannot be a role: it begins with a dash, as an option does'],
    ],
    'that rings a bell': [
      "$a2 --role 'a\u0007b'",
      ['bad-value', '--role: "a\\u{7}b" cannot be a role: it holds a control character'],
    ],
  });
});

describe('its template', () => {
  itPlans(command, given, {
    'limits, with sizes': [
      'reader --subs 5 --data 1k --payload 2KiB',
      edited({ [`${AT}.subs`]: [-1, 5], [`${AT}.data`]: [-1, 1000], [`${AT}.payload`]: [-1, 2048] }, [
        'changed max payload to 2048',
        'changed max data to 1000',
        'changed max subscriptions to 5',
      ]),
    ],
    'limits of 0 stay 0 (E-15)': [
      'reader --subs 0 --data 0 --payload 0',
      edited({ [`${AT}.subs`]: [-1, 0], [`${AT}.data`]: [-1, 0], [`${AT}.payload`]: [-1, 0] }, [
        'changed max payload to 0',
        'changed max data to 0',
        'changed max subscriptions to 0',
      ]),
    ],
    permissions: [
      "reader --allow-pub a --allow-sub 'b q' --allow-pubsub c --deny-pub d --deny-sub e --deny-pubsub f " +
        '--allow-pub-response --response-ttl 3s',
      edited(
        {
          ...added(`${AT}.pub`, { allow: ['a', 'c'], deny: ['d', 'f'] }),
          ...added(`${AT}.sub`, { allow: ['b q', 'c'], deny: ['e', 'f'] }),
          ...added(`${AT}.resp`, { max: 1, ttl: 3_000_000_000 }),
        },
        [
          'set max responses to 1',
          'set response ttl to 3s',
          'added pub "a"',
          'added pub "c"',
          'added deny pub "d"',
          'added deny pub "f"',
          'added sub "b q"',
          'added sub "c"',
          'added deny sub "e"',
          'added deny sub "f"',
        ],
      ),
    ],
    'permissions that are removed': [
      'reader --rm a,z --rm-response-perms',
      edited({ ...removed(`${AT}.pub.allow`, ['a']), ...removed(`${AT}.resp`, { max: 1, ttl: 0 }) }, [
        'removed response permissions',
        'removed pub "a"',
        'warn: subject "z" was in no list',
      ]),
      withRole({ pub: { allow: ['a'] }, resp: { max: 1, ttl: 0 } }),
    ],
    'the old name of the right to reply': [
      'reader --max-responses 4',
      edited(added(`${AT}.resp`, { max: 4, ttl: 0 }), ['set max responses to 4']),
    ],
    'where and when and how': [
      'reader --source-network 10.0.0.0/8 --time 08:00:00-18:00:00 --locale Europe/Berlin --conn-type mqtt --bearer',
      edited(
        {
          ...added(`${AT}.src`, ['10.0.0.0/8']),
          ...added(`${AT}.times`, [{ start: '08:00:00', end: '18:00:00' }]),
          [`${AT}.times_location`]: { added: 'Europe/Berlin' },
          ...added(`${AT}.allowed_connection_types`, ['MQTT']),
          [`${AT}.bearer_token`]: { added: true },
        },
        [
          'changed bearer to true',
          'changed locale to "Europe/Berlin"',
          'added connection type "MQTT"',
          'added source network "10.0.0.0/8"',
          'added time range 08:00:00-18:00:00',
        ],
      ),
    ],
    'no more of where and when and how': [
      'reader --rm-source-network 10.0.0.0/8 --rm-time 08:00:00 --rm-conn-type Mqtt --bearer=false',
      edited(
        {
          ...removed(`${AT}.src`, ['10.0.0.0/8']),
          ...removed(`${AT}.times`, [{ start: '08:00:00', end: '18:00:00' }]),
          ...removed(`${AT}.allowed_connection_types`, ['MQTT']),
          [`${AT}.bearer_token`]: { removed: true },
        },
        [
          'changed bearer to false',
          'removed connection type "MQTT"',
          'removed source network "10.0.0.0/8"',
          'removed time range that starts at 08:00:00',
        ],
      ),
      withRole({
        src: ['10.0.0.0/8'],
        times: [{ start: '08:00:00', end: '18:00:00' }],
        allowed_connection_types: ['MQTT'],
        bearer_token: true,
      }),
    ],
  });

  it('has its zeros in the token (E-15)', async () => {
    const { after } = await planRaw(command, given, 'reader --subs 0');
    const { claims } = decodeKind(after.findAccount('A')?.token ?? '', 'account');
    expect(findScopeByRole(claims, 'reader')).toMatchObject({ template: { subs: 0, data: -1, payload: -1 } });
  });

  it('keeps members it does not know (E-50)', async () => {
    const future = { ...scope('a4', 'reader', { future: 1 } as UserPermissionLimits), future: 2 };
    const world = withRole({}, { signing_keys: [future] });
    const { after } = await planRaw(command, world, 'reader --subs 3');
    expect(after.findAccount('A')?.claims.nats.signing_keys).toEqual([
      expect.objectContaining({ future: 2, template: expect.objectContaining({ future: 1, subs: 3 }) }),
    ]);
  });

  const noBearers: AccountBody = { limits: { disallow_bearer: true } };
  itPlans(command, withRole({ bearer_token: true }, noBearers), {
    'that gives bearer tokens may be edited in an account that forbids them': [
      'reader --subs 3',
      edited({ [`${AT}.subs`]: [-1, 3] }, ['changed max subscriptions to 3']),
    ],
  });
  itRefuses(command, given, {
    'a connection type that is none': [
      'reader --conn-type pigeon',
      ['bad-value', '--conn-type: "pigeon" is not a connection type'],
    ],
    'a network that is none': [
      'reader --source-network 10.0.0.1',
      ['bad-value', '--source-network: "10.0.0.1" is not a network in CIDR notation'],
    ],
    'a publish subject with a queue': [
      "reader --allow-pub 'a b'",
      ['bad-value', '--allow-pub: publish entry "a b": only a subscription can name a queue'],
    ],
    'bearer tokens in an account that forbids them': [
      'reader --bearer',
      ['policy-refused', 'account "A" forbids bearer tokens, so a role cannot give them'],
      withRole({}, noBearers),
    ],
    'a signer that the operator does not list (E-06)': [
      'reader --subs 1 -K $ox.seed',
      ['signer-not-allowed', 'ox may not sign account "A": it is not among the keys that may'],
    ],
  });
});

describe('functions of the server', () => {
  itPlans(command, given, {
    'stand in subjects': [
      "reader --allow-pub 'app.{{name()}}.>,{{account-name()}}.{{subject()}}' --allow-sub '{{tag(team)}}.>'",
      edited(
        {
          ...added(`${AT}.pub.allow`, ['app.{{name()}}.>', '{{account-name()}}.{{subject()}}']),
          ...added(`${AT}.sub.allow`, ['{{tag(team)}}.>']),
        },
        ['added pub "app.{{name()}}.>"', 'added pub "{{account-name()}}.{{subject()}}"', 'added sub "{{tag(team)}}.>"'],
      ),
    ],
    'with a warning of what old servers do': [
      "reader --allow-pub '{{tag(a)}}.{{tag(b)}}'",
      edited(added(`${AT}.pub.allow`, ['{{tag(a)}}.{{tag(b)}}']), ['added pub "{{tag(a)}}.{{tag(b)}}"'], {
        warnings: [
          'publish allow entry "{{tag(a)}}.{{tag(b)}}": servers before 2.11 crash when a user has one of its tags and ' +
            'lacks another (S-54)',
        ],
      }),
    ],
    'with a warning when they were wrong before': [
      'reader --subs 2',
      edited({ [`${AT}.subs`]: [-1, 2] }, ['changed max subscriptions to 2'], {
        warnings: ['publish allow entry "{{name()": its braces do not fit together'],
      }),
      withRole({ pub: { allow: ['{{name()'] } }),
    ],
    'that ask for a tag in what is denied take the users without it': [
      "reader --deny-pub 'x.{{tag(zone)}}'",
      edited(added(`${AT}.pub.deny`, ['x.{{tag(zone)}}']), ['added deny pub "x.{{tag(zone)}}"'], {
        lost: ['A/reader'],
      }),
    ],
  });
  itRefuses(command, given, {
    'that no server knows': [
      "reader --allow-pub 'app.{{user()}}.>'",
      ['bad-value', 'publish allow entry "app.{{user()}}.>": there is no function "user()"'],
    ],
    'that are mistyped': [
      "reader --deny-sub 'app.{{name()}.>'",
      ['bad-value', 'subscribe deny entry "app.{{name()}.>": its braces do not fit together'],
    ],
    'beside a queue': [
      "reader --allow-sub 'jobs.* workers'",
      ['bad-value', 'subscribe allow entry "jobs.* workers": servers drop a queue from a list with functions'],
      withRole({ sub: { allow: ['{{name()}}.>'] } }),
    ],
  });

  it('the hint lists them', async () => {
    const refused = planRaw(command, given, "reader --allow-pub '{{name}}'");
    await expect(refused).rejects.toMatchObject({
      hint: 'the functions are {{name()}}, {{subject()}}, {{account-name()}}, {{account-subject()}}, {{tag(NAME)}}, {{account-tag(NAME)}}',
    });
  });
});

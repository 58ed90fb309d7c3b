import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/migrate.js';
import { issue } from '../../src/domain/token/issue.js';
import { account, KEYS, operator, pub, scope, NOW as THEN, under, user } from '../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../support/cases.js';
import { FakeWorld } from '../support/fake-world.js';
import { type Given, NOW, planRaw } from '../support/plan.js';

/** The other operator has the key `o3`. */
const other = (nats: object = {}) => ({
  ...operator({ by: 'o3', sub: pub('o3'), iss: pub('o3'), name: 'Old', nats }),
  name: 'Old',
});
const A = account('A', 'a1', { by: 'o3', nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } });
const SYS = account('SYS', 'a4', { by: 'o3' });
const users = [
  user('A/u', 'u1'),
  user('A/v', 'u2', { by: 'a2', nats: under('a1') }),
  user('A/r', 'u3', { by: 'a3', nats: under('a1') }),
];
const files = {
  'old/Old.jwt': other({ system_account: pub('a4') }).token,
  'old/.nsc': '{}',
  'old/accounts/A/A.jwt': A.token,
  'old/accounts/A/users/u.jwt': users[0]?.token ?? '',
  'old/accounts/A/users/v.jwt': users[1]?.token ?? '',
  'old/accounts/A/users/r.jwt': users[2]?.token ?? '',
  'old/accounts/A/users/notes.txt': 'no token',
  'old/accounts/SYS/SYS.jwt': SYS.token,
  'alone.jwt': A.token,
  'plain.jwt': account('A', 'a1', { by: 'o3', nats: { description: 'from there' } }).token,
};
const O = operator();
const given: Given = { operators: [{ operator: O }], files, stored: ['o1', 'a1', 'u1'] };
const withOwnSystem: Given = {
  ...given,
  operators: [{ operator: operator({ nats: { system_account: pub('b1') } }), accounts: [account('SYS', 'b1')] }],
};
const managed: Given = { ...given, operators: [{ operator: O, managed: true }], stored: ['a1'] };
const holding = (...accounts: (typeof A)[]): Given => ({ ...given, operators: [{ operator: O, accounts }] });

const claims = (name: string, sub: string, iss: string, nats: object = {}) => ({
  [name]: {
    iss,
    name,
    sub,
    nats: {
      limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
      default_permissions: { pub: {}, sub: {} },
      authorization: {},
      ...nats,
    },
  },
});
const keys = {
  signing_keys: [
    'a2',
    {
      kind: 'user_scope',
      key: 'a3',
      role: 'reader',
      template: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 },
      description: '',
    },
  ],
};
const unlimited = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };
const userClaims = {
  'A/u': { iat: THEN, iss: 'a1', name: 'u', sub: 'u1', nats: unlimited },
  'A/v': { iat: THEN, iss: 'a2', name: 'v', sub: 'u2', nats: { pub: {}, sub: {}, issuer_account: 'a1' } },
  'A/r': { iat: THEN, iss: 'a3', name: 'r', sub: 'u3', nats: { pub: {}, sub: {}, issuer_account: 'a1' } },
};
const putUsers = ['put-user A/r by a3', 'put-user A/u by a1', 'put-creds A/u', 'put-user A/v by a2'];
const migrated = 'migrated account "A" [a1] to operator "O"';
const copied = 'copied 3 users of account "A", 1 with creds';
const noKey = (name: string) => `no key of account "${name}" is in the keystore: no user of it can be signed here`;

describe('one account', () => {
  itPlans(command, given, {
    'is signed anew by the operator; its users stay as they are': [
      '--url old/accounts/A/A.jwt',
      {
        changes: ['put-account A by o1', ...putUsers],
        claims: { ...claims('A', 'a1', 'o1', keys), ...userClaims },
        steps: [migrated, copied],
      },
    ],
    'without users beside it': [
      '-u alone.jwt',
      { changes: ['put-account A by o1'], claims: claims('A', 'a1', 'o1', keys), steps: [migrated] },
    ],
    'from a URL': [
      '-u http://host/a',
      { changes: ['put-account A by o1'], claims: claims('A', 'a1', 'o1', keys), steps: [migrated] },
      { ...given, urls: { 'http://host/a': A.token } },
    ],
    'is signed by itself where the operator is managed elsewhere': [
      '-u alone.jwt',
      {
        changes: ['put-account A by a1'],
        claims: claims('A', 'a1', 'a1', keys),
        steps: [migrated],
      },
      managed,
    ],
    'is signed by the operator where a key of it is at hand, and has to be taken there': [
      '-u alone.jwt',
      {
        changes: ['put-account A by o1'],
        claims: claims('A', 'a1', 'o1', keys),
        steps: [migrated],
        warnings: [
          'operator "O" is managed elsewhere and nothing was sent: its account server has to get account "A" too',
        ],
      },
      { ...managed, stored: ['o1', 'a1'] },
    ],
    'is signed by the key that -K names': [
      '-u alone.jwt -K $o2',
      { changes: ['put-account A by o2'], claims: claims('A', 'a1', 'o2', keys), steps: [migrated] },
      {
        ...given,
        operators: [{ operator: operator({ nats: { signing_keys: [pub('o2')] } }) }],
        stored: ['o1', 'o2', 'a2'],
      },
    ],
    'that is the system account here and there is replaced with --force': [
      '-u sys.jwt --force',
      {
        changes: ['put-account SYS by o1'],
        claims: { SYS: {} },
        steps: ['migrated account "SYS" [a4] to operator "O"'],
        warnings: [noKey('SYS')],
      },
      {
        ...given,
        operators: [{ operator: operator({ nats: { system_account: pub('a4') } }), accounts: [account('SYS', 'a4')] }],
        files: { 'sys.jwt': SYS.token },
      },
    ],
    'without any key of it, after saying so': [
      '-u alone.jwt',
      {
        changes: ['put-account A by o1'],
        claims: claims('A', 'a1', 'o1', keys),
        steps: [migrated],
        warnings: [noKey('A')],
      },
      { ...given, stored: ['o1'] },
    ],
    'is replaced with --force': [
      '-u plain.jwt --force',
      {
        changes: ['put-account A by o1'],
        claims: { A: { 'nats.description': { added: 'from there' } } },
        steps: [migrated],
      },
      holding(account('A', 'a1')),
    ],
    'takes the place of another one with --force, whose users go with it': [
      '-u plain.jwt -F',
      {
        changes: ['delete-account A', 'put-account A by o1'],
        claims: { A: { sub: ['b1', 'a1'], 'nats.description': { added: 'from there' } } },
        steps: [migrated],
        lost: ['A', 'A/w'],
      },
      {
        ...given,
        operators: [{ operator: O, accounts: [account('A', 'b1')], users: [user('A/w', 'u1', { by: 'b1' })] }],
      },
    ],
  });

  it('is dated after the one it comes from', async () => {
    const late = { ...A, ...issue('account', A.claims, KEYS.o3, { now: NOW + 9 }) };
    const { plan } = await planRaw(command, { ...given, files: { 'a.jwt': late.token } }, '-u a.jwt');
    expect(plan.changes[0]).toMatchObject({ claims: { iat: NOW + 10 } });
  });

  it('is dated after the one it replaces', async () => {
    const late = { name: 'A', ...issue('account', account('A', 'a1').claims, KEYS.o1, { now: NOW + 20 }) };
    const { plan } = await planRaw(command, holding(late), '-u alone.jwt --force');
    expect(plan.changes[0]).toMatchObject({ claims: { iat: NOW + 21 } });
  });

  it('users are copied byte for byte', async () => {
    const { plan } = await planRaw(command, given, '-u old/accounts/A/A.jwt');
    expect(plan.changes).toContainEqual(expect.objectContaining({ name: 'u', token: users[0]?.token }));
  });
});

describe('users that are left out, after saying so', () => {
  const one = (token: string, world: Partial<Given> = {}): Given => ({
    ...given,
    files: { 'A.jwt': A.token, 'users/u.jwt': token },
    ...world,
  });
  const stranger = user('A/u', 'u1', { by: 'ax', nats: under('a1') });
  const newer = { ...users[0], ...issue('user', user('A/u', 'u1').claims, KEYS.a1, { now: NOW }) } as ReturnType<
    typeof user
  >;
  it.each<[what: string, world: Given, line: string, reason: string]>([
    ['one that cannot be read', one('junk'), '-u A.jwt', '"users/u.jwt": the JWT does not have three parts'],
    [
      'one that the account does not trust',
      one(stranger.token),
      '-u A.jwt',
      'user "u" is signed by ax, which account "A" does not list',
    ],
    [
      'one with a name that leads elsewhere (S-42)',
      one(user('A/x', 'u1', { name: '../../x' }).token),
      '-u A.jwt',
      '"../../x" cannot be the name of a user: it holds a path separator',
    ],
    [
      'one that breaks a rule',
      one(user('A/u', 'u1', { nats: { ...unlimited, src: ['nowhere'] } }).token),
      '-u A.jwt',
      'user "u": source network "nowhere" is not a CIDR block',
    ],
    [
      'one that is here with another key',
      one(user('A/u', 'u1').token, {
        operators: [{ operator: O, accounts: [account('A', 'a1')], users: [user('A/u', 'u2')] }],
      }),
      '-u A.jwt --force',
      'user "u" is here with another key',
    ],
    [
      'one that is here with a newer JWT',
      one(user('A/u', 'u1').token, { operators: [{ operator: O, accounts: [account('A', 'a1')], users: [newer] }] }),
      '-u A.jwt --force',
      'user "u" is here with a JWT that was issued later',
    ],
  ])('%s', async (_what, world, line, reason) => {
    const { shown } = await planRaw(command, world, line);
    expect(shown).toMatchObject({
      changes: ['put-account A by o1'],
      warnings: [`"users/u.jwt" was not copied: ${reason}`],
    });
  });

  it('but not one that is here with the same or an older JWT, or below the account that goes', async () => {
    const mine = user('A/u', 'u1');
    const older = { ...mine, ...issue('user', mine.claims, KEYS.a1, { now: THEN - 1 }) };
    const others = user('A/u', 'u2', { by: 'b1' });
    for (const [at, there] of [
      [account('A', 'a1'), mine],
      [account('A', 'a1'), older],
      [account('A', 'b1'), others],
    ] as const) {
      const world = one(mine.token, { operators: [{ operator: O, accounts: [at], users: [there] }] });
      const { after } = await planRaw(command, world, '-u A.jwt --force');
      expect(after.findUser('A', 'u')?.token).toBe(mine.token);
    }
  });

  it('the second one of a name', async () => {
    const world = {
      ...given,
      files: { 'A.jwt': A.token, 'users/u.jwt': users[0]?.token ?? '', 'users/v.jwt': users[0]?.token ?? '' },
    };
    const { shown } = await planRaw(command, world, '-u A.jwt');
    expect(shown.warnings).toEqual(['"users/v.jwt" was not copied: there is another user of that name']);
  });
});

describe('all accounts of an operator', () => {
  itPlans(command, given, {
    'come, its system account too where there is none here': [
      '--operator-dir old',
      {
        changes: ['put-account A by o1', ...putUsers, 'put-account SYS by o1'],
        claims: { ...claims('A', 'a1', 'o1', keys), ...userClaims, ...claims('SYS', 'a4', 'o1') },
        steps: [migrated, copied, 'migrated account "SYS" [a4] to operator "O"'],
        warnings: [noKey('SYS')],
      },
    ],
    'come, but its system account stays where it is when there is one here': [
      '--operator-dir old',
      {
        changes: ['put-account A by o1', ...putUsers],
        claims: { ...claims('A', 'a1', 'o1', keys), ...userClaims },
        steps: [migrated, copied],
        warnings: ['account "SYS", the system account of the other operator, was not copied'],
      },
      withOwnSystem,
    ],
  });
});

it.each([
  ['-u old/accounts/A/A.jwt -F', holding(account('A', 'b1')), 'Replace account "A" and delete its users?'],
  ['-u old/accounts/A/A.jwt -F', holding(account('A', 'a1')), undefined],
])('it asks before it replaces another account: %s', async (line, world, question) => {
  const { context, input } = await new FakeWorld(world).prepare(command, line);
  expect(command.confirm?.(context, input as never, command.plan(context, input as never))).toBe(question);
});

it.each([
  [given, ['o1']],
  [managed, []],
])('offers the signer of accounts, or leaves it to them', async (world, keys) => {
  const fake = new FakeWorld(world);
  const { context, input } = await fake.prepare(command, '-u alone.jwt');
  const offered = command.signers?.(context, input as never) ?? [];
  expect(offered.map(({ publicKey }) => fake.aliases.name(publicKey))).toEqual(keys);
});

describe('refused', () => {
  itRefuses(command, given, {
    nothing: ['', ['missing-option', 'nothing to migrate was named']],
    both: ['-u alone.jwt --operator-dir old', ['conflicting-options', '--url and --operator-dir exclude each other']],
    'a file that is not there': ['-u none.jwt', ['file-not-found', '--url: there is no file "none.jwt"']],
    'a directory that is not there': [
      '--operator-dir none',
      ['file-not-found', '--operator-dir: there is no directory "none"'],
    ],
    'a directory without operator': [
      '--operator-dir old/accounts/A',
      ['operator-not-found', '"old/accounts/A" is not the directory of an operator'],
    ],
    'an operator without accounts': [
      '--operator-dir bare',
      ['item-not-found', 'no account to migrate was found in "bare"'],
      { ...given, files: { 'bare/Old.jwt': other().token } },
    ],
    'a token of another kind': [
      '-u old/Old.jwt',
      ['bad-token', '"old/Old.jwt" holds a JWT of kind operator, not of an account'],
    ],
    'a token that was altered': [
      '-u bad.jwt',
      ['bad-token', '"bad.jwt": the JWT has a wrong signature'],
      { ...given, files: { 'bad.jwt': A.token.replace(/.{10}$/, 'AAAAAAAAAA') } },
    ],
    'an account whose name leads out of the store (S-42)': [
      '-u evil.jwt',
      ['bad-name', '"../../x" cannot be the name of an account: it holds a path separator'],
      { ...given, files: { 'evil.jwt': account('../../x', 'a1').token } },
    ],
    'one that is here': [
      '-u alone.jwt',
      ['already-exists', 'account "A" of operator "O" exists already'],
      holding(account('A', 'a1')),
    ],
    'one in the place of an account that cannot be read, or was altered': [
      '-u alone.jwt --force',
      ['bad-token', 'account "A" of operator "O" is damaged or altered'],
      { ...holding(account('A', 'a1')), unreadable: ['A'] },
    ],
    'one that is this very one, whatever --force says': [
      '-u a.jwt --force',
      ['already-exists', 'account "A" of operator "O" is the one to be migrated'],
      { ...holding(account('A', 'a1')), files: { 'a.jwt': account('A', 'a1').token } },
    ],
    'one that is here under another name': [
      '-u alone.jwt --force',
      ['already-exists', 'account a1 is here under the name "B", not "A"'],
      holding(account('B', 'a1')),
    ],
    'one in the place of the system account': [
      '-u sys.jwt --force',
      ['policy-refused', 'account "SYS" of operator "O" is its system account and cannot be replaced by another one'],
      { ...withOwnSystem, files: { 'sys.jwt': SYS.token } },
    ],
    'two of one name': [
      '--operator-dir d',
      ['already-exists', 'two of the accounts are called "A"'],
      {
        ...given,
        files: {
          'd/Old.jwt': other().token,
          'd/accounts/A/A.jwt': A.token,
          'd/accounts/B/B.jwt': account('A', 'a2').token,
        },
      },
    ],
    'an account that breaks a rule': [
      '-u x.jwt',
      ['invalid-claims', expect.stringContaining('account "A" would be invalid') as never],
      { ...given, files: { 'x.jwt': account('A', 'a1', { nats: { description: 'x'.repeat(9000) } }).token } },
    ],
    'in a managed store without the key of the account': [
      '-u alone.jwt',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), a1 (identity of the account itself)',
      ],
      { ...managed, stored: ['a2'] },
    ],
    'an argument': ['x', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rotate/activate.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { UserEntry } from '../../../src/domain/tree/tree.js';
import { activation, serviceFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, type Planned, planRaw } from '../../support/plan.js';
import { A, B, c, credsOf, done, given, O, r, STORE, u } from './rotated.js';

const having = (more: Partial<TreeContent>): Given => ({ operators: [{ ...STORE, ...more }] });

const PLAIN = await done(given, 'start --account A --sk $a4');
const ACTIVATED = await done(PLAIN, 'activate --account A');
const BARE = await done(given, 'start --account B --sk $a4');
const OPERATOR = await done(given, 'start --operator --sk $o3');
const IDENTITY = await done(given, 'start --identity --sk $o3');
/** The seed of the identity is elsewhere. */
const AWAY = await done({ ...given, stored: ['o2', 'o3'] }, 'start --operator --sk $o3');
/** The operator had no signing key. */
const FIRST = await done(
  { operators: [{ operator: operator(), accounts: [account('A', 'a1')] }] },
  'start --operator --sk $o3',
);
const ROLE = await done(given, 'start --role reader --sk $a4');
/** "B" imports with an activation that the key of a role signed, as nsc may have it. */
const BY_ROLE = await done(
  having({
    accounts: [
      A,
      account('B', 'b1', {
        nats: {
          imports: [
            {
              ...serviceFrom('a1', 'orders'),
              token: activation('orders', { by: 'a3', kind: 'service', issuer_account: pub('a1'), name: 'orders' }),
            },
          ],
        },
      }),
    ],
  }),
  'start --role reader --sk $a4',
);
const retires = (key: string): string =>
  `${key} retires: it is trusted until nsc rotate finish, and signs nothing any more`;

const ofPlain: Planned = {
  changes: ['put-keyring a4 active, a2 retiring', 'put-account B by o1', 'put-user A/u by a4', 'put-creds A/u'],
  claims: {
    B: { 'nats.imports[orders].token': ['<activation orders by a2>', '<activation orders by a4>'] },
    'A/u': { iss: ['a2', 'a4'] },
  },
  steps: [
    'signing keys of account "A": a4 is active now',
    'signed 1 activation anew',
    'signed account "B" anew',
    'signed user "u" of account "A" anew',
    'wrote 1 creds file',
    retires('a2'),
  ],
  warnings: [
    'pass the new creds on: the ones before are accepted until nsc rotate finish, and they have no expiry',
    'accounts elsewhere may import with activations of the old key: make new ones with nsc generate activation',
    'servers need account "B" (nsc push --all); only then: nsc rotate finish a4',
  ],
};

const ofRole: Planned = {
  changes: ['put-keyring a4 active, a3 retiring', 'put-user A/r by a4', 'put-creds A/r'],
  claims: { 'A/r': { iss: ['a3', 'a4'] } },
  steps: [
    'role "reader" of account "A": a4 is active now',
    'signed user "r" of account "A" anew',
    'wrote 1 creds file',
    retires('a3'),
  ],
  warnings: [
    'pass the new creds on: the ones before are accepted until nsc rotate finish, and they all expire in time',
  ],
};

describe('the announced key signs what the old one signed', () => {
  itPlans(command, PLAIN, {
    'of an account: users, their creds, and activations': ['--account A', ofPlain],
    'named by the key itself': ['$a4', ofPlain],
    'named by the key it replaces': ['$a2', ofPlain],
    'and -K names who signs the accounts that change': [
      '--account A -K $o2',
      {
        ...ofPlain,
        changes: ofPlain.changes.map((line) => (line === 'put-account B by o1' ? 'put-account B by o2' : line)),
        claims: { ...ofPlain.claims, B: { ...ofPlain.claims?.B, iss: ['o1', 'o2'] } },
      },
    ],
    'of a role': ['--role reader', ofRole, ROLE],
    'of a role, which may have signed activations, too': [
      '--role reader',
      {
        ...ofRole,
        changes: [ofRole.changes[0] ?? '', 'put-account B by o1', ...ofRole.changes.slice(1)],
        claims: {
          ...ofRole.claims,
          B: { 'nats.imports[orders].token': ['<activation orders by a3>', '<activation orders by a4>'] },
        },
        steps: [ofRole.steps[0] ?? '', 'signed 1 activation anew', 'signed account "B" anew', ...ofRole.steps.slice(1)],
        warnings: [
          ...(ofRole.warnings ?? []),
          'servers need account "B" (nsc push --all); only then: nsc rotate finish a4',
        ],
      },
      BY_ROLE,
    ],
    'of the operator: accounts': [
      '--operator',
      {
        changes: ['put-keyring o3 active, o2 retiring', 'put-account A by o3'],
        claims: { A: { iss: ['o2', 'o3'] } },
        steps: ['signing keys of operator "O": o3 is active now', 'signed account "A" anew', retires('o2')],
        warnings: ['servers need account "A" (nsc push --all); only then: nsc rotate finish o3'],
      },
      OPERATOR,
    ],
    'of the operator, whose own JWT the old key signed': [
      '--operator',
      {
        changes: ['put-keyring o3 active, o2 retiring', 'put-operator O by o3', 'put-account A by o3'],
        claims: { 'operator O': { iss: ['o2', 'o3'] }, A: { iss: ['o2', 'o3'] } },
        steps: ['signing keys of operator "O": o3 is active now', 'signed account "A" anew', retires('o2')],
        warnings: ['servers need account "A" (nsc push --all); only then: nsc rotate finish o3'],
      },
      AWAY,
    ],
    'as identity of the operator: its JWT, and accounts; the old one becomes a signing key': [
      '--identity',
      {
        changes: ['put-keyring o3 active, o1 retiring', 'put-operator O by o3', 'put-account B by o3'],
        claims: {
          'operator O': {
            iss: ['o1', 'o3'],
            sub: ['o1', 'o3'],
            'nats.signing_keys[o3]': 'removed',
            'nats.signing_keys[o1]': 'added',
          },
          B: { iss: ['o1', 'o3'] },
        },
        steps: ['identity of operator "O": o3 is active now', 'signed account "B" anew', retires('o1')],
        warnings: ['servers need account "B" (nsc push --all); only then: nsc rotate finish o3'],
      },
      IDENTITY,
    ],
    'as the first signing key of an account: what its identity signed, which stays': [
      '--account B',
      {
        changes: ['put-keyring a4 active', 'put-user B/c by a4', 'put-creds B/c'],
        claims: { 'B/c': { iss: ['b1', 'a4'], 'nats.issuer_account': { added: 'b1' } } },
        steps: [
          'signing keys of account "B": a4 is active now',
          'signed user "c" of account "B" anew',
          'wrote 1 creds file',
        ],
      },
      BARE,
    ],
    'as the first signing key of the operator: what its identity signed': [
      '--operator',
      {
        changes: ['put-keyring o3 active', 'put-account A by o3'],
        claims: { A: { iss: ['o1', 'o3'] } },
        steps: ['signing keys of operator "O": o3 is active now', 'signed account "A" anew'],
        warnings: ['servers need account "A" (nsc push --all)'],
      },
      FIRST,
    ],
  });

  it('leaves all else about users as it was', async () => {
    const { after } = await planRaw(command, PLAIN, '--account A');
    const { iat: _iat, jti: _jti, iss, ...claims } = after.findUser('A', 'u')?.claims ?? { nats: {} };
    const { iat: _was, jti: _id, iss: _by, ...before } = u.claims;
    expect([iss, claims]).toEqual([pub('a4'), before]);
    expect([after.findUser('A', 'r'), after.findUser('B', 'c')]).toEqual([r, c]);
  });

  it('puts on record who replaced whom', async () => {
    const { after } = await planRaw(command, PLAIN, '--account A');
    const { records } = after.keyring;
    expect(records.get(pub('a4'))).toMatchObject({
      state: 'active',
      since: { next: NOW, active: NOW },
      replaces: pub('a2'),
    });
    expect(records.get(pub('a2'))).toMatchObject({
      state: 'retiring',
      since: { retiring: NOW },
      replacedBy: pub('a4'),
    });
  });
});

it('what the identity of a strict operator signed is signed by a signing key, and not by the next identity', async () => {
  const strict = operator({ nats: { ...O.claims.nats, strict_signing_key_usage: true } });
  const world: Given = { operators: [{ operator: strict, accounts: [account('A', 'a1')] }] };
  const begun = await done(world, 'start --identity --sk $o3 -K $o2');
  expect((await planRaw(command, begun, '--identity')).shown.changes).toEqual([
    'put-keyring o3 active, o1 retiring',
    'put-operator O by o3',
    'put-account A by o2',
  ]);
});

describe('the key of a user', () => {
  const own = { kind: 'user', account: pub('a1'), user: 'r' } as const;
  const next = { key: pub('u3'), slot: own, state: 'next', since: { next: NOW }, replaces: pub('u2') } as const;
  const world = having({ accounts: [A], users: [u, r], keyring: { records: new Map([[pub('u3'), next]]) } });
  const shown: Planned = {
    changes: ['put-keyring u3 active, u2 retiring', 'put-user A/r by a3', 'put-creds A/r'],
    claims: { 'A/r': { sub: ['u2', 'u3'] } },
    steps: [
      'key of user "r" of account "A": u3 is active now',
      'signed user "r" of account "A" anew',
      'wrote 1 creds file',
      'u2 retires: it is accepted until nsc rotate finish',
    ],
    warnings: [
      'pass the new creds on: the ones before are accepted until nsc rotate finish, and they all expire in time',
    ],
  };

  itPlans(command, world, {
    'is the subject of its new token, and of its creds': ['--user r', shown],
    'may be elsewhere: whoever has it needs the token': [
      '--user r',
      {
        ...shown,
        changes: ['put-keyring u3 active, u2 retiring', 'put-user A/r by a3'],
        steps: shown.steps.filter((step) => !step.includes('creds file')),
        warnings: [
          'whoever has the seeds of users "A/r" needs their new JWTs: they are not here',
          ...(shown.warnings ?? []),
        ],
      },
      { ...world, stored: ['o1', 'a3'] },
    ],
    'is stored if only the creds had it': [
      '--user r',
      {
        ...shown,
        changes: ['put-keyring u3 active, u2 retiring', 'put-seed u2', 'put-user A/r by a3', 'put-creds A/r'],
      },
      { ...world, stored: ['o1', 'a3', 'u3'] },
    ],
  });

  it('goes with the time of the old token on record, which the store has no more', async () => {
    const { after } = await planRaw(command, world, '--user r');
    expect(after.keyring.records.get(pub('u2'))?.lastIssued).toBe(r.claims.iat);
  });
});

describe('what is not signed anew is told', () => {
  const users: UserEntry[] = [
    u,
    user('A/gone', 'u2', { by: 'a2', nats: under('a1') }),
    user('A/broken', 'u3', { by: 'a2', nats: under('a1') }),
  ];
  const revoked = account('A', 'a1', {
    by: 'o2',
    nats: { signing_keys: [pub('a2'), scope('a3', 'reader')], revocations: { [pub('u2')]: NOW + 9 } },
  });
  const world = async (more: Partial<TreeContent>) => done(having({ users, ...more }), 'start --account A --sk $a4');

  it('revoked and unreadable users', async () => {
    const broken = { ...(await world({ accounts: [revoked] })), unreadable: ['A/broken'] };
    const { shown } = await planRaw(command, broken, '--account A');
    expect(shown.changes).toEqual(['put-keyring a4 active, a2 retiring', 'put-user A/u by a4', 'put-creds A/u']);
    expect(shown.warnings?.slice(0, 2)).toEqual([
      'user "A/gone" stays as before, because it is revoked',
      'user "A/broken" stays as before: user "broken" is broken',
    ]);
  });

  it('users that servers refuse whoever signs them', async () => {
    const own = user('A/own', 'u3', { by: 'a3', nats: under('a1', { pub: { allow: ['y'] } }) });
    const { shown } = await planRaw(
      command,
      await done(having({ users: [r, own] }), 'start --role reader --sk $a4'),
      '--role reader',
    );
    expect(shown.changes).toEqual(['put-keyring a4 active, a3 retiring', 'put-user A/r by a4', 'put-creds A/r']);
    expect(shown.warnings?.[0]).toBe(
      'user "A/own" stays as before: user "own" has permissions or limits of its own, which role "reader" does not allow',
    );
  });

  it('users whose seeds are elsewhere get no creds', async () => {
    const many = [u, user('A/v', 'u3', { by: 'a2', nats: under('a1') })];
    const away = await done(
      having({ accounts: [A], users: many, creds: [credsOf(u, 'u1')] }),
      'start --account A --sk $a4',
    );
    const { shown } = await planRaw(command, { ...away, stored: ['o1', 'o2', 'a2', 'a4'] }, '--account A');
    expect(shown.changes).toEqual([
      'put-keyring a4 active, a2 retiring',
      'put-user A/u by a4',
      'put-creds A/u',
      'put-user A/v by a4',
    ]);
    expect(shown.steps).toContain('signed 2 users of account "A" anew');
    expect(shown.warnings?.[0]).toBe('whoever has the seeds of users "A/v" needs their new JWTs: they are not here');
  });
});

describe('with --push', () => {
  const pushOf = async (line: string, world: Given) => (await planRaw(command, world, line)).plan.push?.accounts;

  it('accounts that changed are sent, and the one whose key it is', async () => {
    expect(await pushOf('--account A --push', PLAIN)).toEqual(['A', 'B']);
    expect(await pushOf('--role reader --push', ROLE)).toEqual(['A']);
    expect(await pushOf('--operator --push --check-servers=false', OPERATOR)).toEqual(['A']);
  });

  it('what was committed is sent once more', async () => {
    const world = ACTIVATED;
    const { plan, shown } = await planRaw(command, world, '--account A --push');
    expect(plan.push?.accounts).toEqual(['A', 'B']);
    expect(shown).toEqual({
      changes: [],
      steps: ['signing keys of account "A": a4 is active already, so nothing changes here'],
    });
    const operators = await done(given, 'start --operator --sk $o3', 'activate --operator');
    expect(await pushOf('--operator --push', operators)).toEqual(['A', 'B']);
  });
});

describe('refused', () => {
  const other = { pub: { allow: ['y'] } };
  const [content] = ROLE.operators ?? [];
  const edited = account('A', 'a1', {
    by: 'o2',
    nats: { signing_keys: [pub('a2'), scope('a3', 'reader', other), scope('a4', 'reader')] },
  });
  itRefuses(command, given, {
    'before anything is announced': [
      '--account A',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
    ],
    'a second time': [
      '--account A',
      ['rotation-state', 'a rotation is under way: a2 retires from the signing keys of account "A"'],
      ACTIVATED,
    ],
    'without the seed of the new key': [
      '--account A',
      ['key-not-found', 'the seed of a4 is not in the keystore, and it is to sign for the signing keys of account "A"'],
      { ...PLAIN, stored: ['o1', 'o2', 'a2'] },
    ],
    'without anybody who may sign accounts that change': [
      '--account A',
      [
        'no-signer',
        'no key that may sign account "B" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...PLAIN, stored: ['a2', 'a4'] },
    ],
    'where the new key of a role allows something else': [
      '--role reader',
      ['policy-refused', 'a4 does not allow the users of the role "reader" of account "A" the same as a3'],
      { operators: [{ ...content, operator: O, accounts: [edited, B] }] },
    ],
    'for a managed operator': [
      '--operator',
      ['managed-operator', 'operator "O" is managed elsewhere, and only there its keys are rotated'],
      having({ managed: true }),
    ],
  });
});

it('asks once, naming how much is signed', async () => {
  const question = async (line: string, world: Given) => {
    const { plan } = await planRaw(command, world, line);
    return command.confirm?.({} as never, {} as never, plan);
  };
  const many = await done(
    having({ users: [u, user('A/v', 'u3', { by: 'a2', nats: under('a1') })] }),
    'start --account A --sk $a4',
  );
  expect(await question('--account A', PLAIN)).toBe('Sign user "u" of account "A" anew?');
  expect(await question('--account A', many)).toBe('Sign 2 users of account "A" anew?');
  expect(await question('--operator', OPERATOR)).toBe('Sign account "A" anew?');
  const none = await done(having({ accounts: [A], users: [] }), 'start --account A --sk $a4');
  expect(await question('--account A', none)).toBe('Let the other key sign from now on?');
  expect(await question('--account A --push', await done(none, 'activate --account A'))).toBeUndefined();
});

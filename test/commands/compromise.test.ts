import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/compromise.js';
import type { AccountBody, OperatorBody } from '../../src/domain/claims/types.js';
import {
  emptyKeyring,
  type KeyRecord,
  type KeyState,
  newRecord,
  withRecords,
} from '../../src/domain/keyring/keyring.js';
import type { Slot } from '../../src/domain/keyring/slot.js';
import { decodeKind, decodeVerified } from '../../src/domain/token/decode.js';
import type { TreeContent } from '../../src/domain/tree/memory-tree.js';
import { activation, stream, streamFrom } from '../domain/sharing/accounts.js';
import { account, type KeyName, nameOfKey, operator, pub, scope, under, user } from '../domain/trust/hierarchy.js';
import { itRefuses } from '../support/cases.js';
import { alter } from '../support/forged-token.js';
import { type Given, NOW, planRaw } from '../support/plan.js';

const READER = scope('a3', 'reader', { pub: { allow: ['x'] } });
const USERS = [
  user('A/byIdentity', 'u1'),
  user('A/byKey', 'u2', { by: 'a2', nats: under('a1') }),
  user('A/byRole', 'u3', { by: 'a3', nats: under('a1') }),
];

interface Case {
  readonly o?: OperatorBody;
  readonly a?: AccountBody;
  readonly b?: AccountBody;
  readonly users?: TreeContent['users'];
  readonly managed?: boolean;
  readonly records?: readonly KeyRecord[];
  readonly stored?: readonly KeyName[];
}

/** Account "A" is signed by `o2` and lists `a2` and the role of `a3`; "B" is signed by the identity. */
const world = ({ o, a, b, users = USERS, managed = false, records = [], stored }: Case = {}): Given => ({
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')], ...o } }),
      accounts: [
        account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), READER], ...a } }),
        account('B', 'b1', { nats: b ?? {} }),
      ],
      users,
      managed,
      keyring: withRecords(emptyKeyring, records),
    },
  ],
  ...(stored && { stored }),
});

const OPERATOR: Slot = { kind: 'operator-signing' };
const IDENTITY: Slot = { kind: 'operator-identity' };
const SIGNING: Slot = { kind: 'account-signing', account: pub('a1') };
const ROLE: Slot = { kind: 'role', account: pub('a1'), role: 'reader' };
const ALICE: Slot = { kind: 'user', account: pub('a1'), user: 'byKey' };
const known = (key: KeyName, slot: Slot, state: KeyState, more: Partial<KeyRecord> = {}): KeyRecord => ({
  ...newRecord(pub(key), slot, state, 5),
  ...more,
});

/** The changes, and what is told. */
async function changesOf(line: string, given: Given = world()) {
  const { shown } = await planRaw(command, given, line);
  expect(shown.lost ?? []).toEqual([]);
  return shown.changes;
}

describe('a signing key of the operator', () => {
  it.each<[what: string, line: string, given: Case, changes: string[]]>([
    [
      'gives way to another active one, because servers trust that already',
      '$o2',
      {},
      ['put-operator O by o1', 'put-account A by o3', 'put-keyring o2 compromised'],
    ],
    [
      'gives way to the one that is announced',
      '$o2',
      { records: [known('o3', OPERATOR, 'next')] },
      ['put-operator O by o1', 'put-account A by o3', 'put-keyring o3 active, o2 compromised'],
    ],
    [
      'gives way to a new one, where there is no other',
      '$o2',
      { o: { signing_keys: [pub('o2')] } },
      ['put-seed new1', 'put-operator O by o1', 'put-account A by new1', 'put-keyring o2 compromised, new1 active'],
    ],
    [
      'gives way to a new one, where the seed of the other is elsewhere',
      '$o2',
      { stored: ['o1', 'o2'] },
      ['put-seed new1', 'put-operator O by o1', 'put-account A by new1', 'put-keyring o2 compromised, new1 active'],
    ],
    [
      'gives way to a new one that is asked for',
      '$o2 --sk generate',
      {},
      ['put-seed new1', 'put-operator O by o1', 'put-account A by new1', 'put-keyring o2 compromised, new1 active'],
    ],
    [
      'gives way to the one that is given, whose seed is stored',
      '$o2 --sk $ox.seed',
      {},
      ['put-seed ox', 'put-operator O by o1', 'put-account A by ox', 'put-keyring o2 compromised, ox active'],
    ],
    [
      'gives way to a new one, where the other retires itself',
      '$o2',
      { records: [known('o3', OPERATOR, 'retiring')] },
      ['put-seed new1', 'put-operator O by o1', 'put-account A by new1', 'put-keyring o2 compromised, new1 active'],
    ],
    [
      'gives way to a new one, where the seed of the announced one is elsewhere',
      '$o2',
      { records: [known('o3', OPERATOR, 'next')], stored: ['o1', 'o2'] },
      ['put-seed new1', 'put-operator O by o1', 'put-account A by new1', 'put-keyring o2 compromised, new1 active'],
    ],
    [
      'gives way to the other one that is named, which stays what it is',
      '$o2 --sk $o3',
      {},
      ['put-operator O by o1', 'put-account A by o3', 'put-keyring o2 compromised'],
    ],
    [
      'that is only announced leaves no gap',
      '$o3',
      { records: [known('o3', OPERATOR, 'next')] },
      ['put-operator O by o1', 'put-keyring o3 compromised'],
    ],
    [
      'that was announced as identity leaves the list',
      '$o3',
      { records: [known('o3', IDENTITY, 'next')] },
      ['put-operator O by o1', 'put-keyring o3 compromised'],
    ],
    [
      'is named by its alias, and -K signs',
      'spring -K $o3',
      { records: [known('o2', OPERATOR, 'active', { alias: 'spring' })] },
      ['put-operator O by o3', 'put-account A by o3', 'put-keyring o2 compromised'],
    ],
    [
      'that is compromised and was listed again is taken out again',
      '$o2',
      { records: [known('o2', OPERATOR, 'compromised')] },
      ['put-operator O by o1', 'put-account A by o3', 'put-keyring o2 compromised'],
    ],
  ])('%s', async (_what, line, given, changes) => {
    expect(await changesOf(line, world(given))).toEqual(changes);
  });

  it('is told about: what servers need, and what is pushed', async () => {
    const { shown, plan } = await planRaw(command, world(), '$o2 --push --account-jwt-server-url nats://localhost');
    expect(plan.push).toMatchObject({ accounts: ['A'] });
    expect(shown.steps).toEqual([
      'noted that o2, signing keys of operator "O", is compromised',
      'o3, which is active, stands in',
      'operator "O" does not trust o2 any more',
      'signed account "A" anew',
    ]);
    expect(shown.warnings).toEqual([
      'replace the operator JWT in the configuration of every server (nsc generate config) and restart them, as soon as they have the accounts: until then they trust o2, and whoever has it can sign accounts for them',
    ]);
    expect(plan.result).toMatchObject({
      data: { key: pub('o2'), successors: [pub('o3')], push: ['A'], replaceOperatorJwt: true, redistribute: [] },
    });
  });
});

describe('the identity of the operator', () => {
  it.each<[what: string, given: Case, changes: string[], listed: KeyName[]]>([
    [
      'gives way to a new one, and is no signing key',
      { o: { signing_keys: [pub('o2'), pub('o1')] } },
      ['put-seed new1', 'put-operator O by new1', 'put-account B by new1', 'put-keyring o1 compromised, new1 active'],
      ['o2'],
    ],
    [
      'gives way to the one that is announced, which is no signing key any more',
      { records: [known('o3', IDENTITY, 'next')] },
      ['put-operator O by o3', 'put-account B by o3', 'put-keyring o3 active, o1 compromised'],
      ['o2'],
    ],
    [
      'gives way to the one that is announced, and leaves the list itself',
      { o: { signing_keys: [pub('o2'), pub('o3'), pub('o1')] }, records: [known('o3', IDENTITY, 'next')] },
      ['put-operator O by o3', 'put-account B by o3', 'put-keyring o3 active, o1 compromised'],
      ['o2'],
    ],
    [
      'of a strict operator gives way, and signing keys sign what it signed',
      { o: { strict_signing_key_usage: true }, users: [] },
      ['put-seed new1', 'put-operator O by new1', 'put-account B by o2', 'put-keyring o1 compromised, new1 active'],
      ['o2', 'o3'],
    ],
  ])('%s', async (_what, given, changes, listed) => {
    const { shown, after } = await planRaw(command, world(given), '$o1');
    expect(shown.changes).toEqual(changes);
    expect(after.operator.claims.nats.signing_keys?.map(nameOfKey)).toEqual(listed);
    expect(after.keyring.records.get(pub('o1'))).toMatchObject({
      state: 'compromised',
      since: { compromised: NOW },
      replacedBy: after.operator.claims.sub,
    });
  });
});

it('the identity of the operator gives way to one of its signing keys, where that is named', async () => {
  expect(await changesOf('$o1 --sk $o3')).toEqual([
    'put-operator O by o3',
    'put-account B by o3',
    'put-keyring o1 compromised, o3 active',
  ]);
});

describe('a signing key of an account', () => {
  it.each<[what: string, line: string, given: Case, changes: string[]]>([
    [
      'plain: another one signs its users, and creds are written',
      '$a2',
      {},
      [
        'put-seed new1',
        'put-account A by o2',
        'put-user A/byKey by new1',
        'put-creds A/byKey',
        'put-keyring a2 compromised, new1 active',
      ],
    ],
    [
      'of a role: the announced one takes its place',
      '$a3',
      {
        a: { signing_keys: [pub('a2'), READER, { ...READER, key: pub('a4') }] },
        records: [known('a4', ROLE, 'next')],
      },
      ['put-account A by o2', 'put-user A/byRole by a4', 'put-creds A/byRole', 'put-keyring a4 active, a3 compromised'],
    ],
    [
      'of a role: one with other permissions does not stand in',
      '$a3',
      { a: { signing_keys: [pub('a2'), READER, scope('a4', 'reader', { pub: { allow: ['>'] } })] } },
      [
        'put-seed new1',
        'put-account A by o2',
        'put-user A/byRole by new1',
        'put-creds A/byRole',
        'put-keyring a3 compromised, new1 active',
      ],
    ],
    [
      'that is retiring goes, and the active one signs what it signed still',
      '$a2',
      {
        a: { signing_keys: [pub('a2'), pub('a4'), READER] },
        records: [known('a2', SIGNING, 'retiring', { replacedBy: pub('a4') }), known('a4', SIGNING, 'active')],
      },
      ['put-account A by o2', 'put-user A/byKey by a4', 'put-creds A/byKey', 'put-keyring a2 compromised'],
    ],
    [
      'that is only announced leaves no gap',
      '$a4',
      { a: { signing_keys: [pub('a2'), pub('a4'), READER] }, records: [known('a4', SIGNING, 'next')] },
      ['put-account A by o2', 'put-keyring a4 compromised'],
    ],
    [
      'that is only announced leaves no gap, wherever the seed of the active one is',
      '$a4',
      {
        a: { signing_keys: [pub('a2'), pub('a4'), READER] },
        records: [known('a4', SIGNING, 'next')],
        stored: ['o1', 'o2', 'a4'],
      },
      ['put-account A by o2', 'put-keyring a4 compromised'],
    ],
    [
      'that is retiring leaves no gap, wherever the seed of the active one is',
      '$a2',
      {
        a: { signing_keys: [pub('a2'), pub('a4'), READER] },
        records: [known('a2', SIGNING, 'retiring'), known('a4', SIGNING, 'active')],
        users: [],
        stored: ['o1', 'o2', 'a2'],
      },
      ['put-account A by o2', 'put-keyring a2 compromised'],
    ],
    [
      'that is only announced gives way to a new one that is asked for',
      '$a4 --sk generate',
      { a: { signing_keys: [pub('a2'), pub('a4'), READER] }, records: [known('a4', SIGNING, 'next')] },
      ['put-seed new1', 'put-account A by o2', 'put-keyring a4 compromised, new1 active'],
    ],
    [
      'whose users have their seeds elsewhere: they get JWTs alone',
      '$a2',
      { stored: ['o1', 'o2', 'a2'] },
      ['put-seed new1', 'put-account A by o2', 'put-user A/byKey by new1', 'put-keyring a2 compromised, new1 active'],
    ],
    [
      'whose user is revoked: that one stays as it is',
      '$a2',
      { a: { revocations: { [pub('u2')]: NOW } } },
      ['put-seed new1', 'put-account A by o2', 'put-keyring a2 compromised, new1 active'],
    ],
  ])('%s', async (_what, line, given, changes) => {
    expect(await changesOf(line, world(given))).toEqual(changes);
  });

  it.each<[line: string, records: KeyRecord[], expected: KeyName[]]>([
    ['$a2', [], ['a4', 'a3']],
    ['$a2 --sk $a4', [], ['a4', 'a3']],
    ['$a4', [known('a4', SIGNING, 'next')], ['a2', 'a3']],
  ])('leaves nothing in its place where none is needed: %s', async (line, records, expected) => {
    const given = world({ a: { signing_keys: [pub('a2'), pub('a4'), READER] }, records });
    const { after } = await planRaw(command, given, line);
    const keys = after.findAccount('A')?.claims.nats.signing_keys ?? [];
    expect(keys.map((key) => nameOfKey((typeof key === 'string' ? key : key?.key) ?? ''))).toEqual(expected);
  });

  it('keeps the scope of its role to the letter', async () => {
    const given = world();
    const { after } = await planRaw(command, given, '$a3');
    const [, before] = given.operators?.[0]?.accounts?.[0]?.claims.nats.signing_keys ?? [];
    const [, entry] = after.findAccount('A')?.claims.nats.signing_keys ?? [];
    expect(entry).toEqual({ ...(before as object), key: after.findUser('A', 'byRole')?.claims.iss });
  });

  it('in two accounts at once is taken out of both', async () => {
    const shared = world({ b: { signing_keys: [pub('a2')] } });
    expect(await changesOf('$a2', shared)).toEqual([
      'put-seed new1',
      'put-seed new2',
      'put-account A by o2',
      'put-account B by o1',
      'put-user A/byKey by new1',
      'put-creds A/byKey',
      'put-keyring a2 compromised, new1 active, new2 active',
    ]);
  });

  it('signs activations, which importers get anew, and those elsewhere are told of', async () => {
    const token = activation('news.>', { by: 'a2', issuer_account: pub('a1') });
    const shared = world({
      a: { exports: [stream('news.>', { token_req: true })] },
      b: { imports: [streamFrom('a1', 'news.>', { token })] },
    });
    const { shown, after } = await planRaw(command, shared, '$a2');
    expect(shown.changes).toContain('put-account B by o1');
    const [entry] = after.findAccount('B')?.claims.nats.imports ?? [];
    const { claims } = decodeKind(entry?.token ?? '', 'activation');
    expect(claims.iss).toBe(after.findUser('A', 'byKey')?.claims.iss);
    expect(shown.steps).toContain('signed 1 activation anew');
    expect(shown.warnings?.[0]).toContain(
      'activations for "news.>" of account "A" that a2 signed for accounts elsewhere',
    );
  });
});

describe('the key of a user', () => {
  it('is revoked, and the user gets another one with the same rights', async () => {
    const { shown, after } = await planRaw(command, world(), '$u2');
    expect(shown.changes).toEqual([
      'put-seed new1',
      'put-account A by o2',
      'put-user A/byKey by a2',
      'put-creds A/byKey',
      'put-keyring u2 compromised, new1 active',
    ]);
    expect(after.findAccount('A')?.claims.nats.revocations).toEqual({ [pub('u2')]: NOW });
    expect(after.findUser('A', 'byKey')?.claims.nats).toEqual(USERS[1]?.claims.nats);
  });

  it.each<[what: string, given: Case, changes: string[]]>([
    [
      'gives way to the one that is prepared',
      { records: [known('u1', ALICE, 'next')], users: USERS.slice(1) },
      ['put-account A by o2', 'put-user A/byKey by a2', 'put-creds A/byKey', 'put-keyring u1 active, u2 compromised'],
    ],
    [
      'of a user that servers refuse for another reason gives way to none',
      { users: [user('A/byRole', 'u2', { by: 'a3', nats: under('a1', { subs: 5 }) })] },
      ['put-account A by o2', 'put-keyring u2 compromised'],
    ],
    [
      'of several users gives way to one for each',
      {
        users: [
          user('A/x', 'u2'),
          user('A/byRole', 'u2', { by: 'a3', nats: under('a1', { subs: 5 }) }),
          user('A/y', 'u2', { by: 'a2', nats: under('a1') }),
        ],
      },
      [
        'put-seed new1',
        'put-seed new2',
        'put-account A by o2',
        'put-user A/x by a1',
        'put-creds A/x',
        'put-user A/y by a2',
        'put-creds A/y',
        'put-keyring u2 compromised, new1 active, new2 active',
      ],
    ],
    [
      'that is revoked gives way to none',
      { a: { revocations: { '*': NOW } } },
      ['put-account A by o2', 'put-keyring u2 compromised'],
    ],
    [
      'that the user had before a rotation is revoked',
      { users: [], records: [known('u2', ALICE, 'retiring')] },
      ['put-account A by o2', 'put-keyring u2 compromised'],
    ],
    [
      'that was prepared and never used is only noted',
      { users: [], records: [known('u2', ALICE, 'next')] },
      ['put-keyring u2 compromised'],
    ],
  ])('%s', async (_what, given, changes) => {
    expect(await changesOf('$u2', world(given))).toEqual(changes);
  });

  it.each<[what: string, record: KeyRecord, revokedAt: number | undefined, expected: number]>([
    ['now', known('u2', ALICE, 'retiring', { lastIssued: NOW - 5 }), undefined, NOW],
    ['up to its last token', known('u2', ALICE, 'retiring', { lastIssued: NOW + 5 }), undefined, NOW + 5],
    [
      'although it was revoked before its last token',
      known('u2', ALICE, 'retiring', { lastIssued: NOW - 5 }),
      NOW - 6,
      NOW,
    ],
    ['unless it is revoked already', known('u2', ALICE, 'retiring', { lastIssued: NOW - 5 }), NOW - 5, NOW - 5],
    [
      'unless it was at the end of its rotation',
      known('u2', ALICE, 'removed', { since: { removed: NOW - 9 } }),
      NOW - 9,
      NOW - 9,
    ],
    ['where nobody knows of its last token', known('u2', ALICE, 'active'), NOW - 9, NOW],
  ])('that the user had before is revoked %s', async (_what, record, revokedAt, expected) => {
    const revocations = revokedAt === undefined ? {} : { [pub('u2')]: revokedAt };
    const { after } = await planRaw(command, world({ users: [], records: [record], a: { revocations } }), '$u2');
    expect(after.findAccount('A')?.claims.nats.revocations).toEqual({ [pub('u2')]: expected });
  });

  it.each<[what: string, given: Case]>([
    ['that it has', {}],
    ['that it had before', { users: [], records: [known('u2', ALICE, 'retiring')] }],
  ])('%s is revoked on servers, too, with --push', async (_what, given) => {
    const { plan } = await planRaw(command, world(given), '$u2 --push --account-jwt-server-url nats://localhost');
    expect(plan.push?.accounts).toEqual(['A']);
  });

  it('is replaced where an auth callout names it', async () => {
    const { after } = await planRaw(
      command,
      world({ a: { authorization: { auth_users: [pub('u2'), pub('u1')] } } }),
      '$u2',
    );
    const fresh = after.findUser('A', 'byKey')?.claims.sub;
    expect(after.findAccount('A')?.claims.nats.authorization?.auth_users).toEqual([fresh, pub('u1')]);
  });
});

describe('the identity of an account', () => {
  const token = activation('news.>', { by: 'a2', issuer_account: pub('a1') });
  const shared: Case = {
    o: { system_account: pub('a1') },
    a: {
      exports: [stream('news.>', { token_req: true })],
      imports: [streamFrom('b1', 'log.>', { token: activation('log.>', { by: 'b1', sub: 'a1' }) })],
    },
    b: {
      exports: [stream('log.>', { token_req: true })],
      imports: [streamFrom('a1', 'news.>', { token })],
      authorization: { auth_users: [pub('u1')], allowed_accounts: [pub('a1')] },
    },
    records: [known('a2', SIGNING, 'active')],
  };

  it('gives way to another account with its name, users, rights and shares', async () => {
    const { shown, after } = await planRaw(command, world(shared), '$a1');
    expect(shown.lost).toBeUndefined();
    const [A, B] = [after.findAccount('A'), after.findAccount('B')];
    const fresh = A?.claims.sub ?? '';
    expect(fresh).not.toBe(pub('a1'));
    expect(after.hasSeed(fresh)).toBe(true);
    expect(after.operator.claims.nats.system_account).toBe(fresh);
    for (const { name } of USERS) {
      const { iss, nats } = after.findUser('A', name)?.claims ?? {};
      expect(iss === fresh ? fresh : nats?.issuer_account).toBe(fresh);
      expect(after.findCreds('A', name)).toBeDefined();
    }
    const [given] = A?.claims.nats.imports ?? [];
    expect(decodeKind(given?.token ?? '', 'activation').claims).toMatchObject({ sub: fresh, iss: pub('b1') });
    const [imported] = B?.claims.nats.imports ?? [];
    expect(imported?.account).toBe(fresh);
    expect(decodeKind(imported?.token ?? '', 'activation').claims).toMatchObject({
      sub: pub('b1'),
      iss: pub('a2'),
      nats: { issuer_account: fresh },
    });
    expect(B?.claims.nats.authorization?.allowed_accounts).toEqual([fresh]);
    expect(after.keyring.records.get(pub('a2'))?.slot).toEqual({ kind: 'account-signing', account: fresh });
    expect(after.keyring.records.get(fresh)).toMatchObject({
      slot: { kind: 'account-identity', account: fresh },
      replaces: pub('a1'),
    });
  });

  it('leaves alone what has to do with other accounts, and what it did not sign', async () => {
    const b: AccountBody = {
      exports: [stream('log.>', { token_req: true })],
      imports: [
        streamFrom('ax', 'else.>'),
        streamFrom('a1', 'forged.>', { token: activation('forged.>', { by: 'ax', issuer_account: pub('a1') }) }),
        streamFrom('a1', 'far.>', { token: 'https://example.com/token' }),
      ],
      authorization: { auth_users: [pub('u1')], allowed_accounts: [pub('ax'), pub('a1')] },
    };
    const odd = user('A/odd', 'u1', { by: 'ax', nats: under('a1') });
    const { shown, after } = await planRaw(command, world({ b, users: [...USERS, odd] }), '$a1');
    const fresh = after.findAccount('A')?.claims.sub ?? '';
    const { imports = [], authorization } = after.findAccount('B')?.claims.nats ?? {};
    expect(imports?.map((entry) => nameOfKey(entry?.account ?? ''))).toEqual(['ax', 'a1', 'a1']);
    expect(authorization?.allowed_accounts).toEqual([pub('ax'), fresh]);
    expect(after.findUser('A', 'odd')?.token).toBe(odd.token);
    const stays = (subject: string, why: string) =>
      `account "B" goes on to import "${subject}" from the old account "A": ${why}`;
    expect(shown.warnings).toEqual(
      expect.arrayContaining([
        stays('forged.>', 'no key of the account signed its activation'),
        stays('far.>', 'its activation is not at hand'),
      ]),
    );
  });

  it('signs the activations of a key whose seed is elsewhere', async () => {
    const given = world({ ...shared, o: {}, users: USERS.slice(0, 1), stored: ['o1', 'o2', 'a1', 'b1'] });
    const { after } = await planRaw(command, given, '$a1');
    const fresh = after.findAccount('A')?.claims.sub;
    const [imported] = after.findAccount('B')?.claims.nats.imports ?? [];
    expect(decodeVerified(imported?.token ?? '').claims).toMatchObject({ iss: fresh, sub: pub('b1') });
  });

  it('is named in the subjects that it imports, where they name the one before', async () => {
    const imports = [streamFrom('b1', `to.${pub('a1')}.>`), streamFrom('b1', 'all.>')];
    const { shown, after } = await planRaw(command, world({ a: { imports } }), '$a1');
    const fresh = after.findAccount('A')?.claims.sub;
    const subjects = after.findAccount('A')?.claims.nats.imports?.map((entry) => entry?.subject);
    expect(subjects?.sort()).toEqual(['all.>', `to.${fresh}.>`]);
    expect(shown.warnings).toContain('account "A" imports "to.new1.>" in place of "to.a1.>": subjects name its key');
  });

  it.each<[what: string, token: string, stored: KeyName[], why: string]>([
    ['that is elsewhere', 'https://example.com/token', ['b1'], 'its activation is not at hand'],
    [
      'that nobody here can sign',
      activation('log.>', { by: 'b1', sub: 'a1' }),
      [],
      'no key that signs for its exporter is at hand',
    ],
  ])('leaves out what it imports with an activation %s', async (_what, imported, stored, why) => {
    const given = world({
      a: { imports: [streamFrom('b1', 'log.>', { token: imported })] },
      b: { exports: [stream('log.>', { token_req: true })] },
      users: [],
      stored: ['o1', 'o2', 'a1', ...stored],
    });
    const { shown, after } = await planRaw(command, given, '$a1');
    expect(after.findAccount('A')?.claims.nats.imports ?? []).toEqual([]);
    expect(shown.warnings).toContainEqual(expect.stringContaining(`imports "log.>" no longer: ${why}`));
  });

  it('gets no activation anew on the word of an exporter that was altered', async () => {
    const given = world({ a: { imports: [streamFrom('b1', 'log.>', { token: genuine })] }, b: log });
    const [content] = given.operators ?? [];
    const accounts = content?.accounts?.map((entry) => (entry.name === 'B' ? alter(entry) : entry)) ?? [];
    const operators = [{ operator: operator(), ...content, accounts }];
    const { shown, after } = await planRaw(command, { ...given, operators }, '$a1');
    expect(after.findAccount('A')?.claims.nats.imports ?? []).toEqual([]);
    expect(shown.warnings).toContainEqual(
      expect.stringContaining('the JWT of its exporter does not hold what its issuer signed'),
    );
  });

  it('is sent with --push, unless it is the system account', async () => {
    const { plan } = await planRaw(command, world(), '$a1 --push --account-jwt-server-url nats://localhost');
    expect(plan.push?.accounts).toEqual(['A']);
  });

  it('says what has to be done on servers', async () => {
    const { shown } = await planRaw(command, world({ a: { limits: { mem_storage: 5 } } }), '$a1');
    expect(shown.warnings).toEqual([
      'servers go on to trust the old account until it is deleted there, after the new one was pushed: nsc push --account-removal a1',
      'accounts of other operators that import from account "A", or that it imports from, know the old key: have them take the new one, and give and take activations anew',
      'streams and everything else that JetStream keeps for account "A" belongs to the old key: back it up (nats account backup) before the old account is deleted',
      'servers know nothing of it until: nsc push --account "A"',
    ]);
  });

  it('leaves out what nobody here can give again, and says so', async () => {
    const stranger = activation('far.>', { by: 'ax', sub: 'a1' });
    const revoked = activation('news.>', { by: 'a1' });
    const given = world({
      a: {
        exports: [stream('news.>', { token_req: true, revocations: { [pub('b1')]: NOW } })],
        imports: [streamFrom('ax', 'far.>', { token: stranger })],
      },
      b: { imports: [streamFrom('a1', 'news.>', { token: revoked })] },
    });
    const { shown, after } = await planRaw(command, given, '$a1');
    expect(after.findAccount('A')?.claims.nats.imports ?? []).toEqual([]);
    expect(after.findAccount('B')?.claims.nats.imports?.[0]?.account).toBe(pub('a1'));
    expect(shown.warnings).toEqual(
      expect.arrayContaining([
        'account "A" imports "far.>" no longer: the account that gave the activation is not in this store; have its exporter ax make an activation for new1, and take it in with: nsc add import --token FILE',
        'account "B" goes on to import "news.>" from the old account "A": its activation is revoked',
      ]),
    );
  });

  const log = { exports: [stream('log.>', { token_req: true })], signing_keys: [pub('a4')] };
  const genuine = activation('log.>', { by: 'b1', sub: 'a1' });
  it.each<[what: string, token: string, exporting: AccountBody]>([
    ['altered', alter({ token: genuine }).token, log],
    [
      'signed by somebody else in the name of its exporter',
      activation('log.>', { by: 'ax', sub: 'a1', issuer_account: pub('b1') }),
      log,
    ],
    ['signed by somebody else', activation('log.>', { by: 'ax', sub: 'a1' }), log],
    ['given to somebody else', activation('log.>', { by: 'b1', sub: 'ax' }), log],
    ['given for something else', activation('other.>', { by: 'b1', sub: 'a1' }), log],
    [
      'signed by somebody else, although it is not wanted at present',
      activation('log.>', { by: 'ax', sub: 'a1', issuer_account: pub('b1') }),
      { exports: [stream('log.>')] },
    ],
    [
      'revoked',
      genuine,
      { ...log, exports: [stream('log.>', { token_req: true, revocations: { [pub('a1')]: NOW } })] },
    ],
  ])('gets no activation anew for one that was %s', async (_what, token, b) => {
    const given = world({ a: { imports: [streamFrom('b1', 'log.>', { token })] }, b });
    const { shown, after } = await planRaw(command, given, '$a1');
    expect(after.findAccount('A')?.claims.nats.imports ?? []).toEqual([]);
    expect(shown.warnings).toContainEqual(expect.stringContaining('account "A" imports "log.>" no longer: '));
  });

  it.each<[what: string, by: KeyName, more: object]>([
    ['by its signing key', 'a4', { issuer_account: pub('b1') }],
    ['by its identity', 'b1', {}],
    ['until some day', 'b1', { exp: NOW + 9 }],
  ])('gets an activation anew that its exporter gave %s', async (_what, by, more) => {
    const token = activation('log.>', { by, sub: 'a1', ...more });
    const given = world({ a: { imports: [streamFrom('b1', 'log.>', { token })] }, b: log });
    const { after } = await planRaw(command, given, '$a1');
    const [entry] = after.findAccount('A')?.claims.nats.imports ?? [];
    const { claims } = decodeVerified(entry?.token ?? '');
    expect(claims).toMatchObject({ sub: after.findAccount('A')?.claims.sub, iss: pub(by), ...('exp' in more && more) });
  });

  it('is only noted under a strict operator', async () => {
    const strict: Case = {
      o: { strict_signing_key_usage: true },
      users: [],
      a: { exports: [stream('news.>', { token_req: true })] },
    };
    const { shown } = await planRaw(command, world(strict), '$a1');
    expect(shown.changes).toEqual(['put-keyring a1 compromised']);
    expect(shown.steps[1]).toBe(
      'account "A" stays as it is: its operator requires signing keys, so servers let in no user that its identity signed',
    );
    expect(shown.warnings?.[0]).toContain(
      'whoever has a1 can still sign activations for private exports of account "A"',
    );
  });
});

describe('a key that nothing lists', () => {
  it('is noted', async () => {
    const given = world({ records: [known('ox', OPERATOR, 'removed')] });
    expect(await changesOf('$ox', given)).toEqual(['put-keyring ox compromised']);
  });
});

describe('a person is asked', () => {
  it.each([
    ['$o2', 'and sign the operator and 1 account anew?'],
    ['$a2', 'and sign 1 account and 1 user anew, whose creds until now are refused then?'],
    ['$a2 --push', 'and sign 1 account and 1 user anew, whose creds until now are refused then, on all servers?'],
  ])('%s', async (line, extent) => {
    const { plan } = await planRaw(command, world(), line);
    const key = { text: 'KEY' };
    expect(command.confirm?.({} as never, { key } as never, plan)).toBe(`Take trust from KEY ${extent}`);
  });
});

describe('what is refused', () => {
  itRefuses(command, world(), {
    'no key': ['', ['missing-option', 'no key was named']],
    'a text that is no key': ['nobody', ['key-not-found', '"nobody" is neither a key, a key file nor an alias']],
    'a key that nobody here knows': ['$ox', ['key-not-found', 'operator "O" has nothing to do with ox']],
    'a curve key': ['$x1', ['wrong-key-kind', 'x1 is a curve key, which signs nothing']],
    'a key that is out already': [
      '$ox',
      ['nothing-to-do', 'ox (signing keys of operator "O") is known to be compromised, and nothing trusts it'],
      world({ records: [known('ox', OPERATOR, 'compromised')] }),
    ],
    'an identity that is noted already': [
      '$a1',
      ['nothing-to-do', 'a1 (identity of account "A") is known to be compromised, and nothing trusts it'],
      world({
        o: { strict_signing_key_usage: true },
        records: [known('a1', { kind: 'account-identity', account: pub('a1') }, 'compromised')],
      }),
    ],
    'a key of an operator that is managed elsewhere': [
      '$o2',
      ['managed-operator', 'operator "O" is managed elsewhere, and only there its keys are replaced'],
      world({ managed: true }),
    ],
    'the identity of an operator that is managed elsewhere': [
      '$o1',
      ['managed-operator', 'operator "O" is managed elsewhere, and only there its keys are replaced'],
      world({ managed: true }),
    ],
    'the identity of an account whose operator is managed elsewhere': [
      '$a1',
      [
        'managed-operator',
        'operator "O" is managed elsewhere, and it alone can put another account in the place of account "A"',
      ],
      world({ managed: true }),
    ],
    'an identity that is a signing key elsewhere': [
      '$a1',
      ['policy-refused', 'a1 is the identity of an account, and account "B" has it, too'],
      world({ b: { signing_keys: [pub('a1')] } }),
    ],
    'an identity whose users somebody else signed that is not at hand': [
      '$a1',
      ['no-signer', 'the seed of a3, which signed users of account "A", is not in the keystore'],
      world({ stored: ['o1', 'o2', 'a1', 'a2'] }),
    ],
    'to push another system account to servers that know the old one': [
      '$a1 --push',
      [
        'policy-refused',
        'account "A" is the system account, and servers know no other one until their configuration names it',
      ],
      world({ o: { system_account: pub('a1') } }),
    ],
    'itself in its place': ['$o2 --sk $o2', ['key-compromised', 'o2 is compromised, so it takes no place']],
    'a compromised key in its place': [
      '$o2 --sk $ox.seed',
      ['key-compromised', 'ox is compromised, so it takes no place'],
      world({ records: [known('ox', OPERATOR, 'compromised')] }),
    ],
    'a key in its place that has another one': [
      '$a2 --sk $a3',
      ['already-exists', 'a3 has a place already, and one key should not have two'],
    ],
    'a key in its place whose seed is elsewhere': [
      '$o2 --sk $ox',
      ['key-not-found', 'the seed of "ox" is not in the keystore'],
    ],
    'a key in its place of another kind': [
      '$o2 --sk $a2',
      ['wrong-key-kind', 'a2 is a key of kind account, not operator'],
    ],
    'how servers are reached when nothing is sent': [
      '$o2 --timeout 3',
      ['missing-option', '--timeout says how servers are reached, so it needs --push'],
    ],
  });
});

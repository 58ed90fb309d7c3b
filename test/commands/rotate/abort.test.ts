import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rotate/abort.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import { account, pub, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, NOW, planRaw, removed } from '../../support/plan.js';
import { A, B, done, given, O, r } from './rotated.js';

const changed = (world: Given, more: Partial<TreeContent>): Given => {
  const [content] = world.operators ?? [];
  return { ...world, operators: [{ operator: O, ...content, ...more }] };
};

const PLAIN = await done(given, 'start --account A --sk $a4');
const ROLE = await done(given, 'start --role reader --sk $a4');
const OPERATOR = await done(given, 'start --operator --sk $o3');
const IDENTITY = await done(given, 'start --identity --sk $o3');
const BARE = await done(given, 'start --account B --sk $a4');
const ACTIVE = await done(PLAIN, 'activate --account A');
const ROLE_ACTIVE = await done(ROLE, 'activate --role reader');
const OPERATOR_ACTIVE = await done(OPERATOR, 'activate --operator');
const IDENTITY_ACTIVE = await done(IDENTITY, 'activate --identity');
const FINISHED = await done(ACTIVE, 'finish --account A');

const READER = {
  kind: 'user_scope',
  key: 'a4',
  role: 'reader',
  template: { pub: { allow: ['x'] }, subs: -1, data: -1, payload: -1 },
  description: '',
};
const sending = (names: string): string => `servers need ${names} (nsc push --all)`;
const CONFIGURING = 'put the new JWT of operator "O" into the configuration of every server and restart it';
const CREDS =
  'pass the creds on that were written now: the ones of the new key are refused once servers have the account';

describe('before the new key is active it is taken out again', () => {
  itPlans(command, given, {
    'of an account': [
      '--account A',
      {
        changes: ['put-keyring a4 removed', 'put-account A by o2'],
        claims: { A: { 'nats.signing_keys[a4]': 'removed' } },
        steps: ['signing keys of account "A": took a4 back; its seed stays in the keystore'],
        warnings: [sending('account "A"')],
      },
      PLAIN,
    ],
    'of a role': [
      '--role reader',
      {
        changes: ['put-keyring a4 removed', 'put-account A by o2'],
        claims: { A: removed('nats.signing_keys[a4]', READER) },
        steps: ['role "reader" of account "A": took a4 back; its seed stays in the keystore'],
        warnings: [sending('account "A"')],
      },
      ROLE,
    ],
    'of the operator': [
      '$o3',
      {
        changes: ['put-keyring o3 removed', 'put-operator O by o1'],
        claims: { 'operator O': { 'nats.signing_keys[o3]': 'removed' } },
        steps: ['signing keys of operator "O": took o3 back; its seed stays in the keystore'],
        warnings: [CONFIGURING],
      },
      OPERATOR,
    ],
    'as identity of the operator': [
      '--identity',
      {
        changes: ['put-keyring o3 removed', 'put-operator O by o1'],
        claims: { 'operator O': { 'nats.signing_keys[o3]': 'removed' } },
        steps: ['identity of operator "O": took o3 back; its seed stays in the keystore'],
        warnings: [CONFIGURING],
      },
      IDENTITY,
    ],
    'as the first signing key of an account': [
      '--account B',
      {
        changes: ['put-keyring a4 removed', 'put-account B by o1'],
        claims: { B: { 'nats.signing_keys[a4]': 'removed' } },
        steps: ['signing keys of account "B": took a4 back; its seed stays in the keystore'],
        warnings: [sending('account "B"')],
      },
      BARE,
    ],
  });

  it('leaves the store as it was before, but for times of issue and the record', async () => {
    const { after } = await planRaw(command, PLAIN, '--account A');
    expect(after.findAccount('A')?.claims.nats).toEqual(A.claims.nats);
    expect(after.keyring.records.get(pub('a4'))).toEqual({
      key: pub('a4'),
      slot: { kind: 'account-signing', account: pub('a1') },
      state: 'removed',
      since: { next: NOW, removed: NOW },
    });
  });
});

describe('afterwards the old key signs again what the new one signed', () => {
  itPlans(command, given, {
    'of an account': [
      '--account A',
      {
        changes: [
          'put-keyring a4 removed, a2 active',
          'put-account A by o2',
          'put-account B by o1',
          'put-user A/u by a2',
          'put-creds A/u',
        ],
        claims: {
          A: { 'nats.signing_keys[a4]': 'removed' },
          B: { 'nats.imports[orders].token': ['<activation orders by a4>', '<activation orders by a2>'] },
          'A/u': { iss: ['a4', 'a2'] },
        },
        steps: [
          'signing keys of account "A": a2 is active again',
          'signed 1 activation anew',
          'signed 2 accounts anew: "A", "B"',
          'signed user "u" of account "A" anew',
          'wrote 1 creds file',
          'took a4 back; its seed stays in the keystore',
        ],
        warnings: [CREDS, sending('accounts "A", "B"')],
      },
      ACTIVE,
    ],
    'of a role': [
      '--role reader',
      {
        changes: ['put-keyring a4 removed, a3 active', 'put-account A by o2', 'put-user A/r by a3', 'put-creds A/r'],
        claims: { A: removed('nats.signing_keys[a4]', READER), 'A/r': { iss: ['a4', 'a3'] } },
        steps: [
          'role "reader" of account "A": a3 is active again',
          'signed account "A" anew',
          'signed user "r" of account "A" anew',
          'wrote 1 creds file',
          'took a4 back; its seed stays in the keystore',
        ],
        warnings: [CREDS, sending('account "A"')],
      },
      ROLE_ACTIVE,
    ],
    'of the operator': [
      '--operator',
      {
        changes: ['put-keyring o3 removed, o2 active', 'put-operator O by o1', 'put-account A by o2'],
        claims: { 'operator O': { 'nats.signing_keys[o3]': 'removed' }, A: { iss: ['o3', 'o2'] } },
        steps: [
          'signing keys of operator "O": o2 is active again',
          'signed account "A" anew',
          'took o3 back; its seed stays in the keystore',
        ],
        warnings: [CONFIGURING, sending('account "A"')],
      },
      OPERATOR_ACTIVE,
    ],
    'as identity of the operator': [
      '--identity',
      {
        changes: ['put-keyring o3 removed, o1 active', 'put-operator O by o1', 'put-account B by o1'],
        claims: {
          'operator O': { iss: ['o3', 'o1'], sub: ['o3', 'o1'], 'nats.signing_keys[o1]': 'removed' },
          B: { iss: ['o3', 'o1'] },
        },
        steps: [
          'identity of operator "O": o1 is active again',
          'signed account "B" anew',
          'took o3 back; its seed stays in the keystore',
        ],
        warnings: [CONFIGURING, sending('account "B"')],
      },
      IDENTITY_ACTIVE,
    ],
  });

  it('leaves users with what they had', async () => {
    const { after } = await planRaw(command, ACTIVE, '--account A');
    const old = after.keyring.records.get(pub('a2'));
    expect(old).toMatchObject({ state: 'active', since: { retiring: NOW, active: NOW } });
    expect(old).not.toHaveProperty('replacedBy');
    expect(after.keyring.records.get(pub('a4'))).toMatchObject({ state: 'removed', replacedBy: pub('a2') });
    expect(after.findAccount('A')?.claims.nats).toEqual(A.claims.nats);
    expect(after.findUser('A', 'r')).toEqual(r);
  });
});

describe('the key of a user', () => {
  const own = { kind: 'user', account: pub('a1'), user: 'r' } as const;
  const world = changed(given, {
    keyring: {
      records: new Map([
        [pub('u2'), { key: pub('u2'), slot: own, state: 'active', since: { active: NOW }, replaces: pub('u3') }],
        [
          pub('u3'),
          {
            key: pub('u3'),
            slot: own,
            state: 'retiring',
            since: { retiring: NOW },
            replacedBy: pub('u2'),
            lastIssued: NOW,
          },
        ],
      ]),
    },
  });

  itPlans(command, world, {
    'is the old one again, and the new one is revoked': [
      '--user r',
      {
        changes: ['put-keyring u2 removed, u3 active', 'put-account A by o2', 'put-user A/r by a3', 'put-creds A/r'],
        claims: { A: { 'nats.revocations.u2': { added: NOW } }, 'A/r': { sub: ['u2', 'u3'] } },
        steps: [
          'key of user "r" of account "A": u3 is active again',
          'signed user "r" of account "A" anew',
          'wrote 1 creds file',
          'revoked u2; its seed stays in the keystore',
        ],
        warnings: [sending('account "A"')],
      },
    ],
    'and a key of the operator named with -K signs the account': [
      '--user r -K $o1',
      {
        changes: ['put-keyring u2 removed, u3 active', 'put-account A by o1', 'put-user A/r by a3', 'put-creds A/r'],
        claims: { A: { iss: ['o2', 'o1'], 'nats.revocations.u2': { added: NOW } }, 'A/r': { sub: ['u2', 'u3'] } },
        steps: [
          'key of user "r" of account "A": u3 is active again',
          'signed user "r" of account "A" anew',
          'wrote 1 creds file',
          'revoked u2; its seed stays in the keystore',
        ],
        warnings: [sending('account "A"')],
      },
    ],
  });

  itRefuses(command, world, {
    'stays where it was revoked since': [
      '--user r',
      ['policy-refused', 'u3 was revoked, and going back would let it in again'],
      changed(world, {
        accounts: [account('A', 'a1', { nats: { ...A.claims.nats, revocations: { [pub('u3')]: NOW } } }), B],
      }),
    ],
  });

  it('that waits is forgotten', async () => {
    const next = { key: pub('u3'), slot: own, state: 'next', since: { next: NOW } } as const;
    const { shown } = await planRaw(
      command,
      changed(given, { keyring: { records: new Map([[pub('u3'), next]]) } }),
      '--user r',
    );
    expect(shown).toEqual({
      changes: ['put-keyring u3 removed'],
      steps: ['key of user "r" of account "A": took u3 back; its seed stays in the keystore'],
    });
  });
});

describe('refused', () => {
  const late = user('A/late', 'u3', { by: 'a4', nats: under('a1') });
  itRefuses(command, given, {
    'when nothing is begun': [
      '--account A',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
    ],
    'when it is finished': [
      '--account A',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
      FINISHED,
    ],
    'when it is finished, and so with --push': [
      '--account A --push',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
      FINISHED,
    ],
    'while what nsc signed depends on the announced key': [
      '--account A',
      ['still-in-use', 'a4 cannot leave the signing keys of account "A" yet: it signed 1 user ("A/late")'],
      changed(PLAIN, { users: [late] }),
    ],
    'without the seed of the old key': [
      '--account A',
      ['key-not-found', 'the seed of a2 is not in the keystore, and it is to sign for the signing keys of account "A"'],
      { ...ACTIVE, stored: ['o1', 'o2', 'a4'] },
    ],
  });
});

it('with --push accounts are sent, once more if that is all there is to do', async () => {
  expect((await planRaw(command, ACTIVE, '--account A --push')).plan.push?.accounts).toEqual(['A', 'B']);
  const { plan, shown } = await planRaw(command, await done(PLAIN, 'abort --account A'), '--account A --push');
  expect([plan.push?.accounts, shown.changes]).toEqual([['A', 'B'], []]);
});

it('asks once before it signs anew, and not before', async () => {
  const question = async (world: Given, line: string) => {
    const { context, input } = await new FakeWorld(world).prepare(command, line);
    return command.confirm?.(context, input as never, command.plan(context, input as never));
  };
  expect(await question(PLAIN, '--account A')).toBeUndefined();
  expect(await question(ACTIVE, '--account A')).toBe('Sign user "u" of account "A" anew?');
});

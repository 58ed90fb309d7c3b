import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/rotate/finish.js';
import type { Export } from '../../../src/domain/claims/types.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { activation } from '../../domain/sharing/accounts.js';
import { account, operator, pub, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { alter } from '../../support/forged-token.js';
import { type Given, NOW, plan, planRaw, removed } from '../../support/plan.js';
import { A, B, done, given, O, r, STORE } from './rotated.js';

const changed = (world: Given, more: Partial<TreeContent>): Given => {
  const [content] = world.operators ?? [];
  return { ...world, operators: [{ operator: O, ...content, ...more }] };
};

const PLAIN = await done(given, 'start --account A --sk $a4', 'activate --account A');
const ROLE = await done(given, 'start --role reader --sk $a4', 'activate --role reader');
const OPERATOR = await done(given, 'start --operator --sk $o3', 'activate --operator');
const IDENTITY = await done(given, 'start --identity --sk $o3', 'activate --identity');
const BARE = await done(given, 'start --account B --sk $a4', 'activate --account B');
const FINISHED = await done(PLAIN, 'finish --account A');
const ANNOUNCED = await done(given, 'start --account A --sk $a4');
/** The old identity is the last signing key. */
const LAST = await done(
  { operators: [{ operator: operator({ nats: { strict_signing_key_usage: true } }) }] },
  'start --identity --sk $o3 -K $o1',
  'activate --identity',
);

const configuring = (old: string): string =>
  `put the new JWT of operator "O" into the configuration of every server and restart it: until then they trust ${old}`;

describe('the old key is taken out', () => {
  itPlans(command, given, {
    'of an account': [
      '--account A',
      {
        changes: ['put-keyring a2 removed', 'put-account A by o2'],
        claims: { A: { 'nats.signing_keys[a2]': 'removed' } },
        steps: ['signing keys of account "A": removed a2; its seed stays in the keystore'],
        warnings: ['servers need account "A" (nsc push --all): until then they trust a2'],
      },
      PLAIN,
    ],
    'of a role': [
      '$a3',
      {
        changes: ['put-keyring a3 removed', 'put-account A by o2'],
        claims: {
          A: removed('nats.signing_keys[a3]', {
            kind: 'user_scope',
            key: 'a3',
            role: 'reader',
            template: { pub: { allow: ['x'] }, subs: -1, data: -1, payload: -1 },
            description: '',
          }),
        },
        steps: ['role "reader" of account "A": removed a3; its seed stays in the keystore'],
        warnings: ['servers need account "A" (nsc push --all): until then they trust a3'],
      },
      ROLE,
    ],
    'of the operator': [
      '--operator',
      {
        changes: ['put-keyring o2 removed', 'put-operator O by o1'],
        claims: { 'operator O': { 'nats.signing_keys[o2]': 'removed' } },
        steps: ['signing keys of operator "O": removed o2; its seed stays in the keystore'],
        warnings: [configuring('o2')],
      },
      OPERATOR,
    ],
    'of the operator, as its identity': [
      '--identity',
      {
        changes: ['put-keyring o1 removed', 'put-operator O by o3'],
        claims: { 'operator O': { 'nats.signing_keys[o1]': 'removed' } },
        steps: ['identity of operator "O": removed o1; its seed stays in the keystore'],
        warnings: [configuring('o1')],
      },
      IDENTITY,
    ],
  });

  it('and stays on record with its successor', async () => {
    const { after } = await planRaw(command, PLAIN, '--account A');
    expect(after.keyring.records.get(pub('a2'))).toMatchObject({
      state: 'removed',
      since: { retiring: NOW, removed: NOW },
      replacedBy: pub('a4'),
    });
  });

  it('whatever expired accounts it signed', async () => {
    const gone = account('A', 'a1', { by: 'o2', exp: NOW - 1 });
    expect((await plan(command, changed(OPERATOR, { accounts: [gone] }), '--operator')).changes).toEqual([
      'put-keyring o2 removed',
      'put-operator O by o1',
    ]);
  });

  it('whatever expired or revoked users it signed', async () => {
    const revocations = { [pub('u2')]: NOW + 1 };
    const other = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), pub('a4')], revocations } });
    const world = changed(PLAIN, {
      accounts: [other],
      users: [
        user('A/gone', 'u2', { by: 'a2', nats: under('a1') }),
        user('A/old', 'u3', { by: 'a2', nats: under('a1'), exp: NOW - 1 }),
      ],
    });
    expect((await plan(command, world, '--account A')).changes).toEqual([
      'put-keyring a2 removed',
      'put-account A by o2',
    ]);
  });
});

describe('an activation of the old key that no server accepts does not hold it up', () => {
  const exporting = (...exports: Export[]) =>
    account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), pub('a4')], exports } });
  const orders: Export = { name: 'orders', subject: 'orders', type: 'service', token_req: true };
  const given = { by: 'a2', kind: 'service', issuer_account: pub('a1') } as const;
  const importing = (token: string) =>
    account('B', 'b1', {
      nats: { imports: [{ name: 'orders', subject: 'orders', account: pub('a1'), type: 'service', token }] },
    });
  const world = (exporter: AccountEntry, token: string): Given =>
    changed(PLAIN, { accounts: [exporter, importing(token)], users: [] });

  it('but one that they accept does', async () => {
    const held = world(exporting(orders), activation('orders', { ...given, exp: NOW }));
    await expect(plan(command, held, '--account A')).rejects.toMatchObject({ code: 'still-in-use' });
  });

  it.each<[what: string, exporter: AccountEntry, token: string]>([
    ['expired', exporting(orders), activation('orders', { ...given, exp: NOW - 1 })],
    ['revoked', exporting({ ...orders, revocations: { [pub('b1')]: NOW } }), activation('orders', given)],
    ['altered', exporting(orders), alter({ token: activation('orders', given) }).token],
    ['for an export that wants none', exporting({ ...orders, token_req: false }), activation('orders', given)],
    ['for nothing that is exported', exporting(), activation('orders', given)],
  ])('%s', async (_what, exporter, token) => {
    expect((await plan(command, world(exporter, token), '--account A')).changes).toEqual([
      'put-keyring a2 removed',
      'put-account A by o2',
    ]);
  });
});

describe('the old key of a user', () => {
  const own = { kind: 'user', account: pub('a1'), user: 'r' } as const;
  const active = { key: pub('u2'), slot: own, state: 'active', since: { active: NOW } } as const;
  const retiring = {
    key: pub('u3'),
    slot: own,
    state: 'retiring',
    since: { retiring: NOW },
    replacedBy: pub('u2'),
  } as const;
  const world = (lastIssued: number, accounts = [A, B]): Given =>
    changed(given, {
      accounts,
      keyring: { records: new Map([active, { ...retiring, lastIssued }].map((record) => [record.key, record])) },
    });
  const sending = ['servers need account "A" (nsc push --all): until then they trust u3'];

  itPlans(command, given, {
    'is revoked': [
      '--user r',
      {
        changes: ['put-keyring u3 removed', 'put-account A by o2'],
        claims: { A: { 'nats.revocations.u3': { added: NOW } } },
        steps: ['key of user "r" of account "A": revoked u3'],
        warnings: sending,
      },
      world(NOW - 60),
    ],
    'is revoked up to its last token': [
      '--user r',
      {
        changes: ['put-keyring u3 removed', 'put-account A by o2'],
        claims: { A: { 'nats.revocations.u3': { added: NOW + 5 } } },
        steps: ['key of user "r" of account "A": revoked u3'],
        warnings: sending,
      },
      world(NOW + 5),
    ],
    'does the auth callout no longer': [
      '--user r',
      {
        changes: ['put-keyring u3 removed', 'put-account A by o2'],
        claims: { A: { 'nats.authorization.auth_users[u3]': 'removed', 'nats.revocations.u3': { added: NOW } } },
        steps: ['key of user "r" of account "A": revoked u3'],
        warnings: sending,
      },
      world(NOW - 60, [
        account('A', 'a1', {
          by: 'o2',
          nats: { ...A.claims.nats, authorization: { auth_users: [pub('u2'), pub('u3')] } },
        }),
        B,
      ]),
    ],
  });
});

it('the old key of a user is revoked although its last token has expired, for an earlier one may not have', async () => {
  const short = user('A/r', 'u2', { by: 'a3', nats: under('a1'), exp: NOW - 1 });
  const begun = await done(
    changed(given, { ...STORE, users: [short] }),
    'start --user r --sk $u3',
    'activate --user r',
  );
  expect((await plan(command, begun, '--user r')).claims).toEqual({ A: { 'nats.revocations.u2': { added: NOW } } });
});

it('a user that has its old key again, by nsc for instance, keeps it', async () => {
  const begun = await done(changed(given, { users: [r] }), 'start --user r --sk $u3', 'activate --user r');
  const back = changed(begun, { users: [r] });
  await expect(plan(command, back, '--user r')).rejects.toMatchObject({ code: 'rotation-state' });
});

describe('while something depends on the old key it stays', () => {
  const late = user('A/late', 'u3', { by: 'a2', nats: under('a1'), nbf: NOW + 60 });
  const early = user('A/early', 'u2', { by: 'a2', nats: under('a1') });
  const [rotated] = PLAIN.operators ?? [];
  const inUse = 'a2 cannot leave the signing keys of account "A" yet: it signed';
  itRefuses(command, given, {
    'a user that nsc has signed meanwhile': [
      '--account A',
      ['still-in-use', `${inUse} 1 user ("A/late")`],
      changed(PLAIN, { users: [...(rotated?.users ?? []), late] }),
    ],
    'users and activations': [
      '--account A',
      ['still-in-use', `${inUse} 2 users ("A/early", "A/late"), 1 activation ("A/B")`],
      changed(PLAIN, {
        users: [early, late],
        accounts: [...(rotated?.accounts ?? []).filter(({ name }) => name === 'A'), B],
      }),
    ],
    'a user of the role': [
      '--role reader',
      ['still-in-use', 'a3 cannot leave the role "reader" of account "A" yet: it signed 1 user ("A/r")'],
      changed(ROLE, { users: [r] }),
    ],
    accounts: [
      '--operator',
      ['still-in-use', 'o2 cannot leave the signing keys of operator "O" yet: it signed 1 account ("A")'],
      changed(OPERATOR, { accounts: [A, B] }),
    ],
    'accounts of the old identity': [
      '--identity',
      ['still-in-use', 'o1 cannot leave the identity of operator "O" yet: it signed 1 account ("B")'],
      changed(IDENTITY, { accounts: [A, B] }),
    ],
  });

  it('and all that depends on it is named', async () => {
    await expect(planRaw(command, changed(PLAIN, { users: [early, late] }), '--account A')).rejects.toMatchObject({
      hint: `sign that anew with: nsc resign --issuer ${pub('a2')}`,
      details: {
        dependants: [
          { kind: 'user', account: 'A', name: 'early', issuer: pub('a2') },
          { kind: 'user', account: 'A', name: 'late', issuer: pub('a2') },
        ],
      },
    });
  });
});

describe('with --push', () => {
  it('the account is sent, once more if that is all there is to do', async () => {
    expect((await planRaw(command, PLAIN, '--account A --push')).plan.push?.accounts).toEqual(['A']);
    const { plan: again, shown } = await planRaw(command, FINISHED, '--account A --push');
    expect(again.push?.accounts).toEqual(['A']);
    expect(shown).toEqual({
      changes: [],
      steps: ['signing keys of account "A": a2 is out already, so nothing changes here'],
    });
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'before anything is begun': [
      '--account A',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
    ],
    'before the new key is active': [
      '--account A',
      ['rotation-state', 'a rotation is under way: a4 is announced for the signing keys of account "A"'],
      ANNOUNCED,
    ],
    'a second time': [
      '--account A',
      ['rotation-state', 'no rotation is under way for the signing keys of account "A"'],
      FINISHED,
    ],
    'after the first signing key has taken over from the identity, which stays': [
      '--account B',
      ['rotation-state', 'no rotation is under way for the signing keys of account "B"'],
      BARE,
    ],
    'where a strict operator would have no signing key left': [
      '--identity',
      ['policy-refused', 'an operator that requires signing keys needs at least one'],
      LAST,
    ],
    'servers that cannot be asked': ['--account A --check-servers', ['remote-failed', 'nobody listens'], PLAIN],
  });
});

it('asks before, as there is no way back, unless nothing changes', async () => {
  const questionOf = async (world: Given, line: string) =>
    command.confirm?.({} as never, {} as never, (await planRaw(command, world, line)).plan);
  expect(await questionOf(PLAIN, '--account A')).toContain('no way back');
  expect(await questionOf(FINISHED, '--account A --push')).toBeUndefined();
});

it('asks no server where nothing retires', async () => {
  await expect(plan(command, given, '--account A --check-servers')).rejects.toMatchObject({ code: 'rotation-state' });
});

import { describe, expect, it } from 'vitest';
import type { Changed } from '../../../src/app/result.js';
import { command as deleteUser } from '../../../src/commands/delete/user.js';
import { command as editUser } from '../../../src/commands/edit/user.js';
import { command as revokeUser } from '../../../src/commands/revocations/add-user.js';
import { command as abort } from '../../../src/commands/rotate/abort.js';
import { command as activate } from '../../../src/commands/rotate/activate.js';
import { command as auto } from '../../../src/commands/rotate/auto.js';
import { command as finish } from '../../../src/commands/rotate/finish.js';
import { command as now } from '../../../src/commands/rotate/now.js';
import { command as start } from '../../../src/commands/rotate/start.js';
import type { TreeContent } from '../../../src/domain/tree/memory-tree.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { type Given, NOW, plan, planRaw } from '../../support/plan.js';
import { IDENTITY, OPERATOR, READER, record, ring, SIGNING, USER } from '../keys/rings.js';

/** Keys with more than one place, and places whose keys or users changed while a rotation was under way. */

const world = (content: Partial<TreeContent>): Given => ({
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      accounts: [account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } })],
      users: [user('A/u', 'u1', { by: 'a3', nats: under('a1') })],
      ...content,
    },
  ],
});

describe('a signing key that two accounts list', () => {
  const both = world({
    accounts: [
      account('A', 'a1', { nats: { signing_keys: [pub('a2'), pub('a4')] } }),
      account('B', 'b1', { nats: { signing_keys: [pub('a2')] } }),
    ],
    users: [user('B/v', 'u2', { by: 'a2', nats: under('b1', { subs: -1, data: -1, payload: -1 }) })],
    keyring: ring(
      record('a4', SIGNING, 'active', { replaces: pub('a2') }),
      record('a2', SIGNING, 'retiring', { replacedBy: pub('a4') }),
    ),
  });

  it('retires from one, and goes on to sign for the other', async () => {
    expect((await plan(editUser, both, 'v --account B --tag x')).changes).toContain('put-user B/v by a2');
  });

  it('leaves the one whatever it signed for the other, named by itself, too', async () => {
    for (const line of ['--account A', '$a2']) {
      expect((await plan(finish, both, line)).changes).toEqual(['put-keyring a2 removed', 'put-account A by o1']);
    }
  });

  itRefuses(finish, both, {
    'does not leave the other': [
      '--account B',
      ['rotation-state', 'no rotation is under way for the signing keys of account "B"'],
    ],
  });
  itRefuses(start, both, {
    'is not replaced in the other meanwhile: the keyring tells of one place': [
      '--account B',
      ['rotation-state', 'a rotation is under way: a2 retires from the signing keys of account "A"'],
    ],
  });

  it('is dated by rotate auto in the one place only', async () => {
    expect((await plan(auto, both, '--account B')).changes).toEqual([]);
  });
});

describe('the last key of a slot stays although it retires', () => {
  const gone = world({
    keyring: ring(
      record('a3', READER, 'retiring'),
      record('a2', SIGNING, 'retiring'),
      record('o2', OPERATOR, 'retiring'),
    ),
    users: [],
  });
  itRefuses(finish, gone, {
    'of a role, whose scope would be lost': [
      '--role reader',
      ['rotation-state', 'a3 cannot leave the role "reader" of account "A": no other key signs there'],
    ],
    'of an account': [
      '--account A',
      ['rotation-state', 'a2 cannot leave the signing keys of account "A": no other key signs there'],
    ],
    'of the operator': [
      '--operator',
      ['rotation-state', 'o2 cannot leave the signing keys of operator "O": no other key signs there'],
    ],
  });
  it('and rotate auto leaves it, and fails', async () => {
    const { plan: made, shown } = await planRaw(auto, gone, '--role reader --retention 0');
    expect(shown.changes).toEqual([]);
    expect(made.result).toMatchObject({ failure: { code: 'rotation-state' } });
  });
});

it('the identity that an operator was given meanwhile gives way, too', async () => {
  const reissued = world({
    operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }),
    keyring: ring(record('o3', IDENTITY, 'next', { replaces: pub('ox') })),
  });
  expect((await plan(activate, reissued, '--identity')).changes).toEqual([
    'put-keyring o3 active, o1 retiring',
    'put-operator O by o3',
    'put-account A by o3',
  ]);
});

it('rotate auto dates every key that is left when one is out, so that running it again changes nothing', async () => {
  const keyring = ring(record('a2', SIGNING, 'retiring'), record('ax', SIGNING, 'active'));
  const accounts = [account('A', 'a1', { nats: { signing_keys: [pub('a2'), pub('a4')] } })];
  expect((await plan(auto, world({ accounts, users: [], keyring }), '--account A --retention 0')).changes).toEqual([
    'put-account A by o1',
    'put-keyring a2 removed, a4 active',
  ]);
});

describe('whoever is in a role stays in it, whatever the keyring says', () => {
  const heir = { replacedBy: pub('a1') };
  it('while its key is active', async () => {
    const altered = world({ keyring: ring(record('a3', READER, 'active', heir)) });
    expect((await plan(editUser, altered, 'u --tag x')).changes).toContain('put-user A/u by a3');
  });
  itRefuses(editUser, world({ keyring: ring(record('a3', READER, 'retiring', heir)) }), {
    'and is not signed at all while it is silent': [
      'u --tag x',
      ['key-not-active', 'a3 (role "reader" of account "A") may not sign users of account "A": it is retiring'],
    ],
  });
  it('or the other active key of the role takes over', async () => {
    const altered = world({
      accounts: [account('A', 'a1', { nats: { signing_keys: [scope('a3', 'reader'), scope('a4', 'reader')] } })],
      keyring: ring(record('a3', READER, 'retiring', { replacedBy: pub('ax') })),
    });
    expect((await plan(editUser, altered, 'u --tag x')).changes).toContain('put-user A/u by a4');
  });
});

describe('a user that changes while its key is rotated', () => {
  const NEXT = record('u2', USER, 'next', { replaces: pub('u1') });
  const OLD = record('u3', USER, 'retiring', { replacedBy: pub('u1'), lastIssued: NOW });
  const waiting = world({ keyring: ring(NEXT) });
  const activated = world({ keyring: ring(record('u1', USER, 'active'), OLD) });

  it('is revoked with the key it had before', async () => {
    const { shown } = await planRaw(revokeUser, activated, '--name u');
    expect(shown.claims).toEqual({
      A: { 'nats.revocations.u1': { added: NOW }, 'nats.revocations.u3': { added: NOW } },
    });
  });

  it('is deleted and revoked with the key it had before, which is out then', async () => {
    const { shown } = await planRaw(deleteUser, activated, 'u --revoke');
    expect(shown.changes).toEqual(['put-keyring u3 removed', 'put-account A by o1', 'delete-user A/u']);
    expect(shown.claims).toEqual({
      A: { 'nats.revocations.u1': { added: NOW }, 'nats.revocations.u3': { added: NOW } },
    });
  });

  it('is deleted with the key that waits for it', async () => {
    expect((await plan(deleteUser, waiting, 'u')).changes).toEqual(['put-keyring u2 removed', 'delete-user A/u']);
  });

  const again = { users: [user('A/u', 'u3', { by: 'a3', nats: under('a1') })] };
  itRefuses(activate, world({ ...again, keyring: ring(NEXT) }), {
    'and is another one of the same name gets no key that waited for the one before': [
      '--user u',
      ['rotation-state', 'u2 was to replace u1, and user "u" of account "A" has u3'],
    ],
  });
  itRefuses(abort, world({ ...again, keyring: ring(record('u2', USER, 'retiring', { replacedBy: pub('u1') })) }), {
    'and is another one of the same name does not get the key of the one before': [
      '--user u',
      ['rotation-state', 'user "u" of account "A" has u3, which did not take over from u2'],
    ],
  });

  const other = user('A/w', 'u2', { by: 'a3', nats: under('a1') });
  itRefuses(
    activate,
    world({ users: [user('A/u', 'u1', { by: 'a3', nats: under('a1') }), other], keyring: ring(NEXT) }),
    {
      'gets no key that is the one of another user': [
        '--user u',
        ['already-exists', 'u2 is the key of user "w" of account "A"'],
      ],
    },
  );
  itRefuses(
    finish,
    world({
      users: [user('A/u', 'u1', { by: 'a3', nats: under('a1') }), user('A/w', 'u3', { by: 'a3', nats: under('a1') })],
      keyring: ring(record('u1', USER, 'active'), OLD),
    }),
    {
      'keeps the old key while another user has it': [
        '--user u',
        ['still-in-use', 'user "w" of account "A" has u3, too, which would be revoked'],
      ],
    },
  );

  const sharing = {
    users: [user('A/u', 'u1', { by: 'a3', nats: under('a1') }), user('A/w', 'u1', { by: 'a3', nats: under('a1') })],
  };
  itRefuses(now, world(sharing), {
    'keeps a key that another user has, in one go as well': [
      '--user u',
      ['still-in-use', 'user "w" of account "A" has u1, too, which would be revoked'],
    ],
  });

  const stranger = [user('A/u', 'u1', { by: 'ax', nats: under('a1') })];
  itRefuses(start, world({ users: stranger }), {
    'and is refused by servers gets no key that lets it in': [
      '--user u',
      ['policy-refused', 'user "u" is signed by ax, which account "A" does not list, and another key would let it in'],
    ],
  });
  it('and is refused by servers is passed over by rotate auto', async () => {
    const aged = record('u1', USER, 'active', { since: { active: 1 } });
    const { plan: made } = await planRaw(auto, world({ users: stranger, keyring: ring(aged) }), '--user u');
    expect(made.changes).toEqual([]);
    expect((made.result as Changed).failure).toBeUndefined();
    expect((made.result as Changed).steps[0]?.message).toContain('it stays, because servers refuse the user');
  });
  it('gets no key by rotate auto whose seed is elsewhere', async () => {
    const { plan: made } = await planRaw(
      auto,
      { ...waiting, stored: ['o1', 'a1', 'a3', 'u1'] },
      '--user u --propagation 0',
    );
    expect(made.changes).toEqual([]);
    expect(made.result).toMatchObject({ failure: { code: 'key-not-found' } });
  });
});

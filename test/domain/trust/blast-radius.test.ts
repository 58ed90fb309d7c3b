import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../src/domain/apply.js';
import type { Change } from '../../../src/domain/change.js';
import type { AccountBody, UserPermissionLimits } from '../../../src/domain/claims/types.js';
import { emptyTree, memoryTree, type TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { lostTrust } from '../../../src/domain/trust/blast-radius.js';
import { NscError } from '../../../src/errors.js';
import { account, NOW, operator, pub, scope, under, user } from './hierarchy.js';

const putOperator = (entry: ReturnType<typeof operator>): Change => ({ type: 'put-operator', ...entry });
const putAccount = (entry: ReturnType<typeof account>): Change => ({ type: 'put-account', ...entry });
const putUser = (entry: ReturnType<typeof user>): Change => ({ type: 'put-user', ...entry });

/** `kind path: reason` of everything lost. */
function lost(content: TreeContent, changes: Change[], now?: number): string[] {
  const before = memoryTree(content);
  return lostTrust(before, applyChanges(before, changes), changes, now).map(
    ({ kind, account: parent, name, reason }) => `${kind} ${kind === 'user' ? `${parent}/${name}` : name}: ${reason}`,
  );
}

const O = operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } });
const A = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } });
const B = account('B', 'b1', { by: 'o1' });
const tree: TreeContent = {
  operator: O,
  accounts: [A, B],
  users: [
    user('A/byIdentity', 'u1'),
    user('A/byKey', 'u2', { by: 'a2', nats: under('a1', { pub: { allow: ['x'] } }) }),
    user('A/byRole', 'u3', { by: 'a3', nats: under('a1') }),
  ],
};

describe('operator', () => {
  it('removing a signing key loses the accounts it signed', () => {
    expect(lost(tree, [putOperator(operator({ nats: { signing_keys: [pub('o3')] } }))])).toEqual([
      `account A: account "A" is signed by ${pub('o2')}, which operator "O" does not list`,
    ]);
  });

  it('removing a signing key that signed nothing loses nothing', () => {
    expect(lost(tree, [putOperator(operator({ nats: { signing_keys: [pub('o2')] } }))])).toEqual([]);
  });

  it('removing a signing key and signing its accounts anew loses nothing', () => {
    const edited = putOperator(operator({ nats: { signing_keys: [pub('o3')] } }));
    expect(lost(tree, [edited, putAccount(account('A', 'a1', { by: 'o3', nats: A.claims.nats }))])).toEqual([]);
  });

  it('adding a key reads no account', () => {
    const all = [pub('o2'), pub('o3'), pub('ox')];
    const before = unreadable(memoryTree(tree));
    const changes = [putOperator(operator({ nats: { signing_keys: all } }))];
    expect(lostTrust(before, applyChanges(before, changes), changes)).toEqual([]);
  });

  it('the strict flag loses what identity keys signed', () => {
    const strict = operator({ nats: { signing_keys: [pub('o2'), pub('o3')], strict_signing_key_usage: true } });
    expect(lost(tree, [putOperator(strict)])).toEqual([
      'account B: account "B" is signed by an identity key, but the operator requires signing keys',
      'user A/byIdentity: user "byIdentity" is signed by an identity key, but the operator requires signing keys',
    ]);
  });

  it('a new identity loses the accounts of the old one', () => {
    const reissued = operator({ by: 'ox', sub: pub('ox'), nats: { signing_keys: [pub('o2'), pub('o3')] } });
    expect(lost(tree, [putOperator(reissued)])).toEqual([
      `account B: account "B" is signed by ${pub('o1')}, which operator "O" does not list`,
    ]);
  });

  it('a new identity that signs them anew, or keeps the old one as signing key, loses nothing', () => {
    const reissued = operator({ by: 'ox', sub: pub('ox'), nats: { signing_keys: [pub('o2'), pub('o3')] } });
    const converted = operator({ by: 'ox', sub: pub('ox'), nats: { signing_keys: [pub('o1'), pub('o2'), pub('o3')] } });
    expect(lost(tree, [putOperator(reissued), putAccount(account('B', 'b1', { by: 'ox' }))])).toEqual([]);
    expect(lost(tree, [putOperator(converted)])).toEqual([]);
  });

  it('accounts and users that cannot be read have nothing to lose', () => {
    const base = memoryTree(tree);
    const broken = new Proxy(base, {
      get(target, name) {
        if (name === 'findAccount' || name === 'findUser') {
          return (account: string, user?: string) => {
            if (account === 'B' || user === 'byKey') throw new NscError('bad-token', 'broken');
            return user === undefined ? target.findAccount(account) : target.findUser(account, user);
          };
        }
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
    const changes = [putOperator(operator({ nats: { strict_signing_key_usage: true, signing_keys: [pub('o2')] } }))];
    const names = lostTrust(broken, applyChanges(broken, changes), changes).map(({ name }) => name);
    expect(names).toEqual(['byIdentity']);
  });

  it('accounts that were not trusted have nothing to lose', () => {
    const content = { operator: O, accounts: [account('A', 'a1', { by: 'ox' })] };
    expect(lost(content, [putOperator(operator())])).toEqual([]);
  });

  it('users of a self-signed account of a managed store have trust to lose, too', () => {
    const self = account('A', 'a1', { by: 'a1', nats: { signing_keys: [pub('a2')] } });
    const users = [user('A/u', 'u2', { by: 'a2', nats: under('a1') })];
    const changes = [putAccount(account('A', 'a1', { by: 'a1' }))];
    expect(lost({ operator: O, managed: true, accounts: [self], users }, changes)).toEqual([
      `user A/u: user "u" is signed by ${pub('a2')}, which account "A" does not list`,
    ]);
  });

  it('self-signed accounts of a managed store stay', () => {
    const content = { operator: O, managed: true, accounts: [account('A', 'a1', { by: 'a1' })] };
    expect(lost(content, [putOperator(operator())])).toEqual([]);
  });

  it('a new operator has nothing to lose', () => {
    const before = emptyTree('O');
    const changes = [putOperator(O), putAccount(A)];
    expect(lostTrust(before, applyChanges(before, changes), changes)).toEqual([]);
  });
});

describe('account', () => {
  it('removing a plain signing key loses the users it signed', () => {
    const edited = account('A', 'a1', { by: 'o2', nats: { signing_keys: [scope('a3', 'reader')] } });
    expect(lost(tree, [putAccount(edited)])).toEqual([
      `user A/byKey: user "byKey" is signed by ${pub('a2')}, which account "A" does not list`,
    ]);
  });

  it('removing a scoped signing key loses the users it signed', () => {
    const edited = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2')] } });
    expect(lost(tree, [putAccount(edited)])).toEqual([
      `user A/byRole: user "byRole" is signed by ${pub('a3')}, which account "A" does not list`,
    ]);
  });

  it('a key that becomes scoped loses users with permissions of their own', () => {
    const edited = account('A', 'a1', {
      by: 'o2',
      nats: { signing_keys: [scope('a2', 'writer'), scope('a3', 'reader')] },
    });
    expect(lost(tree, [putAccount(edited)])).toEqual([
      'user A/byKey: user "byKey" has permissions or limits of its own, which role "writer" does not allow',
    ]);
  });

  it('a key that becomes unscoped loses nobody', () => {
    const edited = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), pub('a3')] } });
    expect(lost(tree, [putAccount(edited)])).toEqual([]);
  });

  it('forbidding bearer tokens loses those there are', () => {
    const bearer = user('A/b', 'u1', { nats: { pub: {}, sub: {}, bearer_token: true } });
    const edited = account('A', 'a1', {
      by: 'o2',
      nats: { ...A.claims.nats, limits: { ...A.claims.nats.limits, disallow_bearer: true } },
    });
    expect(lost({ ...tree, users: [bearer] }, [putAccount(edited)])).toEqual([
      'user A/b: user "b" is a bearer token, which account "A" forbids',
    ]);
  });

  it('another identity under the same name loses the users of the old one', () => {
    expect(
      lost(tree, [putAccount(account('A', 'a4', { by: 'o2', nats: { signing_keys: [pub('a2')] } }))]),
    ).toHaveLength(3);
  });

  it('an edit that touches no key reads no user', () => {
    const before = unreadable(memoryTree(tree));
    const changes = [putAccount(account('A', 'a1', { by: 'o2', nats: { ...A.claims.nats, tags: ['t'] } }))];
    expect(lostTrust(before, applyChanges(before, changes), changes)).toEqual([]);
  });

  it('users that are revoked or expired have nothing to lose', () => {
    const revoking = account('A', 'a1', { by: 'o2', nats: { ...A.claims.nats, revocations: { [pub('u2')]: NOW } } });
    const expired = user('A/old', 'u1', { exp: NOW - 5, by: 'a2', nats: under('a1') });
    const edited = account('A', 'a1', { by: 'o2' });
    const content = { ...tree, accounts: [revoking], users: [expired, ...(tree.users ?? []).slice(1, 2)] };
    expect(lost(content, [putAccount(edited)], NOW)).toEqual([]);
    expect(lost(content, [putAccount(edited)])).toEqual([
      `user A/old: user "old" is signed by ${pub('a2')}, which account "A" does not list`,
    ]);
  });
});

describe('the template of a role', () => {
  const denying = { pub: { deny: ['x.{{tag(team)}}', 'y.{{account-tag(tier)}}'] } };
  const withRole = (template: UserPermissionLimits, nats: AccountBody = {}) =>
    account('A', 'a1', { by: 'o2', nats: { ...nats, signing_keys: [pub('a2'), scope('a3', 'reader', template)] } });
  const gold: AccountBody = { tags: ['tier:gold'] };
  const users = [
    user('A/red', 'u1', { by: 'a3', nats: under('a1', { tags: ['team:red'] }) }),
    user('A/bare', 'u2', { by: 'a3', nats: under('a1') }),
  ];
  const shutOut = (name: string, entry: string, tag: string) =>
    `user A/${name}: user "${name}" is shut out by role "reader": "${entry}": there is no tag "${tag}:…"`;

  it('loses the users that lack a tag it asks for from now on', () => {
    const content = { operator: O, accounts: [withRole({}, gold)], users };
    expect(lost(content, [putAccount(withRole(denying, gold))])).toEqual([shutOut('bare', 'x.{{tag(team)}}', 'team')]);
  });

  it('loses the users for a tag that the account gives up', () => {
    const content = { operator: O, accounts: [withRole(denying, gold)], users };
    expect(lost(content, [putAccount(withRole(denying))])).toEqual([shutOut('red', 'y.{{account-tag(tier)}}', 'tier')]);
  });

  it('loses users that become bearers in an account without bearers', () => {
    const guarded: AccountBody = { limits: { disallow_bearer: true } };
    const content = { operator: O, accounts: [withRole({}, guarded)], users };
    expect(lost(content, [putAccount(withRole({ bearer_token: true }, guarded))])).toEqual([
      'user A/bare: user "bare" is a bearer token, which account "A" forbids',
      'user A/red: user "red" is a bearer token, which account "A" forbids',
    ]);
  });

  it('reads no user for a change that shuts nobody out', () => {
    for (const [was, is] of [
      [withRole({ subs: 5 }), withRole({ subs: 0, pub: { allow: ['x'] } })],
      [withRole(denying, gold), withRole({}, gold)],
      [withRole(denying, gold), withRole(denying, { ...gold, description: 'new' })],
    ] as const) {
      const before = unreadable(memoryTree({ operator: O, accounts: [was], users }));
      const changes = [putAccount(is)];
      expect(lostTrust(before, applyChanges(before, changes), changes)).toEqual([]);
    }
  });
});

describe('deletion', () => {
  const revoking = (...names: Parameters<typeof pub>[0][]) =>
    putAccount(
      account('A', 'a1', {
        by: 'o2',
        nats: { ...A.claims.nats, revocations: Object.fromEntries(names.map((name) => [pub(name), NOW])) },
      }),
    );

  it('of a user that is revoked with it loses that user', () => {
    expect(lost(tree, [revoking('u2'), { type: 'delete-user', account: 'A', name: 'byKey' }])).toEqual([
      'user A/byKey: user "byKey" is revoked by account "A"',
    ]);
  });

  it('of a user loses nothing without a revocation, because its creds go on working (E-29)', () => {
    expect(lost(tree, [{ type: 'delete-user', account: 'A', name: 'byKey' }])).toEqual([]);
    expect(lost(tree, [revoking('u1'), { type: 'delete-user', account: 'A', name: 'byKey' }])).toEqual([]);
  });

  it('of an account loses it with its users', () => {
    expect(lost(tree, [{ type: 'delete-account', name: 'A' }])).toEqual([
      'account A: it is deleted',
      'user A/byIdentity: it is deleted with its account',
      'user A/byKey: it is deleted with its account',
      'user A/byRole: it is deleted with its account',
    ]);
  });

  it('names each token once, whatever the changes say', () => {
    const changes: Change[] = [
      { type: 'delete-user', account: 'A', name: 'byIdentity' },
      { type: 'delete-user', account: 'A', name: 'byKey' },
      { type: 'delete-user', account: 'A', name: 'byRole' },
      { type: 'delete-account', name: 'A' },
    ];
    expect(lost(tree, changes)).toHaveLength(4);
  });

  it('of what is not there loses nothing', () => {
    expect(
      lost(tree, [
        { type: 'delete-account', name: 'Z' },
        { type: 'delete-user', account: 'A', name: 'z' },
      ]),
    ).toEqual([]);
  });

  it('of an account that moves to another name loses nothing', () => {
    const changes: Change[] = [
      putAccount(account('New', 'a1', { by: 'o2', nats: A.claims.nats })),
      putUser({ ...user('A/byIdentity', 'u1'), account: 'New' }),
      putUser({ ...(tree.users?.[1] as ReturnType<typeof user>), account: 'New' }),
      putUser({ ...(tree.users?.[2] as ReturnType<typeof user>), account: 'New' }),
      { type: 'delete-account', name: 'A' },
    ];
    expect(lost(tree, changes)).toEqual([]);
  });
});

it('gives the key of what is lost', () => {
  const before = memoryTree(tree);
  const changes: Change[] = [{ type: 'delete-account', name: 'B' }];
  expect(lostTrust(before, applyChanges(before, changes), changes)).toEqual([
    { kind: 'account', account: 'B', name: 'B', key: pub('b1'), reason: 'it is deleted' },
  ]);
});

/** A tree that fails when a scan reads below what an edit names. */
function unreadable(base: Tree): Tree {
  const fail = () => {
    throw new Error('read too much');
  };
  return {
    operator: base.operator,
    managed: base.managed,
    keyring: base.keyring,
    accountNames: () => base.accountNames(),
    findAccount: (name) => (name === 'A' ? base.findAccount(name) : fail()),
    findAccountByKey: fail,
    userNames: fail,
    findUser: fail,
    findUserByKey: fail,
    hasSeed: fail,
    findKeyPair: fail,
    storedKeys: fail,
    findCreds: fail,
    credsNames: fail,
    credsAccounts: fail,
  };
}

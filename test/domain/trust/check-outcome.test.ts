import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../src/domain/apply.js';
import type { Change } from '../../../src/domain/change.js';
import type { AccountBody, Export } from '../../../src/domain/claims/types.js';
import { draftAccount } from '../../../src/domain/draft.js';
import { emptyKeyring, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import { decodeKind } from '../../../src/domain/token/decode.js';
import { emptyTree, memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { vouchFor } from '../../../src/domain/trust/authentic.js';
import { checkOutcome } from '../../../src/domain/trust/check-outcome.js';
import { refuseCompromised } from '../../../src/domain/trust/refuse-compromised.js';
import { NscError } from '../../../src/errors.js';
import { caught } from '../../support/caught.js';
import { alter } from '../../support/forged-token.js';
import { account, KEYS, NOW, operator, pub, scope, under, user } from './hierarchy.js';

const putOperator = (entry: ReturnType<typeof operator>): Change => ({ type: 'put-operator', ...entry });
const putAccount = (entry: ReturnType<typeof account>): Change => ({ type: 'put-account', ...entry });
const putUser = (entry: ReturnType<typeof user>): Change => ({ type: 'put-user', ...entry });

const check = (before: Tree, changes: Change[], now = NOW): string[] =>
  checkOutcome(before, applyChanges(before, changes), changes, now);

const refusalOf = (before: Tree, changes: Change[], now = NOW): [string, string] => {
  const { code, message } = caught(() => check(before, changes, now));
  return [code, message];
};

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a3', 'reader')] } });
const tree = memoryTree({ operator: O, accounts: [A], users: [user('A/u', 'u1')] });
const managed = memoryTree({ operator: O, managed: true });

/** Two exports of one name space: rule X2. */
const overlapping: Export[] = [
  { name: 'all', subject: 'a.>', type: 'stream' },
  { name: 'one', subject: 'a.b', type: 'stream' },
];
const exporting = (...exports: Export[]) => account('A', 'a1', { nats: { ...A.claims.nats, exports } });

describe('passes', () => {
  const cases: [string, Tree, Change[]][] = [
    ['no change', tree, []],
    ['a new operator', emptyTree('O'), [putOperator(O)]],
    ['a new operator with all below it', emptyTree('O'), [putUser(user('A/u', 'u1')), putAccount(A), putOperator(O)]],
    ['an account signed by the operator', tree, [putAccount(account('B', 'b1', { by: 'o2' }))]],
    ['a self-signed account of a managed store', managed, [putAccount(account('A', 'a1', { by: 'a1' }))]],
    [
      'an account signed by a key that the same change adds',
      tree,
      [putOperator(operator({ nats: { signing_keys: [pub('o3')] } })), putAccount(account('B', 'b1', { by: 'o3' }))],
    ],
    ['a user of a scoped key', tree, [putUser(user('A/v', 'u2', { by: 'a3', nats: under('a1') }))]],
    ['a deletion', tree, [{ type: 'delete-account', name: 'A' }]],
    [
      'a token that a later change deletes',
      tree,
      [putUser(user('A/v', 'u2', { by: 'b1' })), { type: 'delete-user', account: 'A', name: 'v' }],
    ],
    ['seeds and selections', tree, [{ type: 'select', account: 'A' }]],
  ];
  it.each(cases)('%s', (_what, before, changes) => {
    expect(check(before, changes)).toEqual([]);
  });
});

describe('refuses', () => {
  const cases: [string, Tree, Change[], [string, string]][] = [
    [
      'an operator signed by a key it removes (E-07)',
      tree,
      [putOperator(operator({ by: 'o2', nats: { signing_keys: [] } }))],
      ['broken-chain', `operator "O" is signed by ${pub('o2')}, which operator "O" does not list`],
    ],
    [
      'an account signed by a key the operator does not list (E-06)',
      tree,
      [putAccount(account('A', 'a1', { by: 'ox' }))],
      ['broken-chain', `account "A" is signed by ${pub('ox')}, which operator "O" does not list`],
    ],
    [
      'a self-signed account of a store that is not managed',
      tree,
      [putAccount(account('A', 'a1', { by: 'a1' }))],
      ['broken-chain', `account "A" is signed by ${pub('a1')}, which operator "O" does not list`],
    ],
    [
      'a user with permissions of a scoped key',
      tree,
      [putUser(user('A/v', 'u2', { by: 'a3', nats: under('a1', { sub: { deny: ['x'] } }) }))],
      ['broken-chain', 'user "v" has permissions or limits of its own, which role "reader" does not allow'],
    ],
    [
      'a user of an account that is not there',
      tree,
      [putUser(user('Z/v', 'u2'))],
      ['broken-chain', 'user "v" would belong to account "Z", which does not exist'],
    ],
    [
      'a user of an account that the same change deletes and leaves out',
      tree,
      [{ type: 'delete-account', name: 'A' }, putUser(user('A/v', 'u2'))],
      ['broken-chain', 'user "v" would belong to account "A", which does not exist'],
    ],
    [
      'claims that break a rule',
      tree,
      [putUser(user('A/v', 'u2', { nats: { pub: { allow: ['a b'] }, sub: {}, src: ['nonsense'] } }))],
      ['invalid-claims', expect.stringMatching(/^user "v" would be invalid: .* \(and 1 more\)$/)],
    ],
    [
      'exports that begin to overlap',
      tree,
      [putAccount(exporting(...overlapping))],
      ['invalid-claims', expect.stringMatching(/^account "A" would be invalid: /)],
    ],
  ];
  it.each(cases)('%s', (_what, before, changes, expected) => {
    expect(refusalOf(before, changes)).toEqual(expected);
  });

  it('a token from elsewhere that was altered on the way', () => {
    const entry = account('A', 'a1');
    const altered = { ...entry, token: entry.token.slice(0, -4) + (entry.token.endsWith('AAAA') ? 'BBBB' : 'AAAA') };
    expect(refusalOf(tree, [putAccount(altered)], NOW + 60)).toEqual([
      'broken-chain',
      'account "A" does not hold what its issuer signed',
    ]);
  });

  it('with the rules broken and the link in its details (E-34)', () => {
    const broken = caught(() => check(tree, [putAccount(account('A', 'a1', { by: 'ox' }))]));
    expect(broken.details).toEqual({
      kind: 'account',
      name: 'A',
      refusal: 'untrusted-issuer',
      link: {
        child: { kind: 'account', name: 'A', key: pub('a1') },
        parent: { kind: 'operator', name: 'O', key: pub('o1') },
      },
    });
    expect(broken.hint).toBe('sign with a key that the parent lists: -K KEY');
    const invalid = caught(() => check(tree, [putAccount(exporting(...overlapping))]));
    expect(invalid.details).toMatchObject({ kind: 'account', name: 'A', issues: [{ rule: 'X2', level: 'error' }] });
  });

  it('names in the hint what has to be changed', () => {
    const strict = account('A', 'a1', { nats: { ...A.claims.nats, limits: { disallow_bearer: true } } });
    const bearer = user('A/v', 'u2', { nats: { bearer_token: true } });
    const nameless = user('A/v', 'u2', { by: 'a2', nats: {} });
    const hintOf = (before: Tree, put: typeof bearer) => caught(() => check(before, [putUser(put)])).hint;
    expect(hintOf(memoryTree({ operator: O, accounts: [strict] }), bearer)).toContain(
      'nsc edit account "A" --disallow-bearer=false',
    );
    expect(hintOf(tree, nameless)).toContain('nsc edit user "v" --account "A" --tag TAG');
  });
});

describe('what was altered in the store', () => {
  const withAltered = (what: 'operator' | 'account' | 'user'): Tree => {
    const spoil = <Found extends { token: string }>(kind: typeof what, entry: Found): Found =>
      kind === what ? alter(entry) : entry;
    return memoryTree({
      operator: spoil('operator', O),
      accounts: [spoil('account', A)],
      users: [spoil('user', user('A/u', 'u1'))],
    });
  };
  const edited = { A: putAccount(A), u: putUser(user('A/u', 'u1')), v: putUser(user('A/v', 'u2')) };
  const another = putAccount(account('B', 'b1'));

  it.each<[what: 'operator' | 'account' | 'user', name: string, of: string, Change]>([
    ['operator', 'O', 'itself', putOperator(O)],
    ['operator', 'O', 'an account below it', another],
    ['operator', 'O', 'a user below it', edited.v],
    ['account', 'A', 'itself', edited.A],
    ['account', 'A', 'a user below it', edited.v],
    ['user', 'u', 'itself', edited.u],
  ])('%s %s: nothing is signed on it, such as %s', (what, name, _of, change) => {
    expect(refusalOf(withAltered(what), [another, change])).toEqual([
      'bad-token',
      `the JWT of ${what} "${name}" does not hold what its issuer signed`,
    ]);
  });

  it.each<[what: 'account' | 'user', Change]>([
    ['account', another],
    ['account', putOperator(O)],
    ['user', edited.A],
    ['user', edited.v],
  ])('%s keeps nobody from signing something else', (what, change) => {
    expect(check(withAltered(what), [change])).toEqual([]);
  });

  it('account keeps being that when it was signed again before somebody vouched for it', () => {
    const before = withAltered('account');
    const first = draftAccount('A', A.claims, { signer: KEYS.o1, now: NOW });
    const second = draftAccount('A', first.claims, { signer: KEYS.o1, now: NOW, previous: first });
    vouchFor(second.claims, first.claims);
    expect(refusalOf(before, [second])[0]).toBe('bad-token');
    vouchFor(first.claims, decodeKind(A.token, 'account').claims);
    vouchFor(second.claims, first.claims);
    expect(check(before, [second])).toEqual([]);
  });

  it('operator, or one that cannot be read: its token is not taken for a new one', () => {
    const before = Object.create(tree, {
      operator: {
        get: () => {
          throw new NscError('bad-token', 'operator "O" is broken');
        },
      },
    }) as Tree;
    expect(caught(() => checkOutcome(before, tree, [another], NOW)).message).toBe('operator "O" is broken');
  });
});

describe('warns', () => {
  const broken = memoryTree({ operator: O, accounts: [exporting(...overlapping)] });

  it('of what was wrong before, which stays possible to edit', () => {
    const edited = account('A', 'a1', { nats: { ...A.claims.nats, exports: overlapping, tags: ['t'] } });
    expect(check(broken, [putAccount(edited)])).toEqual([
      expect.stringMatching(/^account "A" is invalid, as it was before: /),
    ]);
  });

  it('of the same when the account is renamed', () => {
    const renamed = account('New', 'a1', { nats: { ...A.claims.nats, exports: overlapping } });
    expect(check(broken, [putAccount(renamed), { type: 'delete-account', name: 'A' }])).toHaveLength(1);
  });

  it('but refuses more of the same, and something else', () => {
    const more: Export = { name: 'two', subject: 'a.c', type: 'stream' };
    const other: Export = { name: 'bad', subject: 'x..y', type: 'stream' };
    expect(refusalOf(broken, [putAccount(exporting(...overlapping, more))])[0]).toBe('invalid-claims');
    expect(refusalOf(broken, [putAccount(exporting(...overlapping, other))])[0]).toBe('invalid-claims');
  });

  it('but names only what is new', () => {
    const from = (...src: string[]) => user('A/u', 'u1', { nats: { pub: {}, sub: {}, src } });
    const before = memoryTree({ operator: O, accounts: [A], users: [from('old')] });
    const fault = (network: string) => `user "u" would be invalid: source network "${network}" is not a CIDR block`;
    expect(refusalOf(before, [putUser(from('new', 'old'))])[1]).toBe(fault('new'));
    expect(refusalOf(before, [putUser(from('old', 'old'))])[1]).toBe(fault('old'));
  });

  it('of times, which do not block', () => {
    const late = putUser(user('A/late', 'u2', { exp: NOW - 60 }));
    const early = putAccount(account('B', 'b1', { nbf: NOW + 60 }));
    expect(check(tree, [late, early])).toEqual([
      'user "late": expired at 2023-11-14 22:12:20 UTC',
      'account "B": not valid before 2023-11-14 22:14:20 UTC',
    ]);
  });

  it('of a user that is revoked in the second it is signed (E-49)', () => {
    const revoking = account('A', 'a1', { nats: { ...A.claims.nats, revocations: { '*': NOW } } });
    const before = memoryTree({ operator: O, accounts: [revoking] });
    expect(check(before, [putUser(user('A/u', 'u1'))])).toEqual(['user "u" is revoked by account "A"']);
  });
});

describe('leaves alone', () => {
  it('accounts and users that no change puts, broken or not', () => {
    const before = memoryTree({
      operator: O,
      accounts: [A, account('Broken', 'b1', { by: 'ox' })],
      users: [user('A/foreign', 'u1', { by: 'b1' })],
    });
    expect(check(before, [putUser(user('A/v', 'u2')), putAccount(account('C', 'a4'))])).toEqual([]);
  });

  it('users whose account gives up the key that signed them', () => {
    const before = memoryTree({
      operator: O,
      accounts: [A],
      users: [user('A/u', 'u1', { by: 'a2', nats: under('a1') })],
    });
    expect(check(before, [putAccount(account('A', 'a1'))])).toEqual([]);
  });

  describe('users that move with their account', () => {
    const rename = (nats: AccountBody, ...users: ReturnType<typeof user>[]): [Tree, Change[]] => [
      memoryTree({ operator: O, accounts: [account('A', 'a1', { nats })], users }),
      [
        putAccount(account('New', 'a1', { nats })),
        ...users.map((entry) => putUser({ ...entry, account: 'New' })),
        { type: 'delete-account', name: 'A' },
      ],
    ];
    const plain = user('A/u', 'u1');

    it('trusted or not: nothing about them is signed', () => {
      const invalid = user('A/v', 'u2', { nats: { src: ['nowhere'] } });
      const stranger = user('A/w', 'u3', { by: 'b1' });
      expect(check(...rename({}, plain, invalid, stranger))).toEqual([]);
    });

    it('unless their token is another one', () => {
      const [before, changes] = rename({}, user('A/w', 'u3', { by: 'b1' }));
      const signed = changes.map((change) =>
        change.type === 'put-user' ? putUser({ ...user('A/w', 'u3', { by: 'a3' }), account: 'New' }) : change,
      );
      expect(refusalOf(before, signed)[0]).toBe('broken-chain');
    });

    it('unless they lose the trust they had', () => {
      const [before, changes] = rename(
        { signing_keys: [pub('a2')] },
        user('A/v', 'u2', { by: 'a2', nats: under('a1') }),
      );
      const poorer = changes.map((change) =>
        change.type === 'put-account' ? putAccount(account('New', 'a1')) : change,
      );
      expect(refusalOf(before, poorer)).toEqual([
        'broken-chain',
        `user "v" is signed by ${pub('a2')}, which account "New" does not list`,
      ]);
    });

    it('unless the account they come to has another key', () => {
      const [before, changes] = rename({}, plain);
      const other = changes.map((change) =>
        change.type === 'put-account' ? putAccount(account('New', 'b1')) : change,
      );
      expect(refusalOf(before, other)[0]).toBe('broken-chain');
    });
  });

  it('what was there before and cannot be read: it excuses nothing', () => {
    const unreadable = () => {
      throw new NscError('store-corrupt', 'account "A" cannot be read');
    };
    const before = { findAccount: unreadable, findAccountByKey: unreadable } as Partial<Tree> as Tree;
    const after = memoryTree({ operator: O, accounts: [exporting(...overlapping)] });
    const changes = [putAccount(exporting(...overlapping))];
    expect(caught(() => checkOutcome(before, after, changes, NOW)).code).toBe('invalid-claims');
  });
});

describe('a key that is compromised', () => {
  const compromised = (...names: Parameters<typeof pub>[0][]) =>
    withRecords(
      emptyKeyring,
      names.map((name) => newRecord(pub(name), { kind: 'operator-signing' }, 'compromised', NOW)),
    );
  const store = memoryTree({
    operator: O,
    accounts: [A],
    users: [user('A/u', 'u1')],
    keyring: compromised('o3', 'a4', 'b1', 'u2'),
  });

  it.each<[what: string, change: Change]>([
    ['the operator', putOperator(operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }))],
    ['the operator as its identity', putOperator(operator({ sub: pub('o3'), by: 'o3' }))],
    ['an account', putAccount(account('A', 'a1', { nats: { signing_keys: [pub('a2'), pub('a4')] } }))],
    ['a role', putAccount(account('A', 'a1', { nats: { signing_keys: [scope('a4', 'reader')] } }))],
    ['a new account', putAccount(account('B', 'b1'))],
    ['a new user', putUser(user('A/v', 'u2'))],
    ['a user that is there', putUser(user('A/u', 'u2'))],
  ])('is refused when %s gets it', (_what, change) => {
    const [code, message] = refusalOf(store, [change]);
    expect([code, message]).toEqual([
      'key-compromised',
      expect.stringContaining('is compromised: somebody else may have it'),
    ]);
  });

  it('is refused when the same change notes it', () => {
    const noted: Change = { type: 'put-keyring', keyring: compromised('o3') };
    const listed = putOperator(operator({ nats: { signing_keys: [pub('o3')] } }));
    expect(refusalOf(tree, [noted, listed])[0]).toBe('key-compromised');
  });

  it.each<[what: string, keys: Parameters<typeof compromised>, changes: Change[]]>([
    ['the operator', ['o1', 'o2'], [putOperator(O)]],
    ['an account', ['a1', 'a2', 'a3'], [putAccount(A)]],
    [
      'an account under another name',
      ['a1', 'a2'],
      [{ type: 'delete-account', name: 'A' }, putAccount({ ...A, name: 'B' })],
    ],
    ['a user', ['u1'], [putUser(user('A/u', 'u1'))]],
    [
      'a user whose account has another name',
      ['u1'],
      [{ type: 'delete-account', name: 'A' }, putAccount({ ...A, name: 'B' }), putUser(user('B/u', 'u1'))],
    ],
  ])('may stay with whoever has it already: %s', (_what, keys, changes) => {
    const before = memoryTree({
      operator: O,
      accounts: [A],
      users: [user('A/u', 'u1')],
      keyring: compromised(...keys),
    });
    const after = applyChanges(before, changes);
    for (const change of changes) expect(() => refuseCompromised(before, after, change)).not.toThrow();
  });

  it.each(['next', 'active', 'retiring', 'removed'] as const)('is another matter than one that is %s', (state) => {
    const keyring = withRecords(emptyKeyring, [newRecord(pub('a4'), { kind: 'operator-signing' }, state, NOW)]);
    const before = memoryTree({ operator: O, accounts: [A], keyring });
    const listed = account('A', 'a1', {
      nats: { ...A.claims.nats, signing_keys: [...(A.claims.nats.signing_keys ?? []), pub('a4')] },
    });
    expect(check(before, [putAccount(listed)])).toEqual([]);
  });

  it('stays where it is, and can be taken out', () => {
    const before = memoryTree({ operator: O, accounts: [A], keyring: compromised('o2', 'a2') });
    const edited = account('A', 'a1', { nats: { signing_keys: [pub('a2')], tags: ['x'] } });
    expect(check(before, [putAccount(edited)])).toEqual([]);
    expect(check(before, [putOperator(operator())])).toEqual([]);
  });
});

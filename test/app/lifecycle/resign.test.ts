import { describe, expect, it } from 'vitest';
import { type LeftToken, type Resigned, type Resigning, resign } from '../../../src/app/lifecycle/resign.js';
import { applyChanges } from '../../../src/domain/apply.js';
import type { AccountBody, Export, UserScope } from '../../../src/domain/claims/types.js';
import { issueActivation } from '../../../src/domain/sharing/issue-activation.js';
import { decodeVerified } from '../../../src/domain/token/decode.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry, Tree, UserEntry } from '../../../src/domain/tree/tree.js';
import { checkOutcome } from '../../../src/domain/trust/check-outcome.js';
import { NscError } from '../../../src/errors.js';
import {
  account,
  KEYS,
  type KeyName,
  NOW,
  nameOfKey,
  operator,
  pub,
  scope,
  under,
  user,
} from '../../domain/trust/hierarchy.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const shared = (more: Partial<Export> = {}): Export => ({
  name: 'x',
  subject: 'x.>',
  type: 'stream',
  token_req: true,
  ...more,
});

/** Account A, which exports, and account B, which imports with an activation that a key signed. */
function sharing(by: KeyName, entry: Partial<Export> = {}, alter = (token: string): string => token): Tree {
  const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), pub('a3')], exports: [shared(entry)] } });
  const activation = issueActivation(
    { exporter: A, entry: shared(entry), target: pub('b1'), subject: 'x.>' },
    KEYS[by],
    NOW,
  );
  const imports = [
    { name: 'x', subject: 'x.>', account: pub('a1'), type: 'stream' as const, token: alter(activation.token) },
    { name: 'y', subject: 'y', account: pub('a3'), type: 'stream' as const },
  ];
  return memoryTree({ operator: O, accounts: [A, account('B', 'b1', { by: 'o2', nats: { imports } })] });
}

/** Everything that `from` signed is signed by `to`. */
const replacing = (from: KeyName, to: KeyName, tree: Tree, more: Partial<Resigning> = {}): Resigning => ({
  tree,
  now: NOW,
  accounts: false,
  usersOf: [],
  activations: true,
  signerFor: ({ issuer }) => (issuer === pub(from) ? KEYS[to] : undefined),
  signerOfAccount: ({ claims: { iss = '' } }) => KEYS[nameOfKey(iss) as KeyName],
  ...more,
});

const activationOf = (resigned: Resigned): unknown => {
  const [put] = resigned.changes;
  const [first, second] = put?.type === 'put-account' ? (put.claims.nats.imports ?? []) : [];
  const { claims } = decodeVerified(first?.token ?? second?.token ?? '');
  return {
    by: nameOfKey(claims.iss ?? ''),
    account: put?.type === 'put-account' ? `${put.name} by ${nameOfKey(put.claims.iss ?? '')}` : '',
    iat: Number(claims.iat) - NOW,
    issuerAccount: nameOfKey((claims.nats as { issuer_account?: string }).issuer_account ?? ''),
  };
};
const shown = ({ kind, account: of, name, reason }: LeftToken): string => `${kind} ${of}/${name} ${reason}`;

describe('activations that accounts of the store import with', () => {
  it.each([
    ['a2', 'a3', { by: 'a3', account: 'B by o2', iat: 1, issuerAccount: 'a1' }],
    ['a1', 'a2', { by: 'a2', account: 'B by o2', iat: 1, issuerAccount: 'a1' }],
    ['a2', 'a1', { by: 'a1', account: 'B by o2', iat: 1, issuerAccount: '' }],
  ] as const)('of %s are signed by %s, and whoever imports by who signed it before', (from, to, expected) => {
    const tree = sharing(from);
    const resigned = resign(replacing(from, to, tree));
    expect(activationOf(resigned)).toEqual(expected);
    expect(resigned.activations).toEqual([{ importer: 'B', exporter: 'A', subject: 'x.>' }]);
    expect(checkOutcome(tree, applyChanges(tree, resigned.changes), resigned.changes, NOW)).toEqual([]);
  });

  it('of other keys stay, and so do the accounts', () => {
    expect(resign(replacing('a3', 'a1', sharing('a2')))).toMatchObject({ changes: [], left: [], accounts: [] });
  });

  it('that are revoked stay, unless they are to come back', () => {
    const tree = sharing('a2', { revocations: { [pub('b1')]: NOW + 5 } });
    // issued just after the revocation, and revoked a second time
    const request = replacing('a2', 'a3', sharing('a2'), { tree });
    expect(resign(request)).toMatchObject({ activations: [{ importer: 'B' }] });

    const early = account('A', 'a1', {
      nats: { signing_keys: [pub('a2')], exports: [shared({ revocations: { '*': NOW } })] },
    });
    const later = applyChanges(sharing('a2'), [{ type: 'put-account', ...early }]);
    expect(resign(replacing('a2', 'a1', later)).left.map(shown)).toEqual(['activation A/B revoked']);
    const back = resign(replacing('a2', 'a1', later, { revives: true }));
    expect(back.activations).toEqual([{ importer: 'B', exporter: 'A', subject: 'x.>', wasRevoked: true }]);
    expect(activationOf(back)).toMatchObject({ iat: 1 });
  });

  it('that nobody signed stay: they come with the token of a stranger', () => {
    const forge = (token: string): string => `${token.slice(0, -6)}AAAAAA`;
    const resigned = resign(replacing('a2', 'a3', sharing('a2', {}, forge)));
    expect(resigned.changes).toEqual([]);
    expect(resigned.left.map(shown)).toEqual(['activation A/B altered']);
  });

  it('stay where nobody asked for them', () => {
    const resigned = resign(replacing('a2', 'a3', sharing('a2'), { activations: false, accounts: ['A', 'B'] }));
    expect(resigned).toMatchObject({ changes: [], activations: [] });
  });

  it('stay where their own signer refuses', () => {
    const refused = new NscError('no-signer', 'the seed is elsewhere');
    const resigned = resign(replacing('a2', 'a3', sharing('a2'), { signerFor: () => refused }));
    expect(resigned.changes).toEqual([]);
    expect(resigned.left.map(shown)).toEqual(['activation A/B refused']);
  });

  it('stay where nobody can sign who imports', () => {
    const refused = new NscError('no-signer', 'the operator is elsewhere');
    const resigned = resign(replacing('a2', 'a3', sharing('a2'), { signerOfAccount: () => refused }));
    expect(resigned).toMatchObject({ changes: [], activations: [] });
    expect(resigned.left).toEqual([
      {
        kind: 'activation',
        account: 'A',
        name: 'B',
        reason: 'refused',
        message: 'the operator is elsewhere',
        error: refused,
      },
    ]);
  });
});

describe('accounts', () => {
  const two = (...entries: AccountEntry[]): Tree => memoryTree({ operator: O, accounts: entries });
  const broken = (entry: AccountEntry): AccountEntry => ({ ...entry, token: `${entry.token.slice(0, -6)}AAAAAA` });

  it('that were altered stay, with their users, and the others are signed', () => {
    const tree = applyChanges(two(broken(account('A', 'a1')), account('B', 'b1')), [
      { type: 'put-user', ...user('A/u', 'u1') },
    ]);
    const resigned = resign({
      ...replacing('o1', 'o2', tree),
      accounts: true,
      usersOf: ['A', 'B'],
      signerFor: ({ kind }) => (kind === 'user' ? KEYS.a1 : KEYS.o2),
    });
    expect(resigned.accounts).toEqual(['B']);
    expect(resigned.users).toEqual([]);
    expect(resigned.left.map(shown)).toEqual(['account A/A altered']);
    expect(checkOutcome(tree, applyChanges(tree, resigned.changes), resigned.changes, NOW)).toEqual([]);
  });

  it.each([true, false])('that are named are signed, and no others, activations %s', (activations) => {
    const tree = two(account('A', 'a1'), account('B', 'b1'));
    expect(resign({ ...replacing('o1', 'o2', tree), accounts: ['A'], activations }).accounts).toEqual(['A']);
  });

  it('that were altered vouch for no user, although only their users are asked for', () => {
    const tree = applyChanges(two(broken(account('A', 'a1'))), [
      { type: 'put-user', ...user('A/u', 'u1') },
      { type: 'put-user', ...user('A/v', 'u2') },
    ]);
    const resigned = resign({ ...replacing('a1', 'a2', tree), usersOf: ['A'], activations: false });
    expect(resigned).toMatchObject({ changes: [], users: [] });
    expect(resigned.left.map(shown)).toEqual(['account A/A altered']);
  });

  it('that cannot be read stay with their users, which is told once', () => {
    const tree = applyChanges(two(account('B', 'b1')), [{ type: 'put-user', ...user('A/u', 'u1') }]);
    const findAccount = tree.findAccount.bind(tree);
    tree.accountNames = () => ['A', 'B'];
    tree.findAccount = (name) => {
      if (name === 'A') throw new NscError('bad-token', 'account "A" is broken');
      return findAccount(name);
    };
    const resigned = resign({ ...replacing('o1', 'o2', tree), accounts: true, usersOf: ['A', 'B'] });
    expect(resigned.accounts).toEqual(['B']);
    expect(resigned.left).toMatchObject([
      { kind: 'account', account: 'A', name: 'A', reason: 'unreadable', message: 'account "A" is broken' },
    ]);
  });

  it('that their signer refuses stay, and the others are signed', () => {
    const refused = new NscError('no-signer', 'the seed is elsewhere');
    const tree = two(account('A', 'a1'), account('B', 'b1'));
    const resigned = resign({
      ...replacing('o1', 'o2', tree),
      accounts: true,
      signerFor: ({ name }) => (name === 'A' ? refused : KEYS.o2),
    });
    expect(resigned.accounts).toEqual(['B']);
    expect(resigned.left).toEqual([
      { kind: 'account', account: 'A', name: 'A', reason: 'refused', message: refused.message, error: refused },
    ]);
  });

  it('that have to change for another reason and cannot be signed stop everything', () => {
    const refused = new NscError('no-signer', 'the seed is elsewhere');
    const edits = new Map([['A', (body: AccountBody): AccountBody => ({ ...body, description: 'new' })]]);
    const request = replacing('o1', 'o2', two(account('A', 'a1')), { edits, signerOfAccount: () => refused });
    expect(() => resign(request)).toThrow(refused);
  });

  it('that have to change for another reason and were altered stop everything', () => {
    const tree = two(broken(account('A', 'a1')));
    const edits = new Map([['A', (body: AccountBody): AccountBody => ({ ...body, description: 'new' })]]);
    expect(() => resign({ ...replacing('o1', 'o2', tree), activations: false, edits })).toThrow(
      'the JWT of account "A" does not hold what its issuer signed',
    );
  });

  it('are dated a second after the ones they replace, also where the clock is behind', () => {
    const resigned = resign({ ...replacing('o1', 'o2', two(account('A', 'a1')), { now: NOW - 100 }), accounts: ['A'] });
    expect(resigned.changes).toMatchObject([{ claims: { iss: pub('o2'), iat: NOW + 1 } }]);
  });
});

describe('users', () => {
  const A = account('A', 'a1', { nats: { signing_keys: [pub('a2')], revocations: { [pub('u2')]: NOW + 30 } } });

  it.each([
    ['behind', NOW - 100, NOW + 1],
    ['at the second they were signed', NOW, NOW + 1],
    ['later', NOW + 10, NOW + 10],
  ])('are dated after the token they replace: clock %s', (_what, now, iat) => {
    const tree = memoryTree({ operator: O, accounts: [A], users: [user('A/u', 'u1')] });
    const resigned = resign({ ...replacing('a1', 'a2', tree), now, usersOf: ['A'], activations: false });
    expect(resigned.changes).toMatchObject([{ claims: { iat, nats: { issuer_account: pub('a1') } } }]);
  });

  it('that come back are dated after their revocation', () => {
    const tree = memoryTree({ operator: O, accounts: [A], users: [user('A/u', 'u2')] });
    const request = { ...replacing('a1', 'a2', tree), usersOf: ['A'], activations: false };
    expect(resign(request).left.map(shown)).toEqual(['user A/u revoked']);
    const back = resign({ ...request, revives: true });
    expect(back.changes).toMatchObject([{ claims: { iat: NOW + 31 } }]);
    expect(back.users).toMatchObject([{ name: 'u', wasRevoked: true }]);
  });

  it.each<[what: string, scope: UserScope, entry: UserEntry, limits?: AccountBody['limits']]>([
    ['has permissions of its own', scope('a4', 'r'), user('A/u', 'u1', { by: 'a4', nats: under('a1', { subs: 5 }) })],
    [
      'lacks a tag that the role denies by',
      scope('a4', 'r', { pub: { deny: ['x.{{tag(team)}}'] } }),
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
    ],
    [
      'is a bearer token, which the account forbids',
      scope('a4', 'r', { bearer_token: true }),
      user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
      { disallow_bearer: true },
    ],
  ])('that no signature mends stay, and the others are signed: %s', (_what, role, entry, limits) => {
    const nats = { signing_keys: [pub('a2'), role], ...(limits && { limits }) };
    const other = user('A/v', 'u2', { by: 'a2', nats: { subs: -1, data: -1, payload: -1, issuer_account: pub('a1') } });
    const tree = memoryTree({ operator: O, accounts: [account('A', 'a1', { nats })], users: [entry, other] });
    const signerFor: Resigning['signerFor'] = ({ issuer }) => KEYS[nameOfKey(issuer) as KeyName];
    const resigned = resign({ ...replacing('a1', 'a2', tree), usersOf: ['A'], activations: false, signerFor });
    expect(resigned.left.map(shown)).toEqual(['user A/u refused']);
    expect(resigned.users.map(({ name }) => name)).toEqual(['v']);
  });

  it('are signed under the account as it will be', () => {
    const edits = new Map([
      ['A', (body: AccountBody): AccountBody => ({ ...body, revocations: { [pub('u1')]: NOW + 20 } })],
    ]);
    const tree = memoryTree({ operator: O, accounts: [A], users: [user('A/u', 'u1')] });
    const resigned = resign({ ...replacing('a1', 'a2', tree), usersOf: ['A'], activations: false, edits });
    expect(resigned.changes).toMatchObject([{ type: 'put-account' }, { type: 'put-user', claims: { iat: NOW + 21 } }]);
  });
});

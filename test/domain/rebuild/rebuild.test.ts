import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOperator } from '../../../src/domain/claims/new.js';
import { decorateSeed, decorateToken, formatCreds } from '../../../src/domain/creds/creds.js';
import { collectPieces, type ScatteredFile } from '../../../src/domain/rebuild/pieces.js';
import { rebuildStores } from '../../../src/domain/rebuild/rebuild.js';
import { issue } from '../../../src/domain/token/issue.js';
import { emptyTree } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { checkOutcome } from '../../../src/domain/trust/check-outcome.js';
import { Aliases } from '../../support/aliases.js';
import { account, KEYS, type KeyName, NOW, operator, pub, scope, under, user } from '../trust/hierarchy.js';

const { name: named } = new Aliases();

/** Files by path: seeds and tokens as they are. */
const files = (content: Readonly<Record<string, string | { token: string }>>): ScatteredFile[] =>
  Object.entries(content).map(([path, what]) => ({ path, content: typeof what === 'string' ? what : what.token }));
const seed = (name: KeyName): string => KEYS[name].seed.reveal();

/** Every store as a few lines, and the warnings. */
function rebuild(found: readonly ScatteredFile[]): { stores: string[][]; warnings: string[] } {
  const { stores, warnings } = rebuildStores(collectPieces(found));
  for (const { operator: name, changes, tree } of stores) checkOutcome(emptyTree(name), tree, changes, NOW);
  return { stores: stores.map(({ tree }) => linesOf(tree).map(named)), warnings: warnings.map(named) };
}

const linesOf = (tree: Tree): string[] => [
  `${tree.operator.name}${tree.managed ? ' (managed)' : ''} ${tree.operator.claims.sub}`,
  ...tree.accountNames().flatMap((name) => [
    `${name} ${tree.findAccount(name)?.claims.sub}`,
    ...tree.userNames(name).map((userName) => {
      const { claims } = tree.findUser(name, userName) ?? {};
      return `${name}/${userName} ${claims?.sub}${tree.findCreds(name, userName) ? ' with creds' : ''}`;
    }),
  ]),
  `keys ${tree.storedKeys().map(named).sort().join(' ')}`,
];

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } });
const u = user('A/u', 'u1');
const v = user('A/v', 'u2', { by: 'a2', nats: under('a1') });
const whole = { 'o.jwt': O, 'a.jwt': A, 'u.jwt': u, 'v.jwt': v };

describe('stores are put together', () => {
  it('from tokens and seeds, with creds for the users whose seeds are there', () => {
    const keys = { 'o.nk': seed('o1'), 'x/o2.nk': seed('o2'), 'a2.nk': `${seed('a2')}\n`, 'u.nk': seed('u1') };
    expect(rebuild(files({ ...keys, ...whole }))).toEqual({
      stores: [['O o1', 'A a1', 'A/u u1 with creds', 'A/v u2', 'keys a2 o1 o2 u1']],
      warnings: [],
    });
  });

  it('from decorated ones, and from creds', () => {
    const found = files({
      'o.jwt': decorateToken(O.token, 'operator'),
      'o.nk': decorateSeed(KEYS.o1.seed).reveal(),
      'a.jwt': `${A.token}\n`,
      'u.creds': formatCreds(u.token, KEYS.u1).reveal(),
    });
    expect(rebuild(found)).toEqual({
      stores: [['O o1', 'A a1', 'A/u u1 with creds', 'keys o1 u1']],
      warnings: [],
    });
  });

  it('of several operators, a managed one where no seed of its own was found', () => {
    const claims = newOperator(pub('o3'), 'P');
    const P = { name: 'P', ...issue('operator', claims, KEYS.o3, { now: NOW - 1 }) };
    const found = files({ ...whole, 'p.jwt': P, 'b.jwt': account('B', 'b1', { by: 'o3' }), 'p.nk': seed('o3') });
    expect(rebuild(found).stores).toEqual([
      ['O (managed) o1', 'A a1', 'A/u u1', 'A/v u2', 'keys '],
      ['P o3', 'B b1', 'keys o3'],
    ]);
  });

  it('under the names they have, with blanks in them', () => {
    const { stores } = rebuildStores(collectPieces(files({ 'o.jwt': operator({ name: 'Known Company Inc.' }) })));
    expect(stores.map(({ operator: name }) => name)).toEqual(['Known Company Inc.']);
  });

  it('a seed of a signing key makes an operator one of ours', () => {
    expect(rebuild(files({ 'o.jwt': O, 'o2.nk': seed('o2') })).stores).toEqual([['O o1', 'keys o2']]);
  });

  it('with the curve key of an auth callout', () => {
    const callout = account('A', 'a1', { nats: { authorization: { auth_users: [pub('u1')], xkey: pub('x1') } } });
    expect(rebuild(files({ 'o.jwt': O, 'a.jwt': callout, 'x.nk': seed('x1') })).stores[0]).toContain('keys x1');
  });
});

it('the order in which files are found does not matter', () => {
  const found = files({ ...whole, 'o.nk': seed('o1'), 'u.nk': seed('u1'), 'x.jwt': account('X', 'b1', { by: 'ox' }) });
  const expected = rebuild(found);
  fc.assert(
    fc.property(fc.shuffledSubarray(found, { minLength: found.length }), (shuffled) => {
      expect(rebuild(shuffled)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

describe('of several tokens about one key the newest counts', () => {
  const at = (iat: number, name: string) => ({
    name,
    ...issue('account', { ...A.claims, name }, KEYS.o1, { now: NOW + iat }),
  });

  it('wherever it was found', () => {
    for (const [first, second] of [
      [at(1, 'Old'), at(2, 'New')],
      [at(2, 'New'), at(1, 'Old')],
    ]) {
      const { stores } = rebuild(files({ 'o.jwt': O, '1.jwt': first ?? '', '2.jwt': second ?? '' }));
      expect(stores[0]).toContain('New a1');
    }
  });

  it('among those that are vouched for: a stranger cannot push one aside', () => {
    const forged = { name: 'A', ...issue('account', { ...A.claims, name: 'Evil' }, KEYS.ox, { now: NOW + 99 }) };
    const stray = { name: 'u', ...issue('user', { ...u.claims, name: 'evil' }, KEYS.ax, { now: NOW + 99 }) };
    expect(rebuild(files({ ...whole, 'x.jwt': forged, 'y.jwt': stray }))).toEqual({
      stores: [['O (managed) o1', 'A a1', 'A/u u1', 'A/v u2', 'keys ']],
      warnings: [],
    });
  });

  it('but users of other names or accounts that share a key are users of their own', () => {
    const shared = [user('A/v', 'u1'), user('B/u', 'u1', { by: 'b1' })];
    const newer = { ...u, ...issue('user', { ...u.claims, nats: under('a1') }, KEYS.a2, { now: NOW + 1 }) };
    const found = [O, A, account('B', 'b1'), u, newer, ...shared].map((what, at) => [`${at}.jwt`, what] as const);
    expect(rebuild(files({ ...Object.fromEntries(found), 'u.nk': seed('u1') }))).toEqual({
      stores: [
        ['O (managed) o1', 'A a1', 'A/u u1 with creds', 'A/v u1 with creds', 'B b1', 'B/u u1 with creds', 'keys u1'],
      ],
      warnings: [],
    });
  });
});

describe('a name is never a path (E-01)', () => {
  it('nor taken twice: the newest has it', () => {
    const twin = { ...issue('user', { ...u.claims, sub: pub('u3'), name: 'U' }, KEYS.a1, { now: NOW + 5 }) };
    const found = files({
      'o.jwt': operator({ name: '../../O' }),
      'a.jwt': account('A/../..', 'a1'),
      'b.jwt': account('B', 'b1'),
      'u.jwt': u,
      'twin.jwt': twin,
      'v.jwt': user('A/', 'u2'),
    });
    const key = (name: KeyName) => pub(name).slice(0, 9);
    expect(rebuild(found)).toEqual({
      stores: [
        [
          `operator_${key('o1')} (managed) o1`,
          'B b1',
          `account_${key('a1')} a1`,
          `account_${key('a1')}/U u3`,
          `account_${key('a1')}/user_${key('u2')} u2`,
          `account_${key('a1')}/user_${key('u1')} u1`,
          'keys ',
        ],
      ],
      warnings: [
        `operator o1 is stored as "operator_${key('o1')}": "../../O" cannot be the name of an operator: it holds a path separator`,
        `account a1 is stored as "account_${key('a1')}": "A/../.." cannot be the name of an account: it holds a path separator`,
        `user u1 is stored as "user_${key('u1')}": another one is called "u"`,
        `user u2 is stored as "user_${key('u2')}": "" cannot be the name of a user: it is empty`,
      ],
    });
  });
});

describe('is left out, with a warning', () => {
  const altered = `${A.token.split('.', 2).join('.')}.${O.token.split('.')[2]}`;
  const cases: Readonly<Record<string, readonly [path: string, content: string | { token: string }, warning: string]>> =
    {
      'a token that was altered': ['bad.jwt', altered, '"bad.jwt" is left out: the JWT has a wrong signature'],
      'a text that is no token': ['bad.jwt', 'nonsense', '"bad.jwt" is left out: the JWT does not have three parts'],
      'a file without a seed': ['bad.nk', pub('a1'), '"bad.nk" is left out: it holds no seed'],
      'a token that belongs into no store': [
        'act.jwt',
        issue(
          'activation',
          { sub: pub('b1'), nats: { subject: 'x', kind: 'stream', type: 'activation', version: 2 } },
          KEYS.a1,
          { now: NOW },
        ),
        '"act.jwt" is left out: a store has no place for a JWT of the kind activation',
      ],
      'an account of a stranger': [
        's.jwt',
        account('S', 'b1', { by: 'ox' }),
        'account b1 is left out: nothing that was found vouches for ox, which signed it',
      ],
      'a user of a key that its account gave up': [
        's.jwt',
        user('A/s', 'u3', { by: 'a3', nats: under('a1') }),
        'user u3 is left out: nothing that was found vouches for a3, which signed it',
      ],
      'an operator that a stranger signed': [
        's.jwt',
        { token: issue('operator', newOperator(pub('o3'), 'S'), KEYS.ox, { now: NOW }).token },
        'operator o3 is left out: nothing that was found vouches for ox, which signed it',
      ],
      'a seed that nothing uses': ['x.nk', seed('ax'), 'the seed of ax is left out: nothing that was found uses it'],
    };
  it.each(Object.entries(cases))('%s', (_what, [path, content, warning]) => {
    const { stores, warnings } = rebuild(files({ ...whole, [path]: content }));
    expect(stores).toEqual([['O (managed) o1', 'A a1', 'A/u u1', 'A/v u2', 'keys ']]);
    expect(warnings).toEqual([warning]);
  });

  it('a file that could not be read', () => {
    const { warnings } = rebuildStores(collectPieces([{ path: 'big.jwt', problem: 'too big' }, { path: 'gone.nk' }]));
    expect(warnings).toEqual(['"big.jwt" is left out: too big', '"gone.nk" is left out: it is gone']);
  });
});

it('what is in its place and refused all the same is kept, with a warning', () => {
  const strict = operator({ nats: { strict_signing_key_usage: true, signing_keys: [pub('o2')] } });
  const found = files({ 'o.jwt': strict, 'a.jwt': account('A', 'a1'), 'u.jwt': u });
  const { stores, warnings } = rebuildStores(collectPieces(found));
  expect(stores[0]?.tree.userNames('A')).toEqual(['u']);
  expect(warnings).toEqual([
    'account "A" is signed by an identity key, but the operator requires signing keys',
    'user "u" is signed by an identity key, but the operator requires signing keys',
  ]);
});

import { expect, it } from 'vitest';
import { findChanged, isNewer } from '../../../src/app/distribution/find-changed.js';
import type { Copy, Holding, Keeps, Resolver } from '../../../src/app/resolver.js';
import { issue } from '../../../src/domain/token/issue.js';
import { NscError } from '../../../src/errors.js';
import { account, KEYS, type KeyName, NOW, operator, pub } from '../../domain/trust/hierarchy.js';
import { alter } from '../../support/forged-token.js';

const A = account('A', 'a1');

/** A server, and whether it lists A. */
const listing = (server: string, keeps: Keeps, hasIt: boolean): Holding => ({
  server,
  keeps,
  accounts: new Set(hasIt ? [pub('a1')] : []),
});
const copy = (server: string): Copy => ({ server, token: A.token });

it.each<[what: string, holdings: readonly Holding[], copies: readonly Copy[], state: string]>([
  [
    'all who keep every account have it',
    [listing('S1', 'all', true), listing('S2', 'all', true)],
    [copy('S1'), copy('S2')],
    'same',
  ],
  [
    'one of them lacks it, and a server that has it in its configuration shows it, too',
    [listing('S1', 'all', true), listing('S2', 'all', false), listing('S3', 'none', false)],
    [copy('S1'), copy('S3')],
    'send',
  ],
  ['one of them did not show its copy', [listing('S1', 'all', true), listing('S2', 'all', true)], [copy('S1')], 'send'],
  ['nobody keeps every account', [listing('S1', 'some', true)], [copy('S1')], 'send'],
])('what servers need: %s', async (_what, holdings, copies, state) => {
  const resolver = { kind: 'nats', copies: async () => copies } as unknown as Resolver;
  const found = await findChanged(resolver, [A], { operator: operator(), skipsSame: true, holdings });
  expect(found).toEqual([{ account: A, state, isOlder: false }]);
});

it('an account server that does not tell what it has is not asked again, and gets everything', async () => {
  let asked = 0;
  const copies = async () => {
    asked += 1;
    throw new NscError('remote-failed', 'status 404');
  };
  const resolver = { kind: 'http', copies } as unknown as Resolver;
  const accounts = Array.from({ length: 20 }, () => A);
  const found = await findChanged(resolver, accounts, { operator: operator(), skipsSame: true });
  expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['send']));
  expect(asked).toBe(8);
  const options = { operator: operator(), skipsSame: true, interrupted: AbortSignal.abort() };
  await expect(findChanged(resolver, accounts, options)).rejects.toMatchObject({ code: 'interrupted' });
  expect(asked).toBe(8);
  await expect(
    findChanged({ ...resolver, kind: 'nats' }, [A], { operator: operator(), skipsSame: true }),
  ).rejects.toThrow('status 404');
});

const signed = (now: number, by: KeyName = 'o1', sub: 'a1' | 'a2' = 'a1'): string =>
  issue('account', { ...account('A', sub).claims, nats: { tags: ['x'] } }, KEYS[by], { now }).token;

it.each<[what: string, token: string, newer: boolean]>([
  ['ours', A.token, false],
  ['one of a second later', signed(NOW + 1), true],
  ['another one of the same second', signed(NOW), false],
  ['an older one', signed(NOW - 1), false],
  ['a later one of somebody else', signed(NOW + 1, 'ox'), false],
  ['a later one that was altered', alter({ token: signed(NOW + 1) }).token, false],
  ['a later one of another account', signed(NOW + 1, 'o1', 'a2'), false],
  ['an operator', operator().token, false],
  ['garbage', 'garbage', false],
])('a later version is what the operator signed later (S-46): %s', (_what, token, newer) => {
  expect(isNewer(token, A, operator())).toBe(newer);
});

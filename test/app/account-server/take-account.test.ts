import { describe, expect, it } from 'vitest';
import { AccountServer } from '../../../src/app/account-server/account-server.js';
import type { Plan } from '../../../src/app/command.js';
import type { HttpResponse } from '../../../src/app/http-server.js';
import { newAccount } from '../../../src/domain/claims/new.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree, type TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { account, KEYS, type KeyName, NOW, operator, pub } from '../../domain/trust/hierarchy.js';

const A = account('A', 'a1');
const newer = (name: string, sub: KeyName, by: KeyName = 'o1', more: object = {}): AccountEntry => {
  const claims = { ...newAccount(pub(sub), name), ...more };
  return { name, ...issue('account', claims, KEYS[by], { now: NOW + 30 }) };
};
const store: TreeContent = { operator: operator(), accounts: [A] };

interface Posted extends HttpResponse {
  readonly committed: readonly Plan[];
}

async function post(
  token: string,
  { to = 'a1', content = store, fails }: { to?: KeyName | string; content?: TreeContent; fails?: Error } = {},
): Promise<Posted> {
  const committed: Plan[] = [];
  const look = () => ({ tree: memoryTree(content), now: NOW + 60 });
  const server = new AccountServer({
    operator: 'O',
    look,
    commit: async (plan) => {
      if (fails) throw fails;
      committed.push(plan(look()));
    },
  });
  const path = `/jwt/v1/accounts/${to in KEYS ? pub(to as KeyName) : to}`;
  const query = new URLSearchParams();
  return { ...(await server.answer({ method: 'POST', path, query, headers: {}, body: token })), committed };
}

const changesOf = ({ committed }: Posted) => committed.flatMap(({ changes }) => changes);

describe('taken', () => {
  const updated = newer('A', 'a1');
  it('a newer JWT of a known account', async () => {
    const posted = await post(`${updated.token}\n`);
    expect(posted).toMatchObject({ status: 200, body: 'stored' });
    expect(posted.committed[0]?.operator).toBe('O');
    expect(changesOf(posted)).toEqual([{ type: 'put-account', ...updated }]);
  });

  it('another JWT of the same second', async () => {
    const other = account('A', 'a1', { nats: { tags: ['x'] } });
    expect(changesOf(await post(other.token))).toEqual([{ type: 'put-account', ...other }]);
  });

  it('a new account', async () => {
    const fresh = newer('New', 'a2');
    expect(changesOf(await post(fresh.token, { to: 'a2' }))).toEqual([{ type: 'put-account', ...fresh }]);
  });

  it('a known account under another name, which stays as it is here', async () => {
    const renamed = newer('../../elsewhere', 'a1');
    expect(changesOf(await post(renamed.token))).toEqual([{ type: 'put-account', ...renamed, name: 'A' }]);
  });

  it('one that a signing key of a strict operator signed', async () => {
    const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
    const signed = newer('A', 'a1', 'o2');
    expect(await post(signed.token, { content: { operator: strict } })).toMatchObject({ status: 200 });
  });

  it('nothing, when it is here already', async () => {
    expect(await post(A.token)).toMatchObject({ status: 200, body: 'here already', committed: [] });
  });
});

describe('refused, and nothing is committed', () => {
  const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
  const altered = `${newer('A', 'a1').token.slice(0, -4)}AAAA`;
  const other: TreeContent = { operator: operator(), accounts: [A, account('Taken', 'b1')] };
  const damaged = { ...A, token: `${A.token.slice(0, -4)}AAAA` };
  it.each<[string, string, Parameters<typeof post>[1], number, string]>([
    ['no JWT', 'garbage', {}, 400, 'does not have three parts'],
    ['nothing', '', {}, 400, 'does not have three parts'],
    ['an altered one', altered, {}, 400, 'has a wrong signature'],
    ['one of an operator', operator().token, {}, 400, 'of kind operator'],
    ['one of another account', newer('B', 'a2').token, {}, 400, 'not about the account of the path'],
    ['a path without key', newer('A', 'a1').token, { to: 'A' }, 400, 'public key of an account'],
    ['one that signed itself', newer('A', 'a1', 'a1').token, {}, 400, 'does not list'],
    ['one that another operator signed', newer('A', 'a1', 'ox').token, {}, 400, 'does not list'],
    [
      'one that the identity key of a strict operator signed',
      newer('A', 'a1').token,
      { content: { operator: strict } },
      400,
      'requires signing keys',
    ],
    ['one that has expired', newer('A', 'a1', 'o1', { exp: NOW + 50 }).token, {}, 400, 'expired'],
    ['one that is not valid yet', newer('A', 'a1', 'o1', { nbf: NOW + 500 }).token, {}, 400, 'not valid'],
    ['a name that is a path', newer('../x', 'a2').token, { to: 'a2' }, 400, 'cannot be the name'],
    ['the name of another account', newer('Taken', 'a2').token, { to: 'a2', content: other }, 409, 'another key'],
    ['a name but for its letter case', newer('taken', 'a2').token, { to: 'a2', content: other }, 409, 'already exists'],
    ['an older one (S-46)', A.token, { content: { operator: operator(), accounts: [newer('A', 'a1')] } }, 409, 'later'],
    [
      'one in the place of a damaged one',
      newer('A', 'a1').token,
      { content: { operator: operator(), accounts: [damaged] } },
      409,
      'damaged',
    ],
  ])('%s', async (_what, token, options, status, message) => {
    const posted = await post(token, options);
    expect(posted).toMatchObject({ status, committed: [] });
    expect(posted.body).toContain(message);
  });

  it.each([
    ['store-locked', 503, 'the store is busy'],
    ['would-lose-trust', 409, 'why'],
    ['store-io', 500, 'the store is out of order'],
  ] as const)('%s', async (code, status, body) => {
    expect(await post(newer('A', 'a1').token, { fails: new NscError(code, 'why') })).toMatchObject({ status, body });
  });
});

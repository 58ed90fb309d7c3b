import { describe, expect, it } from 'vitest';
import { AccountServer } from '../../../src/app/account-server/account-server.js';
import type { HttpResponse } from '../../../src/app/http-server.js';
import { memoryTree, type TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry, Tree } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { account, NOW, operator, pub } from '../../domain/trust/hierarchy.js';

/** One request to a server over a store; `now` is a minute after the tokens were issued. */
const A = account('A', 'a1');
const LATE = account('Late', 'a2', { exp: NOW + 10 });
const SOON = account('Soon', 'a4', { exp: NOW + 90 });
const SYS = account('SYS', 'a3');
const store: TreeContent = {
  operator: operator({ nats: { system_account: pub('a3') } }),
  accounts: [A, LATE, SOON, SYS, account('Own', 'b1', { by: 'b1' })],
};

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function ask(
  tree: Tree,
  target: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<HttpResponse> {
  const server = new AccountServer({ operator: 'O', look: () => ({ tree, now: NOW + 60 }) });
  const { pathname, searchParams } = new URL(target, 'http://host');
  return server.answer({ method, path: decodeURIComponent(pathname), query: searchParams, headers, body });
}

const get = (target: string, asked: Asked = {}): Promise<HttpResponse> => ask(memoryTree(store), target, asked);
const path = (key: Parameters<typeof pub>[0]): string => `/jwt/v1/accounts/${pub(key)}`;

async function textOf({ body = '' }: HttpResponse): Promise<string> {
  if (typeof body === 'string') return body;
  let all = '';
  for await (const piece of body) all += piece;
  return all;
}

const etag = ({ claims }: AccountEntry): string => `"${claims.jti}"`;

describe('an account', () => {
  it.each<[string, Parameters<typeof pub>[0], AccountEntry, string]>([
    ['that does not expire', 'a1', A, 'max-age=60, stale-if-error=3600'],
    ['that expires soon', 'a4', SOON, 'max-age=30, stale-if-error=30'],
    ['that has expired is never called fresh', 'a2', LATE, 'max-age=0, stale-if-error=0'],
    ['of the system', 'a3', SYS, 'max-age=60, stale-if-error=3600'],
  ])('%s', async (_what, key, { token, claims }, caching) => {
    expect(await get(path(key))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/jwt', etag: `"${claims.jti}"`, 'cache-control': caching },
      body: token,
    });
  });

  it.each([[etag(A)], [`W/${etag(A)}`], [`"other", ${etag(A)}`], ['*']])(
    'is not sent to those who have %s',
    async (tag) => {
      const { status, body, headers } = await get(path('a1'), { headers: { 'if-none-match': tag } });
      expect([status, body, headers?.etag]).toEqual([304, undefined, etag(A)]);
    },
  );

  it.each([['"other"'], ['']])('is sent to those who have %s', async (tag) => {
    expect(await get(path('a1'), { headers: { 'if-none-match': tag } })).toMatchObject({ status: 200, body: A.token });
  });

  it('has another tag with other claims, and one that can be sent whatever its id', async () => {
    const tagOf = async (entry: AccountEntry): Promise<string | undefined> =>
      (await ask(memoryTree({ ...store, accounts: [entry] }), path('a1'))).headers?.etag;
    const odd = (jti: string): AccountEntry => ({ ...A, claims: { ...A.claims, jti } });
    expect(await tagOf(account('A', 'a1', { exp: NOW + 1000 }))).not.toBe(etag(A));
    for (const jti of ['', 'a"b', 'a\r\nb: c', 'ü']) expect(await tagOf(odd(jti))).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('comes as text, whatever else was asked', async () => {
    const { headers, body } = await get(`${path('a1')}?decode=true&text=TRUE`, { headers: { 'if-none-match': '*' } });
    expect([headers?.['content-type'], body]).toEqual(['text/plain; charset=utf-8', A.token]);
  });

  it('comes decoded', async () => {
    const { headers, body } = await get(`${path('a4')}?decode=true`);
    expect(headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8' });
    const [header = '', claims = '', signature] = String(body).split('\r\n');
    expect(JSON.parse(header)).toEqual({ typ: 'JWT', alg: 'ed25519-nkey' });
    expect(JSON.parse(claims)).toMatchObject({
      name: 'Soon',
      sub: pub('a4'),
      iat: `${NOW} (2023-11-14 22:13:20 UTC)`,
      exp: `${NOW + 90} (2023-11-14 22:14:50 UTC)`,
    });
    expect(SOON.token.endsWith(`.${signature}`)).toBe(true);
  });

  it('is missing when it has expired and that was asked', async () => {
    expect(await get(`${path('a2')}?check=true`)).toMatchObject({ status: 404 });
    expect(await get(`${path('a4')}?check=true`)).toMatchObject({ status: 200 });
  });
});

describe('what is not handed out, and what is told to the log alone', () => {
  const altered = (entry: AccountEntry): AccountEntry => ({ ...entry, token: `${entry.token.slice(0, -4)}AAAA` });
  const strict = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
  it.each<[string, TreeContent, string]>([
    ['an account that is not here', { operator: operator() }, 'the store has no such account'],
    [
      'one that signed itself, though the operator is managed elsewhere',
      { operator: operator(), managed: true, accounts: [account('A', 'a1', { by: 'a1' })] },
      'account "A" is signed by a1, which operator "O" does not list',
    ],
    [
      'one that another operator signed',
      { operator: operator(), accounts: [account('A', 'a1', { by: 'ox' })] },
      'account "A" is signed by ox, which operator "O" does not list',
    ],
    [
      'one that the identity key of a strict operator signed',
      { operator: strict, accounts: [A] },
      'account "A" is signed by an identity key, but the operator requires signing keys',
    ],
    [
      'one that was altered',
      { operator: operator(), accounts: [altered(A)] },
      'the JWT of account "A" does not hold what its issuer signed',
    ],
  ])('%s', async (_what, content, reason) => {
    const reply = await ask(memoryTree(content), path('a1'));
    expect(reply).toMatchObject({ status: 404, body: 'no such account' });
    const named = ['a1', 'ox'] as const;
    expect(named.reduce((text, key) => text.replace(pub(key), key), reply.reason ?? '')).toBe(reason);
  });

  it('anything, when the operator was altered, is not its own, or cannot be read', async () => {
    const broken = { ...store, operator: { ...store.operator, token: `${store.operator.token.slice(0, -4)}AAAA` } };
    const tree = memoryTree(store);
    const unreadable: Tree = new Proxy(tree, {
      get(target, name) {
        if (name === 'operator') throw new NscError('store-io', '/home/me/O.jwt cannot be read');
        return Reflect.get(target, name, target);
      },
    });
    const foreign = { ...store, operator: operator({ by: 'ox' }) };
    for (const bad of [memoryTree(broken), memoryTree(foreign), unreadable]) {
      for (const target of [path('a1'), '/jwt/v1/operator', '/jwt/v1/pack', '/healthz']) {
        const reply = await ask(bad, target);
        expect(reply).toMatchObject({ status: 500, body: 'the store is out of order', reason: expect.any(String) });
      }
    }
  });
});

describe('beside accounts', () => {
  it.each(['/jwt/v1/operator', '/jwt/v2/operator'])('%s is the operator', async (target) => {
    const { token, claims } = store.operator;
    expect(await get(target)).toMatchObject({ status: 200, body: token, headers: { etag: `"${claims.jti}"` } });
    expect(await get(`${target}?text=true`)).toMatchObject({ body: token });
    expect((await get(`${target}?decode=true`)).body).toContain('"name": "O"');
  });

  it.each(['/jwt/v1/accounts', '/jwt/v1/accounts/', '/healthz'])('%s says that somebody is there', async (target) => {
    const reply = await get(target);
    expect(reply).toEqual({
      status: 200,
      headers: { 'cache-control': 'no-cache, no-store, must-revalidate', pragma: 'no-cache', expires: '0' },
    });
  });

  it('there is help', async () => {
    expect((await get('/jwt/v1/help')).body).toContain('/jwt/v1/accounts/KEY');
  });

  it('a pack has a line for every account that is handed out', async () => {
    const line = ({ token, claims }: AccountEntry): string => `${claims.sub}|${token}`;
    expect(await textOf(await get('/jwt/v1/pack'))).toBe([A, LATE, SYS, SOON].map(line).join('\n'));
    expect(await textOf(await get('/jwt/v1/pack?max=2'))).toBe([A, LATE].map(line).join('\n'));
    expect(await get('/jwt/v1/pack?max=two')).toMatchObject({ status: 400 });
  });

  it.each([
    '/',
    '/jwt/v1/accounts/x/y',
    '/jwt/v1/activations/x',
    '/jwt/v2/accounts/',
    '/jwt/v1/operator/',
    '/__proto__',
    '/jwt/v1/accounts/..%2f..%2foperator',
  ])('there is no %s', async (target) => {
    expect(await get(target)).toMatchObject({ status: 404 });
  });

  it('a JWT cannot be asked for by its id', async () => {
    expect(await get(`${path('a1')}?jti=x`)).toMatchObject({ status: 501 });
  });

  it.each([
    ['POST', path('a1')],
    ['PUT', path('a1')],
    ['DELETE', path('a1')],
    ['OPTIONS', path('a1')],
    ['POST', '/jwt/v1/operator'],
    ['POST', '/healthz'],
  ])('%s %s is refused', async (method, target) => {
    expect(await get(target, { method, body: A.token })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });
});

describe('while others change the store', () => {
  /** Each look sees the next of these; the last one stays. */
  function server(...trees: readonly TreeContent[]): AccountServer {
    let at = 0;
    return new AccountServer({
      operator: 'O',
      look: () => ({ tree: memoryTree(trees[Math.min(at++, trees.length - 1)] as TreeContent), now: NOW }),
    });
  }
  const request = { method: 'GET', path: path('a1'), query: new URLSearchParams(), headers: {}, body: '' };
  const newer = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
  const signedAnew = account('A', 'a1', { by: 'o2' });

  it('the new operator with an account of the old one is never the last word', async () => {
    const half = { operator: newer, accounts: [A] };
    const whole = { operator: newer, accounts: [signedAnew] };
    expect(await server(half, whole).answer(request)).toMatchObject({ status: 200, body: signedAnew.token });
    expect(await server(half, half).answer(request)).toMatchObject({ status: 404 });
  });

  it('an account that is between two names is found', async () => {
    const here = { operator: operator(), accounts: [A] };
    expect(await server({ operator: operator() }, here).answer(request)).toMatchObject({ status: 200, body: A.token });
  });

  it('somebody who changes it all the time keeps nobody waiting for ever', async () => {
    let count = 0;
    const restless = new AccountServer({
      operator: 'O',
      look: () => ({ tree: memoryTree({ operator: operator({ name: `O${count++}` }) }), now: NOW }),
    });
    expect(await restless.answer(request)).toMatchObject({ status: 404 });
    expect(count).toBeLessThan(20);
  });
});

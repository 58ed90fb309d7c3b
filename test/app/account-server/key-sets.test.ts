import { describe, expect, it } from 'vitest';
import { AccountServer } from '../../../src/app/account-server/account-server.js';
import type { HttpResponse } from '../../../src/app/http-server.js';
import { encodeKeySet, jwkOf } from '../../../src/domain/jwks/jwk.js';
import { emptyKeyring, newRecord, withRecords } from '../../../src/domain/keyring/keyring.js';
import { decodePublicKey } from '../../../src/domain/nkey/codec.js';
import { memoryTree, type TreeContent } from '../../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { account, type KeyName, NOW, nameOfKey, operator, pub, scope } from '../../domain/trust/hierarchy.js';
import { alter } from '../../support/forged-token.js';

const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } });
const store: TreeContent = {
  operator: operator({ nats: { signing_keys: [pub('o2')] } }),
  accounts: [A, account('B', 'b1'), account('Own', 'a3', { by: 'a3' })],
};
const ALL = '/.well-known/jwks.json';

/** A tree with stamps that cost no reading, as those on a disk have; it remembers which accounts were read. */
const watched = (tree: Tree, read: string[]): Tree =>
  new Proxy(tree, {
    get(target, name) {
      if (name === 'accountStamp') return (account: string) => target.findAccount(account)?.token;
      if (name !== 'findAccount') {
        const member: unknown = Reflect.get(target, name, target);
        return typeof member === 'function' ? member.bind(target) : member;
      }
      return (account: string) => {
        read.push(account);
        return target.findAccount(account);
      };
    },
  });

/** A server over stores: each look sees the next of them; the last one stays. */
class Served {
  looks = 0;
  /** Accounts that were read. */
  readonly read: string[] = [];
  readonly server: AccountServer;

  constructor(...contents: readonly TreeContent[]) {
    const trees = contents.map((content) => watched(memoryTree(content), this.read));
    this.server = new AccountServer({
      operator: 'O',
      look: () => ({ tree: trees[Math.min(this.looks++, trees.length - 1)] as Tree, now: NOW }),
    });
  }

  ask(target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<HttpResponse> {
    const { pathname, searchParams } = new URL(target, 'http://host');
    return this.server.answer({ method, path: pathname, query: searchParams, headers, body: '' });
  }
}

const namesIn = ({ body }: HttpResponse): string[] =>
  JSON.parse(String(body)).keys.map(({ kid }: { kid: string }) => nameOfKey(kid));
const get = (target: string, content = store): Promise<HttpResponse> => new Served(content).ask(target);

describe('a key set', () => {
  it.each<[string, string, KeyName[]]>([
    ['of all that the operator signed', ALL, ['o1', 'o2', 'a1', 'a2', 'a4', 'b1']],
    ['of one account', `${ALL}?account=${pub('a1')}`, ['a1', 'a2', 'a4']],
    ['of one account, beside its JWT', `/jwt/v1/accounts/${pub('b1')}/jwks.json`, ['b1']],
    ['of the operator', '/jwt/v1/operator/jwks.json', ['o1', 'o2']],
  ])('%s', async (_what, target, keys) => {
    const body = encodeKeySet(keys.flatMap((key) => jwkOf(pub(key), decodePublicKey(pub(key))?.role ?? 'user') ?? []));
    expect(await get(target)).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/jwk-set+json',
        etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
        'cache-control': 'max-age=60, stale-if-error=3600',
      },
      body,
    });
  });

  it.each([ALL, `${ALL}?account=${pub('a1')}`, '/jwt/v1/operator/jwks.json'])(
    '%s is not sent again to those who have it',
    async (target) => {
      const served = new Served(store);
      const { headers: { etag = '', 'cache-control': caching } = {} } = await served.ask(target);
      const bare = { status: 304, headers: { etag, 'cache-control': caching } };
      expect(await served.ask(target, { 'if-none-match': etag })).toEqual(bare);
      expect(await served.ask(target, { 'if-none-match': `"x", W/${etag}` })).toEqual(bare);
      expect(await served.ask(target, { 'if-none-match': '"x"' })).toMatchObject({ status: 200 });
    },
  );

  it.each([
    [`${ALL}?account=${pub('a3')}`, 'account "Own" is signed by'],
    [`${ALL}?account=${pub('ax')}`, 'the store has no such account'],
    [`${ALL}?account=`, 'this is no key of an account'],
    [`${ALL}?account=A`, 'this is no key of an account'],
    [`${ALL}?account=${pub('o1')}`, 'this is no key of an account'],
    ['/jwt/v1/accounts/x/jwks.json', 'this is no key of an account'],
  ])('%s is not there', async (target, reason) => {
    expect(await get(target)).toMatchObject({
      status: 404,
      body: 'no such account',
      reason: expect.stringContaining(reason),
    });
  });

  it.each(['/jwt/v1/accounts//jwks.json', '/jwt/v1/accounts/jwks.json/', '/.well-known/', '/.well-known/jwks.json/'])(
    'there is no %s',
    async (target) => {
      expect(await get(target)).toMatchObject({ status: 404 });
    },
  );

  it('is not posted', async () => {
    for (const target of [ALL, `/jwt/v1/accounts/${pub('a1')}/jwks.json`]) {
      expect(await new Served(store).ask(target, {}, 'POST')).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      });
    }
  });

  it('has nothing of accounts that were altered or cannot be read, and everything of the others', async () => {
    const spoilt = { ...store, accounts: [alter(A), account('B', 'b1')] };
    expect(namesIn(await get(ALL, spoilt))).toEqual(['o1', 'o2', 'b1']);
  });

  it('is not there when the operator was altered', async () => {
    const altered = { ...store, operator: alter(store.operator) };
    for (const target of [ALL, '/jwt/v1/operator/jwks.json', `${ALL}?account=${pub('a1')}`]) {
      expect(await get(target, altered)).toMatchObject({ status: 500, body: 'the store is out of order' });
    }
  });

  it('is not there when nobody can tell which keys are compromised', async () => {
    const tree = memoryTree(store);
    const corrupt = new Proxy(tree, {
      get(target, name) {
        if (name === 'keyring') throw new NscError('store-corrupt', 'the keyring cannot be understood');
        return Reflect.get(target, name, target);
      },
    });
    const server = new AccountServer({ operator: 'O', look: () => ({ tree: corrupt, now: NOW }) });
    const request = { method: 'GET', path: ALL, query: new URLSearchParams(), headers: {}, body: '' };
    expect(await server.answer(request)).toMatchObject({ status: 500, body: 'the store is out of order' });
  });
});

describe('as the store changes', () => {
  const withKey = (name: KeyName): TreeContent => ({
    ...store,
    accounts: [account('A', 'a1', { nats: { signing_keys: [pub(name)] } }), account('B', 'b1')],
  });

  it('a change is seen at once, and only what changed is read', async () => {
    const [before, after] = [withKey('a2'), withKey('a3')];
    const read: string[] = [];
    let current = watched(memoryTree(before), read);
    const server = new AccountServer({ operator: 'O', look: () => ({ tree: current, now: NOW }) });
    const ask = () => server.answer({ method: 'GET', path: ALL, query: new URLSearchParams(), headers: {}, body: '' });
    expect(namesIn(await ask())).toEqual(['o1', 'o2', 'a1', 'a2', 'b1']);
    expect(read.splice(0)).toEqual(['A', 'B']);
    await ask();
    expect(read.splice(0)).toEqual([]);
    current = watched(memoryTree(after), read);
    expect(namesIn(await ask())).toEqual(['o1', 'o2', 'a1', 'a3', 'b1']);
    expect(read).toEqual(['A']);
  });

  it('the keyring counts, too', async () => {
    const slot = { kind: 'account-signing', account: pub('a1') } as const;
    const marked = (state: 'retiring' | 'compromised'): TreeContent => ({
      ...store,
      keyring: withRecords(emptyKeyring, [newRecord(pub('a2'), slot, state, NOW)]),
    });
    const before = marked('retiring');
    // one look to see whether there is news, one before reading and one after
    const served = new Served(before, before, before, marked('compromised'));
    expect(namesIn(await served.ask(ALL))).toEqual(['o1', 'o2', 'a1', 'a4', 'a2', 'b1']);
    expect(namesIn(await served.ask(ALL))).toEqual(['o1', 'o2', 'a1', 'a4', 'b1']);
  });

  it('the new operator with accounts of the old one is never the last word', async () => {
    const old = { operator: operator(), accounts: [A] };
    const newer = operator({ nats: { signing_keys: [pub('o2')], strict_signing_key_usage: true } });
    const half = { operator: newer, accounts: [A] };
    const whole = {
      operator: newer,
      accounts: [account('A', 'a1', { by: 'o2', nats: { signing_keys: [pub('a2')] } })],
    };
    expect(namesIn(await new Served(old, old, half, whole).ask(ALL))).toEqual(['o2', 'a2']);
    expect(namesIn(await new Served(half, half, whole).ask(ALL))).toEqual(['o2', 'a2']);
  });

  it('somebody who changes it all the time keeps nobody waiting for ever', async () => {
    let looks = 0;
    const server = new AccountServer({
      operator: 'O',
      look: () => ({ tree: memoryTree({ ...store, operator: operator({ name: `O${looks++}` }) }), now: NOW }),
    });
    const request = { method: 'GET', path: ALL, query: new URLSearchParams(), headers: {}, body: '' };
    expect(namesIn(await server.answer(request))).toEqual(['o1', 'a1', 'a2', 'a4', 'b1']);
    expect(looks).toBeLessThan(30);
  });

  it('a hundred who ask at once have it made once', async () => {
    const served = new Served(store);
    const replies = await Promise.all(Array.from({ length: 100 }, () => served.ask(ALL)));
    expect(new Set(replies.map(({ body }) => body)).size).toBe(1);
    expect(served.read.filter((name) => name === 'A')).toHaveLength(1);
  });
});

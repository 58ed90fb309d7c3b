import { describe, expect, it } from 'vitest';
import { connectAs, openResolver } from '../../../src/app/distribution/open-resolver.js';
import { systemUsers } from '../../../src/app/distribution/system-user.js';
import type { Reach } from '../../../src/app/reach.js';
import type { Resolver, ResolverTarget } from '../../../src/app/resolver.js';
import { command } from '../../../src/commands/push.js';
import { decodeKind } from '../../../src/domain/token/decode.js';
import { NscError } from '../../../src/errors.js';
import {
  account,
  NOW as ISSUED,
  type KeyName,
  nameOfKey,
  operator,
  pub,
  scope,
  under,
  user,
} from '../../domain/trust/hierarchy.js';
import { caught } from '../../support/caught.js';
import { FakeAccountServer, FakeCluster } from '../../support/fake-resolver.js';
import { FakeWorld, type Given, NOW } from '../../support/fake-world.js';

const URL_ = 'nats://127.0.0.1:4222';
const O = operator({ nats: { system_account: pub('a3'), account_server_url: URL_ } });
const strict = operator({ nats: { ...O.claims.nats, signing_keys: [pub('o2')], strict_signing_key_usage: true } });
const SYS = account('SYS', 'a3', { nats: { signing_keys: [scope('a4', 'reader'), pub('a2')] } });
const A = account('A', 'a1');
const content = { operator: O, accounts: [A, SYS] };

const worldOf = async (given: Given) => (await new FakeWorld(given).prepare(command, '')).context;
const reach: Reach = { timeoutMs: 1000, tls: {} };

/** Who is tried first. */
function getSystemUser(...args: Parameters<typeof systemUsers>) {
  const [first] = systemUsers(...args);
  if (first) return first;
  throw new Error('nobody');
}

/** Who signed the user that is made. */
async function signerOf(stored: readonly KeyName[], of = O, named?: string): Promise<string> {
  const context = await worldOf({ operators: [{ ...content, operator: of }], stored });
  const found = getSystemUser(context, { systemAccount: named }, 'changes');
  return nameOfKey(decodeKind(found.identity(NOW).token, 'user').claims.iss ?? '');
}

describe('a temporary user', () => {
  it('is signed by the account, else by a signing key without a role that is at hand (S-16)', async () => {
    expect(await signerOf(['a2', 'a3', 'a4'])).toBe('a3');
    expect(await signerOf(['a2', 'a4'])).toBe('a2');
    expect(await signerOf(['a2', 'a3', 'a4'], strict)).toBe('a2');
    expect(await signerOf(['a1', 'a3'], O, 'A')).toBe('a1');
    await expect(signerOf(['a4'])).rejects.toMatchObject({ code: 'no-signer' });
  });

  it('names the account it belongs to, whatever the system account of the operator is (S-15)', async () => {
    const context = await worldOf({ operators: [content], stored: ['a2'] });
    const claims = decodeKind(getSystemUser(context, {}, 'reads').identity(NOW).token, 'user').claims;
    expect(claims).toMatchObject({
      iss: pub('a2'),
      iat: NOW,
      exp: NOW + 600,
      nats: { issuer_account: pub('a3'), sub: { allow: ['_INBOX.>'] } },
    });
    const reads = claims.nats.pub?.allow ?? [];
    expect(reads).not.toContain('$SYS.REQ.ACCOUNT.*.CLAIMS.UPDATE');
    const own = getSystemUser(await worldOf({ operators: [content], stored: ['a3'] }), {}, 'changes').identity(NOW);
    const { nats } = decodeKind(own.token, 'user').claims;
    expect(nats).not.toHaveProperty('issuer_account');
    expect(nats.pub?.allow).toEqual([...reads, '$SYS.REQ.ACCOUNT.*.CLAIMS.UPDATE', '$SYS.REQ.CLAIMS.DELETE']);
  });

  it('is another one at every connect, dated then (S-2)', async () => {
    const context = await worldOf({ operators: [content], stored: ['a3'] });
    const found = getSystemUser(context, {}, 'changes');
    const [first, second] = [found.identity(NOW), found.identity(NOW + 700)];
    expect(first.pair.publicKey).not.toBe(second.pair.publicKey);
    expect(decodeKind(second.token, 'user').claims.exp).toBe(NOW + 1300);
  });
});

describe('without a key that signs', () => {
  const users = [
    user('SYS/a', 'u1', { by: 'a3', exp: ISSUED + 1 }),
    user('SYS/b', 'u2', { by: 'ax' }),
    user('SYS/c', 'u3', { by: 'a2', nats: under('a3') }),
  ];
  const given: Given = { operators: [{ ...content, users }], stored: ['u1', 'u2', 'u3'] };

  it('the first stored user is taken that servers let in and whose seed is at hand (S-17)', async () => {
    const found = getSystemUser(await worldOf(given), {}, 'changes');
    expect(found.what).toBe('user "c" of account "SYS"');
    expect(found.identity(NOW)).toMatchObject({ token: users[2]?.token, pair: { publicKey: pub('u3') } });
  });

  it('one whose seed is not at hand is passed over', async () => {
    const valid = [user('SYS/a', 'u1', { by: 'a3' }), user('SYS/b', 'u2', { by: 'a3' })];
    const context = await worldOf({ operators: [{ ...content, users: valid }], stored: ['u2'] });
    expect(getSystemUser(context, {}, 'changes').what).toBe('user "b" of account "SYS"');
  });

  it('a revoked one is passed over (S-17)', async () => {
    const revoking = account('SYS', 'a3', { nats: { signing_keys: [pub('a2')], revocations: { [pub('u3')]: NOW } } });
    const context = await worldOf({ ...given, operators: [{ ...content, accounts: [A, revoking], users }] });
    expect([...systemUsers(context, {}, 'changes')].map(({ what }) => what)).toEqual(['user "b" of account "SYS"']);
    expect(getSystemUser(context, { systemUser: 'c' }, 'changes').refusal).toMatchObject({ code: 'broken-chain' });
  });

  it('one whose signing key is gone here is tried last: servers may know it still (S-17)', async () => {
    const context = await worldOf(given);
    expect([...systemUsers(context, {}, 'changes')].map(({ what, refusal }) => [what, refusal?.code])).toEqual([
      ['user "c" of account "SYS"', undefined],
      ['user "b" of account "SYS"', 'broken-chain'],
    ]);
  });

  it('one that is named is tried, and its seed has to be there', async () => {
    const context = await worldOf({ ...given, stored: ['u1', 'u2'], unreadable: [] });
    const named = (systemUser: string) => getSystemUser(context, { systemUser }, 'changes');
    expect(named('a').refusal).toMatchObject({ code: 'broken-chain', details: { refusal: 'expired' } });
    expect(named('b').refusal).toMatchObject({ code: 'broken-chain', details: { refusal: 'untrusted-issuer' } });
    expect(caught(() => named('c'))).toMatchObject({ code: 'key-not-found' });
    expect(caught(() => named('d'))).toMatchObject({ code: 'user-not-found' });
  });

  it('one that cannot be read is passed over', async () => {
    const context = await worldOf({ ...given, unreadable: ['SYS/a'] });
    expect(getSystemUser(context, {}, 'changes').what).toContain('"c"');
  });
});

it('the system account has to be named and known (S-15)', async () => {
  const none = await worldOf({ operators: [{ ...content, operator: operator() }] });
  expect(caught(() => getSystemUser(none, {}, 'changes'))).toMatchObject({ code: 'missing-option' });
  const away = await worldOf({ operators: [{ operator: O, accounts: [A] }] });
  expect(caught(() => getSystemUser(away, {}, 'changes'))).toMatchObject({ code: 'account-not-found' });
  expect(caught(() => getSystemUser(none, { systemAccount: 'NOPE' }, 'changes'))).toMatchObject({
    code: 'account-not-found',
  });
});

it('only the accounts of the operator are read, and a broken one of them does not matter (S-4)', async () => {
  const other = { operator: operator({ name: 'P' }), accounts: [account('P1', 'b1')] };
  const given: Given = {
    operators: [content, { ...other, operator: { ...other.operator, name: 'P' } }],
    unreadable: ['P1', 'A'],
  };
  expect(getSystemUser(await worldOf(given), {}, 'changes').account.name).toBe('SYS');
});

describe('who is not let in', () => {
  /** Servers that let in only whom a key signed. */
  class Picky extends FakeCluster {
    constructor(readonly issuer: KeyName) {
      super();
    }

    override async open(target: ResolverTarget): Promise<Resolver> {
      const { iss } = decodeKind(target.identity().token, 'user').claims;
      if (iss === pub(this.issuer)) return super.open(target);
      throw new NscError('remote-failed', `refused ${iss}`, { details: { servers: [{ isRefusal: true }] } });
    }
  }
  const users = [user('SYS/c', 'u3', { by: 'a3' })];
  const system = account('SYS', 'a3', { nats: { signing_keys: [pub('a4'), pub('a2')] } });
  const given: Given = { operators: [{ operator: O, accounts: [A, system], users }], stored: ['a2', 'a4', 'u3'] };
  const connect = async (resolvers: FakeCluster) =>
    connectAs(await worldOf({ ...given, resolvers }), reach, 'nsc_test');

  it('is followed by the next, as servers may not know a signing key yet (S-16, S-17)', async () => {
    expect((await connect(new Picky('a4'))).user?.what).toBe('a temporary user of account "SYS"');
    expect((await connect(new Picky('a2'))).user?.what).toBe('a temporary user of account "SYS"');
    expect((await connect(new Picky('a3'))).user?.what).toBe('user "c" of account "SYS"');
  });

  it('is told of the first that was tried when nobody is let in', async () => {
    const context = await worldOf({ ...given, stored: ['a2', 'a4'] });
    expect([...systemUsers(context, reach, 'reads')]).toHaveLength(2);
    expect([...systemUsers(await worldOf({ ...given, stored: ['u3'] }), reach, 'reads')]).toHaveLength(1);
    await expect(connect(new Picky('a1'))).rejects.toThrow(`refused ${pub('a4')}`);
    const bad = {
      ...given,
      operators: [{ operator: O, accounts: [A, system], users: [user('SYS/c', 'u3', { by: 'ax' })] }],
    };
    const world = await worldOf({ ...bad, stored: ['u3'], resolvers: new Picky('a1') });
    await expect(connectAs(world, { ...reach, systemUser: 'c' }, 'nsc_test')).rejects.toMatchObject({
      code: 'broken-chain',
      message: expect.stringContaining('servers do not let this user in'),
    });
  });

  it('is not asked for where servers cannot be reached', async () => {
    const away = new FakeCluster([{ name: 'S1', down: 'connection refused' }]);
    await expect(connect(away)).rejects.toThrow('connection refused');
    expect(away.targets).toHaveLength(1);
  });
});

describe('what keeps the accounts', () => {
  it('is asked as that user, at every connect', async () => {
    const resolvers = new FakeCluster();
    const context = await worldOf({ operators: [content], resolvers });
    const { user: found } = await connectAs(context, reach, 'nsc_test');
    expect(found?.what).toBe('a temporary user of account "SYS"');
    expect(resolvers.targets).toMatchObject([{ url: URL_, clientName: 'nsc_test', timeoutMs: 1000 }]);
    const again = resolvers.targets[0]?.identity();
    expect(again?.token).not.toBe(resolvers.identities[0]?.token);
  });

  it('may be named wrong, which is said where nobody can be reached', async () => {
    const error = new NscError('remote-failed', 'connection refused');
    const resolvers = { open: () => Promise.reject(error) };
    const context = await worldOf({ operators: [content], resolvers });
    const refusal = await openResolver(context, { ...reach, url: 'https://host' }, 'nsc_test').catch(
      (thrown) => thrown,
    );
    expect(refusal).toMatchObject({ code: 'remote-failed', hint: expect.stringContaining('--account-jwt-server-url') });
  });

  it('is an account server where the URL says so, which nobody is needed for', async () => {
    const resolvers = new FakeAccountServer();
    const context = await worldOf({ operators: [content], resolvers, stored: [] });
    const resolver = await openResolver(context, { ...reach, url: 'https://host/jwt/v1' }, 'nsc_test');
    expect(resolver.kind).toBe('http');
    expect(() => resolvers.targets[0]?.identity()).toThrow();
  });
});

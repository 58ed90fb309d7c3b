import { describe, expect, it } from 'vitest';
import { checkServers } from '../../../src/app/lifecycle/check-servers.js';
import type { ConnectedClient, Resolvers } from '../../../src/app/resolver.js';
import { command } from '../../../src/commands/rotate/status.js';
import { decodeKind } from '../../../src/domain/token/decode.js';
import { NscError } from '../../../src/errors.js';
import { OPERATOR, READER, record, ring, SIGNING, USER } from '../../commands/keys/rings.js';
import { activation, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, type KeyName, operator, pub, scope } from '../../domain/trust/hierarchy.js';
import { FakeAccountServer, FakeCluster, type FakeServer } from '../../support/fake-resolver.js';
import { FakeWorld } from '../../support/fake-world.js';
import { NOW } from '../../support/plan.js';

/** What each side has after the second step of a rotation: `…2` is the old key, `…3` the new one. */
const O = operator({ nats: { signing_keys: [pub('o3'), pub('o2')], system_account: pub('a4') } });
const exporting = { exports: [stream('news', { token_req: true })] };
const A = account('A', 'a1', { by: 'o3', nats: { ...exporting, signing_keys: [pub('a3'), pub('a2')] } });
const imports = (by: KeyName, more = {}) => [
  { ...streamFrom('a1', 'news'), token: activation('news', { by, issuer_account: pub('a1'), ...more }) },
];
const B = account('B', 'b1', { by: 'o3', nats: { imports: imports('a3') } });
const SYS = account('SYS', 'a4', { by: 'o3' });

const replaced = (old: KeyName, by: KeyName, slot: Parameters<typeof record>[1]) => [
  record(old, slot, 'retiring', { replacedBy: pub(by) }),
  record(by, slot, 'active'),
];
const keyring = ring(
  ...replaced('o2', 'o3', OPERATOR),
  ...replaced('a2', 'a3', SIGNING),
  record('u2', USER, 'retiring', { replacedBy: pub('u1') }),
);

async function ask(resolvers: Resolvers, ...keys: readonly KeyName[]): Promise<string[]> {
  const operators = [{ operator: O, accounts: [A, B, SYS], keyring }];
  const world = new FakeWorld({ operators, resolvers });
  const { context } = await world.prepare(command, '');
  const reach = { url: 'nats://h:4222', tls: {} };
  return (await checkServers(context, { keys: keys.map(pub), reach })).map(({ text }) => world.aliases.name(text));
}

const S1 = (more: Partial<FakeServer> = {}): FakeServer => ({
  name: 'S1',
  holds: [A.token, B.token, SYS.token],
  trusts: [O.token],
  ...more,
});
const cluster = (...servers: readonly FakeServer[]) => new FakeCluster(servers);
const client = (user: string, ...keys: readonly KeyName[]): ConnectedClient => ({ keys: keys.map(pub), user });

describe('what servers still need of a key', () => {
  it.each<[what: string, keys: readonly KeyName[]]>([
    ['a key of the operator', ['o2']],
    ['a key of an account', ['a2']],
    ['a key of a user', ['u2']],
    ['several', ['o2', 'a2']],
  ])('nothing once they have everything: %s', async (_what, keys) => {
    expect(await ask(cluster(S1(), S1({ name: 'S2' })), ...keys)).toEqual([]);
  });

  const old = account('A', 'a1', { by: 'o2', nats: { ...exporting, signing_keys: [pub('a2')] } });
  const stale = account('B', 'b1', { by: 'o3', nats: { imports: imports('a2') } });
  const clients = { [pub('a1')]: [{ ...client('alice', 'u1', 'a2'), name: 'worker' }, client('bob', 'u2', 'a3')] };

  it.each<[what: string, server: FakeServer, key: KeyName, reasons: readonly string[]]>([
    ['an account that it signed', S1({ holds: [old.token, B.token] }), 'o2', ['S1: account "A" is signed by o2']],
    [
      'an account that does not list the new one',
      S1({ holds: [old.token, B.token] }),
      'a2',
      ['S1: account "A" does not list a3 yet'],
    ],
    [
      'an account that imports by it',
      S1({ holds: [A.token, stale.token] }),
      'a2',
      ['S1: account "B" imports "news" from account "A" with an activation that a2 signed'],
    ],
    [
      'an account that this store does not have',
      S1({ holds: [account('X', 'ax', { by: 'o2' }).token] }),
      'o2',
      ['S1: account "ax" is signed by o2'],
    ],
    [
      'an operator that does not know the new one',
      S1({ trusts: [operator({ nats: { signing_keys: [pub('o2')] } }).token] }),
      'o2',
      ['S1: its operator JWT does not have o3 yet'],
    ],
    ['an operator that cannot be read', S1({ trusts: ['junk'] }), 'o2', ['S1: its operator JWT does not have o3 yet']],
    [
      'a client whose JWT it signed',
      S1({ clients }),
      'a2',
      ['S1: user "alice" (client "worker") of account "A" is connected through a2'],
    ],
    [
      'a client that connected as the user',
      S1({ clients }),
      'u2',
      ['S1: user "bob" of account "A" is connected through u2'],
    ],
    ['a silent server', S1({ ignores: ['list'] }), 'a2', ['S1: it did not say which accounts it has']],
    ['one that does not tell its operator', S1({ trusts: 'no' }), 'o2', ['S1: no']],
    ['one that does not tell its clients', S1({ clients: 'no' }), 'a2', ['S1: clients of account "A": no']],
  ])('%s', async (_what, server, key, reasons) => {
    expect(await ask(cluster(server), key)).toEqual(reasons);
  });

  it.each<[what: string, server: FakeServer, key: KeyName]>([
    ['an account that has expired', S1({ holds: [account('A', 'a1', { by: 'o2', exp: NOW - 1 }).token] }), 'o2'],
    [
      'an activation that has expired',
      S1({ holds: [account('B', 'b1', { by: 'o3', nats: { imports: imports('a2', { exp: NOW - 1 }) } }).token] }),
      'a2',
    ],
    ['users of a key that is another one', S1({ clients: { [pub('a1')]: [client('x', 'u3', 'a3')] } }), 'a2'],
    ['accounts, for a key of a user', S1({ holds: [old.token, stale.token] }), 'u2'],
    ['operators, for a key of an account', S1({ trusts: 'no' }), 'a2'],
  ])('not %s', async (_what, server, key) => {
    expect(await ask(cluster(server), key)).toEqual([]);
  });

  it('names each server, and those that are absent', async () => {
    const reasons = await ask(
      cluster(S1({ holds: [old.token] }), S1({ name: 'S2' }), S1({ name: 'S3', down: 'gone' })),
      'a2',
    );
    expect(reasons).toEqual(['S3: gone', 'S1: account "A" does not list a3 yet']);
  });

  it('tells of many a bounded number', async () => {
    const many = Array.from({ length: 70 }, (_, at) => client(`u${at}`, 'u1', 'a2'));
    const reasons = await ask(cluster(S1({ clients: { [pub('a1')]: many } })), 'a2');
    expect([reasons.length, reasons.at(-1)]).toEqual([51, 'and 20 more']);
  });

  it('makes what servers say harmless', async () => {
    const nasty = { [pub('a1')]: [{ keys: [pub('a2')], user: 'a\u001b[31m', name: 'b\nc' }] };
    expect(await ask(cluster(S1({ name: 'S\u0007', clients: nasty })), 'a2')).toEqual([
      'S\\u{7}: user "a\\u{1b}[31m" (client "b\\nc") of account "A" is connected through a2',
    ]);
  });

  it('asks an account server for the accounts of the store, and nothing else', async () => {
    const server = new FakeAccountServer({ holds: [old.token, B.token] });
    const http = (...keys: readonly KeyName[]) =>
      ask({ open: (target) => server.open({ ...target, url: 'http://h' }) }, ...keys);
    expect(await http('o2')).toEqual(['account server: account "A" is signed by o2']);
    expect(await http('u2')).toEqual([]);
    expect(server.requests.filter((request) => request.startsWith('copies'))).toHaveLength(3);
  });

  it('looks for a key of a role as well', async () => {
    const list = [scope('a2', 'reader')];
    const behind = account('A', 'a1', { by: 'o3', nats: { signing_keys: list } });
    const world = new FakeWorld({
      operators: [{ operator: O, accounts: [A, SYS], keyring: ring(...replaced('a2', 'a3', READER)) }],
      resolvers: cluster(S1({ holds: [behind.token] })),
    });
    const { context } = await world.prepare(command, '');
    const reasons = await checkServers(context, { keys: [pub('a2')], reach: { url: 'nats://h', tls: {} } });
    expect(reasons.map(({ text }) => world.aliases.name(text))).toEqual(['S1: account "A" does not list a3 yet']);
  });

  it('connects as somebody who may look and change nothing', async () => {
    const servers = cluster(S1());
    await ask(servers, 'a2');
    const { pub: { allow = [] } = {} } = decodeKind(servers.identities[0]?.token ?? '', 'user').claims.nats;
    expect(allow).toContain('$SYS.REQ.SERVER.PING.CONNZ');
    expect(allow.filter((subject) => /UPDATE|DELETE/.test(subject))).toEqual([]);
  });

  it('fails when nobody can be reached, and closes the connection in any case', async () => {
    await expect(ask(cluster(S1({ down: 'refused' })), 'a2')).rejects.toThrow(NscError);
    const servers = new FakeCluster([S1()], { breaksAfter: 1 });
    await ask(servers, 'a2').catch(() => undefined);
    expect(servers.requests.at(-1)).toBe('close');
  });
});

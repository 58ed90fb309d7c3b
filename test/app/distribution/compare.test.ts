import { expect, it } from 'vitest';
import { compareAccounts } from '../../../src/app/distribution/compare.js';
import type { Copy, Holding, Resolver } from '../../../src/app/resolver.js';
import type { Synced } from '../../../src/app/result.js';
import type { AccountClaims } from '../../../src/domain/claims/types.js';
import { issue } from '../../../src/domain/token/issue.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { NscError } from '../../../src/errors.js';
import { account, NOW as ISSUED, KEYS, operator, pub } from '../../domain/trust/hierarchy.js';
import { Aliases } from '../../support/aliases.js';
import { FakeAccountServer, FakeCluster, type FakeServer } from '../../support/fake-resolver.js';

const A = account('A', 'a1', { nats: { tags: ['ours'] } });
const B = account('B', 'a2');
const tree = memoryTree({ operator: operator(), accounts: [A, B] });

const target = {
  url: 'nats://h:4222',
  clientName: 'test',
  identity: () => ({ token: '', pair: undefined as never }),
  timeoutMs: 1000,
};

const compare = (resolver: Resolver, accounts?: string[]) =>
  compareAccounts({ tree, resolver, accounts, talk: { progress: () => {} }, now: ISSUED + 60 });

/** Every account as `name state: message`, its answers below it. */
function show({ accounts }: Synced): string[] {
  const { name } = new Aliases();
  return accounts
    .flatMap(({ level, state, message, answers }) => [
      `${level} ${state}: ${message}`,
      ...answers
        .filter((answer) => answer.state !== 'same')
        .flatMap(({ server = '?', level, state, message, differences = [] }) => [
          `  ${server} ${level} ${state}: ${message}`,
          ...differences.map(({ path, before, after }) => `    ${path} ${before} > ${after}`),
        ]),
    ])
    .map(name);
}

const withServers = async (
  ...servers: FakeServer[]
): Promise<{ synced: Synced; shown: string[]; cluster: FakeCluster }> => {
  const cluster = new FakeCluster(servers);
  const synced = await compare(await cluster.open(target));
  return { synced, shown: show(synced), cluster };
};

const version = (at: number, changes: Partial<AccountClaims> = {}): string => {
  const { claims } = account('A', 'a1', { nats: { tags: ['theirs'] } });
  return issue('account', { ...claims, ...changes }, KEYS.o1, { now: at }).token;
};

const tokens = (...entries: AccountEntry[]): string[] => entries.map(({ token }) => token);

it('what every server has as it is here is the same, at the price of a list and a look at each', async () => {
  const { synced, shown, cluster } = await withServers(
    { name: 'S1', holds: tokens(A, B) },
    { name: 'S2', holds: tokens(A, B) },
  );
  expect(shown).toEqual([
    'ok same: account "A" is the same on all 2 servers',
    'ok same: account "B" is the same on all 2 servers',
  ]);
  expect(synced).toMatchObject({
    title: 'compared with nats://h:4222',
    summary: '2 accounts on 2 servers: 2 the same',
    data: { counts: { same: 2 } },
  });
  expect(synced.failure).toBeUndefined();
  expect(cluster.requests).toEqual(['list', `copies ${pub('a1')}`, `copies ${pub('a2')}`]);
});

it('tells what servers lack, what only they have, and what differs, member by member (S-23, E-63)', async () => {
  const older = version(ISSUED - 60, { exp: ISSUED + 3600 });
  const newer = version(ISSUED + 60, { exp: ISSUED + 7200 });
  const extra = account('Extra', 'a3');
  const { synced, shown, cluster } = await withServers(
    { name: 'S1', holds: [older] },
    { name: 'S2', holds: [newer, ...tokens(extra)] },
    { name: 'S3', holds: tokens(extra) },
  );
  expect(shown).toEqual([
    'warn differs: account "A" differs on 2 of 3 servers',
    '  S1 warn older: has an older version, issued 2023-11-14 22:12:20 UTC, and ours 2023-11-14 22:13:20 UTC',
    '    nats.tags[ours] ours > undefined',
    '    nats.tags[theirs] undefined > theirs',
    '    exp undefined > 1700003600',
    '  S2 warn newer: has a newer version, issued 2023-11-14 22:14:20 UTC, and ours 2023-11-14 22:13:20 UTC',
    '    nats.tags[ours] ours > undefined',
    '    nats.tags[theirs] undefined > theirs',
    '    exp undefined > 1700007200',
    '  S3 warn missing: does not list it',
    'warn missing: account "B" is missing on all 3 servers',
    '  S1 warn missing: does not list it',
    '  S2 warn missing: does not list it',
    '  S3 warn missing: does not list it',
    'warn extra: account a3 ("Extra") is not here, but on all 2 servers',
    '  S2 warn extra: has it, issued 2023-11-14 22:13:20 UTC',
    '  S3 warn extra: has it, issued 2023-11-14 22:13:20 UTC',
  ]);
  expect(synced.summary).toBe('3 accounts on 3 servers: 1 differs, 1 missing, 1 only on servers');
  // nobody was asked for what nobody has
  expect(cluster.requests).toEqual(['list', `copies ${pub('a1')}`, `copies ${pub('a3')}`]);
});

it('servers that are away or say nothing make it a part', async () => {
  const { synced } = await withServers(
    { name: 'S1', holds: tokens(A, B) },
    { name: 'S2', down: 'refused' },
    { name: 'S3', ignores: ['list'] },
  );
  expect(synced.servers.map(({ name, state, message }) => [name, state, message])).toEqual([
    ['S1', 'answered', undefined],
    ['S3', 'silent', 'it did not say which accounts it holds'],
    ['S2', 'absent', 'refused'],
  ]);
  expect(synced.failure).toMatchObject({
    code: 'remote-partial',
    message: 'not everything was compared: "S3", "S2" took no part',
  });
});

it('a server that has an account and does not show it is named', async () => {
  const { synced, shown } = await withServers(
    { name: 'S1', holds: tokens(A, B) },
    { name: 'S2', holds: tokens(A, B), ignores: ['copies'] },
  );
  expect(shown.slice(0, 2)).toEqual([
    'warn silent: account "A" was not shown on 1 of 2 servers',
    '  S2 warn silent: has the account, and did not show its copy',
  ]);
  expect(synced.failure?.code).toBe('remote-partial');
});

it('what has expired is asked for although no server lists it', async () => {
  const old = { ...A, token: version(ISSUED, { exp: ISSUED + 1 }), claims: { ...A.claims, exp: ISSUED + 1 } };
  const resolver = anonymous({ S1: false, S2: false }, [{ token: old.token }, { token: old.token }]);
  const synced = await compareAccounts({
    tree: memoryTree({ operator: operator(), accounts: [old, B] }),
    resolver,
    talk: { progress: () => {} },
    now: ISSUED + 60,
  });
  expect(show(synced)).toEqual([
    'ok same: account "A" is the same on all 2 servers',
    'warn missing: account "B" is missing on all 2 servers',
    '  S1 warn missing: does not list it',
    '  S2 warn missing: does not list it',
  ]);
});

it('a cache lacks nothing, and what it alone has in use is told', async () => {
  const { shown } = await withServers(
    { name: 'S1', holds: tokens(A, B) },
    { name: 'C', keeps: 'some', holds: tokens(account('Extra', 'a3')) },
  );
  expect(shown).toEqual([
    'ok same: account "A" is the same on the server',
    'ok same: account "B" is the same on the server',
    'warn extra: account a3 is not here, but on the server',
    '  C warn extra: has it in use',
  ]);
});

it('copies that the operator did not sign are errors, whoever sent them (S-46)', async () => {
  const { synced, shown } = await withServers({
    name: 'S1',
    holds: tokens(account('A', 'a1', { by: 'ox' }), account('B', 'a2', { by: 'a2' }), account('X', 'ax', { by: 'ox' })),
  });
  expect(shown).toEqual([
    'error untrusted: account "A" is not to be trusted on the server',
    '  S1 error untrusted: has a copy that is not to be trusted: account "A" is signed by ox, which operator "O" does not list',
    'error untrusted: account "B" is not to be trusted on the server',
    '  S1 error untrusted: has a copy that is not to be trusted: it is signed by its own key, not by operator "O"',
    'error untrusted: account ax ("X") is not to be trusted on the server',
    '  S1 error untrusted: has a copy that is not to be trusted: account "X" is signed by ox, which operator "O" does not list',
  ]);
  expect(synced.failure).toMatchObject({ code: 'untrusted-answer' });
});

/** Servers that do not say who they are. */
const anonymous = (holders: Readonly<Record<string, boolean>>, copies: readonly Copy[]): Resolver =>
  ({
    kind: 'nats',
    url: 'nats://h:4222',
    servers: Object.keys(holders).map((name) => ({ name })),
    absent: [],
    maxRequest: undefined,
    list: async (): Promise<Holding[]> =>
      Object.entries(holders).map(([server, has]) => ({
        server,
        keeps: 'all',
        accounts: new Set(has ? [pub('a1')] : []),
      })),
    copies: async () => copies,
  }) as Partial<Resolver> as Resolver;

it('no more is claimed than is known', async () => {
  const other = version(ISSUED);
  const all = { S1: true, S2: true, S3: false };
  const of = async (...copies: Copy[]) => show(await compare(anonymous(all, copies), [pub('a1')]));
  expect(await of({ token: A.token }, { token: other })).toEqual([
    'warn differs: account "A" differs on 1 of 3 servers',
    '  ? warn other: one of "S1", "S2": has another version, issued 2023-11-14 22:13:20 UTC',
    '    nats.tags[ours] ours > undefined',
    '    nats.tags[theirs] undefined > theirs',
    '  S3 warn missing: does not list it',
  ]);
  expect(await of({ token: A.token })).toEqual([
    'warn missing: account "A" is missing on 1 of 3 servers',
    '  ? warn silent: one of "S1", "S2": has the account, and did not show its copy',
    '  S3 warn missing: does not list it',
  ]);
  expect((await of({ token: other }, { token: other }))[1]).toMatch(/^ {2}S1 warn other/);
  expect(await of({ token: A.token }, { server: 'S1', token: other })).toContain(
    '  S1 warn other: has another version, issued 2023-11-14 22:13:20 UTC',
  );
});

it('an account server is asked for every account that is here', async () => {
  const server = new FakeAccountServer({ holds: tokens(A) });
  const synced = await compare(await server.open(target));
  expect(show(synced)).toEqual([
    'ok same: account "A" is the same on the server',
    'warn missing: account "B" is missing on the server',
    '  account server warn missing: does not list it',
  ]);
  expect(synced.failure).toBeUndefined();
});

it('an account server that fails for one account fails for that one; for all, altogether', async () => {
  const server = new FakeAccountServer({ holds: tokens(A) });
  const resolver = await server.open(target);
  const failing = (isBad: (key: string) => boolean): Resolver => ({
    ...resolver,
    copies: async (key) => {
      if (isBad(key)) throw new NscError('remote-failed', 'status 500');
      return resolver.copies(key);
    },
  });
  const synced = await compare(failing((key) => key === pub('a2')));
  expect(show(synced).slice(1)).toEqual([
    'error failed: account "B" could not be compared',
    '  ? error failed: status 500',
  ]);
  expect(synced.failure?.code).toBe('remote-partial');
  await expect(compare(failing(() => true))).rejects.toMatchObject({ code: 'remote-failed', message: 'status 500' });
});

it('a connection that ends is the end of it', async () => {
  const cluster = new FakeCluster([{ name: 'S1', holds: tokens(A, B) }], { breaksAfter: 1 });
  await expect(compare(await cluster.open(target))).rejects.toMatchObject({ code: 'remote-failed' });
});

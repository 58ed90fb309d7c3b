import { expect, it } from 'vitest';
import type { Task } from '../../src/app/command.js';
import type { OptionSet } from '../../src/app/option.js';
import type { Synced } from '../../src/app/result.js';
import { command } from '../../src/commands/diff.js';
import type { NscError } from '../../src/errors.js';
import { account, operator, pub, user } from '../domain/trust/hierarchy.js';
import { Aliases } from '../support/aliases.js';
import { FakeAccountServer, FakeCluster, type FakeServer } from '../support/fake-resolver.js';
import { FakeWorld, type Given } from '../support/fake-world.js';
import { Session } from '../support/session.js';

const O = operator({ nats: { system_account: pub('a3'), account_server_url: 'nats://h:4222' } });
const A = account('A', 'a1');
const B = account('B', 'a2');
const SYS = account('SYS', 'a3');
const users = [user('SYS/sys', 'u1', { by: 'a3' })];
const given: Given = { operators: [{ operator: O, accounts: [A, B, SYS], users }] };
const all = [A.token, B.token, SYS.token];
const drifted = account('A', 'a1', { nats: { tags: ['theirs'] } }).token;

/** What a diff against servers says: the state of each account, and how it ends. */
async function diff(
  line: string,
  ...servers: FakeServer[]
): Promise<{ states: string[]; failure?: NscError; cluster: FakeCluster }> {
  const cluster = new FakeCluster(servers);
  const world = new FakeWorld({ ...given, resolvers: cluster });
  const { context, input } = await world.prepare(command, line);
  const { accounts, failure } = (await (command as unknown as Task<OptionSet>).run(context, input)) as Synced;
  const { name } = new Aliases();
  return {
    states: accounts.map((one) => name(`${one.name ?? one.key} ${one.state}`)),
    ...(failure && { failure }),
    cluster,
  };
}

it('compares all accounts with every server', async () => {
  const { states, failure, cluster } = await diff(
    '',
    { name: 'S1', holds: all },
    { name: 'S2', holds: [drifted, SYS.token] },
  );
  expect(states).toEqual(['A differs', 'B missing', 'SYS same']);
  expect(failure).toBeUndefined();
  expect(cluster.requests[0]).toBe('list');
  expect(cluster.targets).toMatchObject([{ url: 'nats://h:4222', clientName: 'nsc_diff', timeoutMs: 1000 }]);
});

it('or one, by name or public key', async () => {
  const server: FakeServer = { name: 'S1', holds: [...all, account('X', 'a4').token] };
  expect((await diff('--account A', server)).states).toEqual(['A same']);
  expect((await diff('-a $a2', server)).states).toEqual(['B same']);
  expect((await diff('-a $a4', server)).states).toEqual(['a4 extra']);
  await expect(diff('-a Z', server)).rejects.toMatchObject({ code: 'account-not-found' });
});

it.each<[who: string, server: FakeServer]>([
  ['is silent', { name: 'S1', holds: all, ignores: ['list'] }],
  ['has no list', { name: 'S1', keeps: 'none' }],
])('fails when every server %s, which does not mean that accounts are missing (S-10)', async (_who, server) => {
  await expect(diff('', server)).rejects.toMatchObject({
    code: 'remote-failed',
    message: 'no server told which accounts it has, so nothing was compared',
  });
});

/** For CI: 0 the same, 1 different, 7 not known (S-23). */
it.each<[what: string, line: string, servers: FakeServer[], exit: number]>([
  ['nothing differs', '--exit-code', [{ name: 'S1', holds: all }], 0],
  ['something differs', '-A --exit-code', [{ name: 'S1', holds: [drifted] }], 1],
  ['something differs, and nobody asks', '-A', [{ name: 'S1', holds: [drifted] }], 0],
  ['only servers have something', '--exit-code', [{ name: 'S1', holds: [...all, account('X', 'a4').token] }], 1],
  [
    'a server is away',
    '',
    [
      { name: 'S1', holds: all },
      { name: 'S2', down: 'refused' },
    ],
    7,
  ],
  ['a server is away, and something differs', '--exit-code', [{ name: 'S1' }, { name: 'S2', down: 'refused' }], 7],
  ['the named account is nowhere', `--account ${pub('b1')} --exit-code`, [{ name: 'S1', holds: all }], 1],
  ['somebody else signed a copy', '', [{ name: 'S1', holds: [account('A', 'a1', { by: 'ox' }).token] }], 7],
])('exits as it should: %s', async (_what, line, servers, exit) => {
  expect((await diff(line, ...servers)).failure?.exitCode ?? 0).toBe(exit);
});

it('says of an account that is neither here nor there that it is missing', async () => {
  expect((await diff(`--account ${pub('b1')}`, { name: 'S1', holds: all })).states).toEqual(['b1 missing']);
});

it('fails when an account cannot be read here', async () => {
  const cluster = new FakeCluster([{ name: 'S1', holds: all }]);
  const world = new FakeWorld({ ...given, unreadable: ['B'], resolvers: cluster });
  const { context, input } = await world.prepare(command, '');
  const { accounts, failure } = (await (command as unknown as Task<OptionSet>).run(context, input)) as Synced;
  expect(accounts.map(({ state }) => state)).toEqual(['same', 'same', 'extra', 'unreadable']);
  expect(failure).toMatchObject({ code: 'store-corrupt', message: 'cannot read account "B"' });
});

it('asks an account server elsewhere, as the options say', async () => {
  const server = new FakeAccountServer({ holds: all });
  const world = new FakeWorld({ ...given, resolvers: server });
  const { context, input } = await world.prepare(command, '-u http://h/jwt/v1 --timeout 9');
  const result = await (command as unknown as Task<OptionSet>).run(context, input);
  expect(result).toMatchObject({ title: 'compared with http://h/jwt/v1', data: { counts: { same: 3 } } });
  expect(server.targets).toMatchObject([{ url: 'http://h/jwt/v1', timeoutMs: 9000 }]);
});

it('shows differences to people and to scripts, and changes nothing', async () => {
  const cluster = new FakeCluster([{ name: 'S1' }]);
  const session = new Session({ resolvers: cluster });
  for (const line of [
    'add operator O --sys',
    'add account A',
    'edit operator --account-jwt-server-url nats://h:4222',
  ]) {
    await session.ok(line);
  }
  const text = await session.run('diff --exit-code');
  expect(text.exit).toBe(1);
  expect(text.stdout).toMatch(/^compared with nats:\/\/h:4222\n\[WARN\] account "A" is missing on the server\n/);
  expect(text.stderr).toContain('the store and the servers differ: "A", "SYS"');
  const json = JSON.parse((await session.run('diff --json')).stdout);
  expect(json).toMatchObject({ ok: true, kind: 'synced', action: 'diff', counts: { missing: 2 } });
});

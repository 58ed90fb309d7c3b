import { describe, expect, it } from 'vitest';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';

const MINUTE = 60_000;

/** Why the servers cannot do without the old key; none when they can. */
async function reasons({ session }: Hierarchy, target: string): Promise<string[]> {
  const { exit, stderr } = await session.run(`rotate finish ${target} --check-servers --dry-run --json`);
  if (exit === 0) return [];
  const line = stderr.split('\n').find((text) => text.startsWith('{"ok":false')) ?? '{}';
  return JSON.parse(line).error?.details?.reasons ?? [line];
}

describe.skipIf(skipsServer)('what servers still need of an old key', () => {
  it(
    'accounts they were not sent, and clients with old creds, on whichever server they are',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
      await hierarchy.addRole('A', 'worker');
      await hierarchy.nsc('add user --account A --name u -K worker');
      const cluster = await Cluster.start(hierarchy, ['full', 'full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      const target = '--account A --role worker';
      const oldCreds = await hierarchy.creds('u');
      const old = await Client.connect(cluster.server('S2'), oldCreds);

      await hierarchy.nsc(`rotate start ${target}`);
      await hierarchy.nsc(`rotate activate ${target}`);
      const unsent = await reasons(hierarchy, target);
      expect(unsent.filter((reason) => reason.includes('does not list'))).toHaveLength(2);
      expect(unsent.filter((reason) => reason.includes('is connected through'))).toEqual([
        expect.stringMatching(/^S2: user "u" of account "A" is connected through A/),
      ]);

      await hierarchy.nsc('push -A');
      expect(await reasons(hierarchy, target)).toEqual([
        expect.stringContaining('user "u" of account "A" is connected'),
      ]);

      await old.connection.close();
      await Client.connect(cluster.server('S1'), await hierarchy.creds('u'));
      await expect.poll(() => reasons(hierarchy, target), { timeout: 10_000 }).toEqual([]);

      await cluster.server('S2').kill();
      expect(await reasons(hierarchy, target)).not.toEqual([]);
    },
    MINUTE,
  );

  it(
    'the JWT of the operator: a reload does not bring a new one, a restart does',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'edit operator --sk generate', 'add account A');
      const cluster = await Cluster.start(hierarchy, ['full']);
      const server = cluster.server('S1');
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      await hierarchy.nsc('rotate start --operator');
      const early = await hierarchy.session.run('rotate activate --operator --push');
      expect([early.exit, early.stderr]).toEqual([
        4,
        expect.stringMatching(/S1: its operator JWT does not have O[A-Z2-7]+ yet[\s\S]*restart them/),
      ]);
      await hierarchy.nsc('rotate activate --operator');
      const before = await reasons(hierarchy, '--operator');
      expect(before[0]).toMatch(/^S1: its operator JWT does not have O[A-Z2-7]+ yet$/);
      expect(before.slice(1).every((reason) => reason.includes('is signed by O'))).toBe(true);

      const config = await hierarchy.config('--nats-resolver');
      const reloading = server.reload(config).catch((error: Error) => error);
      await server.waitFor(/config reload not supported for TrustedOperators/);
      await server.stop();
      expect(await reloading).toBeInstanceOf(Error);
      server.configure(config);
      await server.startAgain();
      await hierarchy.nsc('push -A');
      expect(await reasons(hierarchy, '--operator')).toEqual([]);
    },
    MINUTE,
  );

  it(
    "clients that connected by a user's old key",
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user --account A --name u');
      const cluster = await Cluster.start(hierarchy, ['full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      const target = '--account A --user u';
      const old = await Client.connect(cluster.server('S1'), await hierarchy.creds('u'));
      await hierarchy.nsc(`rotate start ${target}`);
      await hierarchy.nsc(`rotate activate ${target}`);
      expect(await reasons(hierarchy, target)).toEqual([
        expect.stringMatching(/^S1: user "u" of account "A" is connected through U/),
      ]);
      await old.connection.close();
      await Client.connect(cluster.server('S1'), await hierarchy.creds('u'));
      await expect.poll(() => reasons(hierarchy, target), { timeout: 10_000 }).toEqual([]);
    },
    MINUTE,
  );

  it(
    'rotate auto sends what it sent in vain, and lets no key sign that a server does not know',
    async () => {
      const hierarchy = await Hierarchy.make(
        'add operator O --sys',
        'add account A',
        'edit account A --sk generate',
        'add user --account A --name u',
      );
      const cluster = await Cluster.start(hierarchy, ['full', 'full']);
      const [s1, s2] = [cluster.server('S1'), cluster.server('S2')];
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      const { session } = hierarchy;
      const auto = async (line = '') => {
        session.now += 2;
        return session.run(`rotate auto --account A --push --interval 1m --retention 0 ${line} --json`);
      };
      const done = (stdout: string) => JSON.parse(stdout).slots[0].done;
      // the key is dated two minutes ago
      session.now -= 120;
      await hierarchy.nsc('rotate auto --account A');
      session.now += 120;

      await s2.stop();
      const announced = await auto();
      expect([announced.exit, done(announced.stdout)]).toEqual([7, 'start']);
      await s2.startAgain();
      await cluster.settle();
      // nothing is due, and yet it is sent
      const again = await auto();
      expect([again.exit, done(again.stdout)]).toEqual([0, null]);
      expect((await session.run('diff -A')).exit).toBe(0);

      await s2.stop();
      const waiting = await auto('--propagation 0');
      expect([waiting.exit, done(waiting.stdout)]).toEqual([7, null]);
      await s2.startAgain();
      await cluster.settle();
      const active = await auto('--propagation 0');
      expect([active.exit, done(active.stdout)]).toEqual([0, 'activate']);
      for (const server of [s1, s2]) await Client.connect(server, await hierarchy.creds('u'));
      const finished = await auto('--propagation 0');
      expect([finished.exit, done(finished.stdout)]).toEqual([0, 'finish']);
    },
    MINUTE,
  );

  it(
    'rotate auto waits with a key of the operator until every server was restarted',
    async () => {
      const hierarchy = await Hierarchy.make('add operator O --generate-signing-key --sys', 'add account A');
      const cluster = await Cluster.start(hierarchy, ['full', 'full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      await hierarchy.nsc('push -A');
      const { session } = hierarchy;
      await hierarchy.nsc('rotate start --operator');
      const auto = () => session.run('rotate auto --operator --push --propagation 0 --json');
      const config = await hierarchy.config('--nats-resolver');
      session.now += 2;
      await cluster.server('S1').restart(config);
      await cluster.settle();
      const waiting = await auto();
      expect(waiting.exit).toBe(7);
      expect(waiting.stdout).toMatch(/S2: its operator JWT does not have/);
      expect(waiting.stdout).not.toMatch(/S1: its operator JWT/);
      await cluster.server('S2').restart(config);
      await cluster.settle();
      const { exit, stdout } = await auto();
      expect([exit, JSON.parse(stdout).slots[0].done]).toEqual([0, 'activate']);
      await cluster.server('S1').restart(config);
      await Client.connect(cluster.server('S1'), await hierarchy.creds('sys', 'SYS'));
    },
    MINUTE,
  );
});

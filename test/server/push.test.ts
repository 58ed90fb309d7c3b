import { describe, expect, it } from 'vitest';
import { keyPairFromRaw, newAccount, randomSeed } from '../../src/index.js';
import { Client } from './client.js';
import { Cluster, type MemberOptions } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';

const MINUTE = 60_000;
const START = ['add operator O --sys', 'add account A', 'add user u'];

async function startWith(
  members: readonly (MemberOptions['kind'] | MemberOptions)[],
  ...lines: readonly string[]
): Promise<{ hierarchy: Hierarchy; cluster: Cluster }> {
  const hierarchy = await Hierarchy.make(...START, ...lines);
  const cluster = await Cluster.start(hierarchy, members);
  await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
  return { hierarchy, cluster };
}

/** What a line prints and leads to, with JSON that can be read. */
async function run({ session }: Hierarchy, line: string) {
  const { exit, stdout, stderr } = await session.run(`${line} --json`);
  return { exit, stderr, report: stdout === '' ? undefined : JSON.parse(stdout) };
}

describe.skipIf(skipsServer)('push to one server', () => {
  it(
    'takes a fraction of a second for 150 accounts, which took nsc more than its user lived (S-1, S-2)',
    async () => {
      const { hierarchy, cluster } = await startWith(['full']);
      const signer = hierarchy.pair(hierarchy.claims('A').iss ?? '');
      for (let n = 0; n < 150; n += 1) {
        hierarchy.writeAccount(`N${n}`, newAccount(keyPairFromRaw('account', randomSeed()).publicKey, `N${n}`), signer);
      }
      const { exit, report } = await run(hierarchy, 'push -A');
      expect(exit).toBe(0);
      expect(report.accounts.filter(({ state }: { state: string }) => state === 'sent').length).toBeGreaterThan(150);
      expect(cluster.server('S1').stored()).toHaveLength(152);
    },
    MINUTE,
  );

  it(
    'makes a user with any key that may sign one, and takes a stored one otherwise (S-16, S-17)',
    async () => {
      const { hierarchy } = await startWith(['full'], 'edit account SYS --sk generate');
      expect((await run(hierarchy, 'push -a SYS')).exit).toBe(0);
      const system = hierarchy.claims('SYS');
      await hierarchy.session.ok([
        'export',
        'keys',
        '--account',
        'SYS',
        '--accounts',
        '--dir',
        `${hierarchy.session.home}/keys`,
      ]);
      hierarchy.removeSeed(system.sub ?? '');
      expect((await run(hierarchy, 'push -a A')).exit).toBe(0);
      for (const key of system.nats.signing_keys ?? []) hierarchy.removeSeed(String(key));
      const { exit, report } = await run(hierarchy, 'push -a A');
      expect([exit, report.ok]).toEqual([0, true]);
      expect((await hierarchy.session.run('push -a A')).stdout).toContain('as user "sys" of account "SYS"');
      hierarchy.session.advance(5);
      expect((await run(hierarchy, 'push -a A --system-account SYS --system-user sys')).exit).toBe(0);
    },
    MINUTE,
  );

  it(
    'works for strict operators, whose system account has a signing key',
    async () => {
      const hierarchy = await Hierarchy.make(
        'add operator O --generate-signing-key --sys',
        'edit operator --require-signing-keys',
        'add account A',
      );
      const cluster = await Cluster.start(hierarchy, ['full']);
      await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
      expect(await run(hierarchy, 'push -A')).toMatchObject({ exit: 0, stderr: '' });
      expect(cluster.server('S1').stored()).toHaveLength(2);
      // the server learns of new keys by what the old one has to send (S-16)
      await hierarchy.nsc('edit account SYS --sk generate --sk generate --sk generate');
      expect(await run(hierarchy, 'push -A')).toMatchObject({ exit: 0, stderr: '' });
      const { sub = '' } = hierarchy.claims('A');
      await hierarchy.nsc('delete account A');
      expect((await run(hierarchy, 'push -P')).exit).toBe(0);
      expect(cluster.server('S1').stored()).not.toContain(sub);
    },
    MINUTE,
  );

  it(
    'names the system account that servers do not know (S-15)',
    async () => {
      const { hierarchy } = await startWith(['full']);
      const { exit, stderr } = await run(hierarchy, 'push -a A --system-account A');
      expect(exit).toBe(7);
      expect(JSON.parse(stderr).error.code).toBe('remote-failed');
    },
    MINUTE,
  );
});

describe.skipIf(skipsServer)('push to a cluster', () => {
  it(
    'hears everybody, also when one refuses for want of room (S-9)',
    async () => {
      const { hierarchy, cluster } = await startWith(['full', { kind: 'full', limit: 1 }, 'full']);
      const { exit, report, stderr } = await run(hierarchy, 'push -a A');
      expect(exit).toBe(7);
      expect(JSON.parse(stderr).error).toMatchObject({ code: 'remote-partial' });
      expect(report.accounts).toMatchObject([{ state: 'partial', message: 'pushed "A" to 2 of 3 servers' }]);
      const { sub = '' } = hierarchy.claims('A');
      expect(['S1', 'S2', 'S3'].map((name) => cluster.server(name).stored().includes(sub))).toEqual([
        true,
        false,
        true,
      ]);
    },
    MINUTE,
  );

  it(
    'names a server that hangs (S-10)',
    async () => {
      const { hierarchy, cluster } = await startWith(['full', 'full']);
      cluster.server('S2').pause();
      const { exit, report, stderr } = await run(hierarchy, 'push -a A');
      expect(exit).toBe(7);
      expect(stderr + JSON.stringify(report.servers)).toMatch(/S2|127\.0\.0\.1/);
      cluster.server('S2').resume();
    },
    MINUTE,
  );

  it(
    'knows that a cache and a server without a resolver keep nothing (S-11)',
    async () => {
      const { hierarchy, cluster } = await startWith(['full', 'cache']);
      const { exit, report } = await run(hierarchy, 'push -a A');
      expect(exit).toBe(0);
      expect(report.accounts[0].message).toBe('pushed "A" to 1 server');
      const client = await Client.connect(cluster.server('S2'), await hierarchy.creds('u'));
      expect(await client.delivers('x')).toBe(true);
    },
    MINUTE,
  );

  it(
    'prunes what others sent, but not the system account, and names who may not delete (S-18, S-33)',
    async () => {
      const { hierarchy, cluster } = await startWith(
        ['full', { kind: 'full', allowDelete: false }, 'cache'],
        'add account B',
      );
      expect((await run(hierarchy, 'push -A')).exit).toBe(0);
      const { sub = '' } = hierarchy.claims('B');
      await hierarchy.nsc('delete account B');
      const rehearsed = await run(hierarchy, 'push -P --dry-run');
      expect(rehearsed.report.accounts).toMatchObject([{ publicKey: sub, state: 'extra' }]);
      expect(cluster.server('S1').stored()).toContain(sub);

      const { exit, report, stderr } = await run(hierarchy, 'push -P');
      expect(exit).toBe(7);
      expect(report.accounts).toMatchObject([{ publicKey: sub, state: 'partial' }]);
      expect(stderr).toContain('allow_delete: true');
      expect(cluster.server('S1').stored()).toHaveLength(2);
      expect(cluster.server('S2').stored()).toContain(sub);
    },
    MINUTE,
  );

  it(
    'removes one account, which nobody can use any more; the system account never',
    async () => {
      const { hierarchy, cluster } = await startWith(['full', 'full']);
      expect((await run(hierarchy, 'push -A')).exit).toBe(0);
      const client = await Client.connect(cluster.server('S2'), await hierarchy.creds('u'));
      const { exit, report } = await run(hierarchy, 'push -R A');
      expect([exit, report.accounts[0].state]).toEqual([0, 'deleted']);
      expect(await client.closing()).toMatch(/authentication|expired|revoked/i);
      expect((await run(hierarchy, 'push -R SYS')).exit).toBe(4);
    },
    MINUTE,
  );

  it(
    'brings back what is deleted while a server was away, and says so (S-34)',
    async () => {
      const { hierarchy, cluster } = await startWith(['full', 'full'], 'add account B');
      expect((await run(hierarchy, 'push -A')).exit).toBe(0);
      const { sub = '' } = hierarchy.claims('B');
      await hierarchy.nsc('delete account B');
      await cluster.server('S2').stop();
      const { exit, stderr } = await run(hierarchy, 'push -P');
      expect(exit).toBe(7);
      expect(stderr).toContain('bring deleted accounts back');
      expect(cluster.server('S1').stored()).not.toContain(sub);
    },
    MINUTE,
  );

  it(
    'fits deletions into small messages (S-7)',
    async () => {
      const members: MemberOptions[] = [{ kind: 'full', extra: 'max_payload: 4096' }];
      const { hierarchy, cluster } = await startWith(members);
      const signer = hierarchy.pair(hierarchy.claims('A').iss ?? '');
      const names = Array.from({ length: 100 }, (_, n) => `N${n}`);
      for (const name of names) {
        hierarchy.writeAccount(name, newAccount(keyPairFromRaw('account', randomSeed()).publicKey, name), signer);
      }
      expect((await run(hierarchy, 'push -A')).exit).toBe(0);
      for (const name of names) hierarchy.removeAccount(name);
      expect((await run(hierarchy, 'push -P')).exit).toBe(0);
      expect(cluster.server('S1').stored()).toHaveLength(2);
    },
    MINUTE,
  );
});

import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../faults/bundle.js';
import { Client, refusalOf } from './client.js';
import { Cluster, type MemberOptions } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';

/** `delete user --push` and `delete account --push` on clusters of real servers (E-25, S-32). */

const full: MemberOptions = { kind: 'full' };
const SHUT_OUT = /authorization violation|authentication expired|user authentication revoked/i;

/** Accounts "A" and "B" with users, on every server of a cluster. */
async function start(
  ...members: readonly MemberOptions[]
): Promise<{ hierarchy: Hierarchy; cluster: Cluster; key: string }> {
  const hierarchy = await Hierarchy.make(
    'add operator O --sys',
    'add account A',
    'edit account A --sk generate',
    'add user u',
    'add user v',
    'add account B',
    'add user -a B w',
    'select account A',
  );
  await hierarchy.nsc(['add', 'user', '-a', 'A', 'signed', '-K', await hierarchy.signingKey('A')]);
  const cluster = await Cluster.start(hierarchy, members);
  await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
  await hierarchy.nsc('push -A');
  hierarchy.session.advance(1);
  return { hierarchy, cluster, key: hierarchy.claims('A').sub ?? '' };
}

let script = '';
let removeScript = (): void => {};
beforeAll(async () => {
  if (!skipsServer) ({ script, remove: removeScript } = await bundleScript('killed-delivery.ts'));
});
afterAll(() => removeScript());

/** Runs a command in a process of its own, which may be killed once servers have answered. */
async function drive({ session }: Hierarchy, deadly: 'update' | 'remove' | 'none', line: string) {
  const child = spawn(process.execPath, [script, deadly, ...line.split(' ')], {
    cwd: session.cwd,
    env: { PATH: process.env.PATH, HOME: session.home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  );
  return { status, signal, output };
}

describe.skipIf(skipsServer)('on a cluster of three servers', { timeout: 60_000 }, () => {
  it('a deleted user is thrown out by all of them, others stay', async () => {
    const { hierarchy, cluster } = await start(full, full, full);
    const creds = await hierarchy.creds('u');
    const [one, , three] = cluster.servers;
    if (!one || !three) throw new Error('three were started');
    const out = await Promise.all([one, three].map((server) => Client.connect(server, creds)));
    const stays = await Client.connect(one, await hierarchy.creds('v'));
    expect(await hierarchy.nsc('delete user u --push')).toContain('sent account "A" to "S1", "S2", "S3"');
    for (const client of out) expect(await client.closing()).toMatch(/revoked/i);
    for (const server of cluster.servers) expect(await refusalOf(server, creds)).toMatch(SHUT_OUT);
    await stays.settle();
    expect(stays.connection.isClosed()).toBe(false);
    for (const server of cluster.servers)
      expect(server.storedToken(hierarchy.claims('A').sub ?? '')).toBe(hierarchy.token('A'));
  });

  it('a deleted account throws everybody out, and is gone everywhere', async () => {
    const { hierarchy, cluster, key } = await start(full, full, full);
    const creds = await Promise.all(['u', 'signed'].map((user) => hierarchy.creds(user)));
    const other = await Client.connect(cluster.server('S1'), await hierarchy.creds('w', 'B'));
    const out = await Promise.all(
      cluster.servers.flatMap((server) => creds.map((identity) => Client.connect(server, identity))),
    );
    const { stdout, stderr, exit } = await hierarchy.session.run('delete account A --push --yes');
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout).toContain(`deleted account ${key} from "S1", "S2", "S3"`);
    for (const client of out) expect(await client.closing()).not.toBe('closed without a word');
    for (const server of cluster.servers) {
      expect(server.stored()).not.toContain(key);
      for (const identity of creds) expect(await refusalOf(server, identity)).toMatch(SHUT_OUT);
    }
    await other.settle();
    expect(other.connection.isClosed()).toBe(false);
    expect((await hierarchy.session.run('describe account A')).exit).toBe(3);
  });

  it('an account that servers may not delete stays there, and lets nobody in', async () => {
    const { hierarchy, cluster, key } = await start(
      { kind: 'full', allowDelete: false },
      { kind: 'full', allowDelete: false },
    );
    const creds = await Promise.all(['u', 'signed'].map((user) => hierarchy.creds(user)));
    const out = await Promise.all(
      cluster.servers.flatMap((server) => creds.map((identity) => Client.connect(server, identity))),
    );
    const { exit, stderr } = await hierarchy.session.run('delete account A --push');
    expect(exit).toBe(0);
    expect(stderr).toMatch(/"S1", "S2" may not delete accounts: A[A-Z2-7]{55} stays there as sent, without users/);
    for (const client of out) expect(await client.closing()).not.toBe('closed without a word');
    for (const server of cluster.servers) {
      expect(server.stored()).toContain(key);
      for (const identity of creds) expect(await refusalOf(server, identity)).toMatch(SHUT_OUT);
    }
    expect((await hierarchy.session.run('describe account A')).exit).toBe(3);
  });

  it('a cache forgets it, and what a configuration holds is told', async () => {
    const { hierarchy, cluster, key } = await start(full, { kind: 'cache' }, { kind: 'memory' });
    const creds = await hierarchy.creds('u');
    const out = await Promise.all(cluster.servers.map((server) => Client.connect(server, creds)));
    const { exit, stdout, stderr } = await hierarchy.session.run('delete account A --push');
    expect({ exit, stdout }).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('sent account "A" to "S1", "S2", "S3"'),
    });
    expect(stdout).toContain(`deleted account ${key} from "S1", "S2"\n`);
    expect(stderr).toContain(`"S3" keeps no accounts that are sent: take ${key} out of the configuration there`);
    for (const client of out) expect(await client.closing()).not.toBe('closed without a word');
    for (const server of cluster.servers) expect(await refusalOf(server, creds)).toMatch(SHUT_OUT);
  });

  it('one server that is down keeps it from being done here, and the same command goes on when it is back', async () => {
    const { hierarchy, cluster } = await start(full, full, full);
    const creds = await hierarchy.creds('u');
    const before = hierarchy.token('A');
    await cluster.server('S3').kill();
    const failed = await hierarchy.session.run('delete user u --push --timeout 2');
    expect(failed.exit).toBe(7);
    expect(failed.stderr).toMatch(
      /account "A" was not taken everywhere \(.* is not there.*\); "S1", "S2" have done it/,
    );
    expect(hierarchy.token('A')).toBe(before);
    expect(await refusalOf(cluster.server('S1'), creds)).toMatch(SHUT_OUT);
    await hierarchy.nsc('describe user u');

    await cluster.server('S3').startAgain();
    await cluster.settle();
    hierarchy.session.advance(1);
    expect(await hierarchy.nsc('delete user u --push')).toContain('sent account "A" to "S1", "S2", "S3"');
    expect((await hierarchy.session.run('describe user u')).exit).toBe(3);
  });
});

describe.skipIf(skipsServer)('a command that is killed when servers have done their part', { timeout: 60_000 }, () => {
  it('goes on where it was when it is run again', async () => {
    const { hierarchy, cluster, key } = await start(full, full);
    const before = hierarchy.token('A');
    const creds = await hierarchy.creds('u');

    expect((await drive(hierarchy, 'update', 'delete user u --push')).signal).toBe('SIGKILL');
    expect(hierarchy.token('A')).toBe(before);
    expect(await refusalOf(cluster.server('S2'), creds)).toMatch(SHUT_OUT);
    expect(await drive(hierarchy, 'none', 'delete user u --push')).toMatchObject({ status: 0 });
    expect((await hierarchy.session.run('describe user u')).exit).toBe(3);
    for (const server of cluster.servers) expect(server.storedToken(key)).toBe(hierarchy.token('A'));

    for (const deadly of ['update', 'remove'] as const) {
      expect((await drive(hierarchy, deadly, 'delete account A --push')).signal).toBe('SIGKILL');
      await hierarchy.nsc('describe account A');
      await hierarchy.nsc('describe user -a A v');
    }
    const done = await drive(hierarchy, 'none', 'delete account A --push');
    expect(done).toMatchObject({ status: 0 });
    expect((await hierarchy.session.run('describe account A')).exit).toBe(3);
    for (const server of cluster.servers) expect(server.stored()).not.toContain(key);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Client, refusalOf } from './client.js';
import { Cluster, type ClusterServer } from './cluster.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { answers, Fleet, type Tallies, Traffic } from './traffic.js';

/** Rotations on a cluster whose clients must not notice: every refusal and every lost connection counts. */

const MINUTE = 60_000;

const REFUSED = /authorization violation|authentication/i;

const CASES = [
  { what: 'the signing key of an account', target: '--account A', user: 'plain' },
  { what: 'a role', target: '--account A --role worker', user: 'scoped' },
  { what: "a user's own key", target: '--account A --user own', user: 'own' },
];

interface Scene {
  readonly hierarchy: Hierarchy;
  readonly cluster: Cluster;
  readonly fleet: Fleet;
  /** The creds of a user as they are on disk now. */
  readonly onDisk: (user: string) => string;
}

const WITH_SIGNING_KEY = ['add operator O --generate-signing-key --sys', 'edit operator --require-signing-keys'];
const WITHOUT = ['add operator O --sys'];

/** Servers with an account of which they know everything, and clients that answer others. */
async function setTheScene({ members = 3, operator = WITH_SIGNING_KEY } = {}): Promise<Scene> {
  const hierarchy = await Hierarchy.make(
    ...operator,
    'add account A',
    'edit account A --sk generate',
    'add user --account A plain',
    'add user --account A own',
  );
  const mayWork = ['--allow-pubsub', 'work.>', '--allow-sub', '_INBOX.>'];
  await hierarchy.addRole('A', 'worker', ...mayWork);
  await hierarchy.addRole('A', 'answerer', ...mayWork, '--allow-pub', '_INBOX.>');
  await hierarchy.nsc('add user --account A scoped -K worker');
  await hierarchy.nsc('add user --account A answerer -K answerer');
  const cluster = await Cluster.start(
    hierarchy,
    Array.from({ length: members }, () => 'full' as const),
  );
  await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
  await hierarchy.nsc('push -A');
  const directory = join(hierarchy.session.home, '.local/share/nats/nsc/keys/creds/O/A');
  const onDisk = (user: string) => readFileSync(join(directory, `${user}.creds`), 'utf8');
  const fleet = await Fleet.begin(cluster, onDisk('answerer'));
  for (const server of cluster.servers) await answers(server, onDisk('plain'));
  return { hierarchy, cluster, fleet, onDisk };
}

const everywhere = ({ servers }: Cluster, creds: string): Promise<Client[]> =>
  Promise.all(servers.map((server) => Client.connect(server, creds)));

const closed = (clients: readonly Client[]): number => clients.filter(({ connection }) => connection.isClosed()).length;

/** How many of those who came were not served. */
const failed = (tallies: Tallies): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tallies).map(([name, { attempts, failures }]) => [name, `${failures.length} of ${attempts}`]),
  );

/** All failures, and how many tried at least. */
function expectNone(tallies: Tallies, atLeast: number): void {
  for (const { attempts, failures } of Object.values(tallies)) {
    expect(failures).toEqual([]);
    expect(attempts).toBeGreaterThanOrEqual(atLeast);
  }
}

describe.skipIf(skipsServer)('nobody is refused or cut off while a key is replaced', { timeout: MINUTE }, () => {
  it.each(CASES)('$what: old creds work until finish, new ones from activate on', async ({ target, user }) => {
    const { hierarchy, cluster, fleet, onDisk } = await setTheScene();
    const old = onDisk(user);
    const before = await everywhere(cluster, old);
    const traffic = await Traffic.begin(cluster, { old: () => old, onDisk: () => onDisk(user) });

    await hierarchy.nsc(`rotate start ${target} --push`);
    await traffic.observe();
    expect(onDisk(user)).toBe(old);
    await hierarchy.nsc(`rotate activate ${target} --push`);
    expect(onDisk(user)).not.toBe(old);
    const after = await everywhere(cluster, onDisk(user));
    await traffic.observe();
    expectNone(traffic.total, 18);
    expect(closed([...before, ...after])).toBe(0);

    await hierarchy.nsc(`rotate finish ${target} --push`);
    expect(failed(await traffic.observe())).toEqual({ old: '6 of 6', onDisk: '0 of 6' });
    for (const client of before) await client.closing();
    expect(traffic.total.onDisk?.failures).toEqual([]);
    expect(closed(after)).toBe(0);
    expect(fleet).toMatchObject({ losses: [], complaints: [] });
  });

  it('and then it leaks: compromise shuts out whoever has it at once', async () => {
    const { hierarchy, cluster, fleet, onDisk } = await setTheScene();
    for (const step of ['start', 'activate', 'finish']) await hierarchy.nsc(`rotate ${step} --account A --push`);
    const old = onDisk('plain');
    const before = await everywhere(cluster, old);
    const others = await everywhere(cluster, onDisk('scoped'));
    const traffic = await Traffic.begin(cluster, {
      old: () => old,
      onDisk: () => onDisk('plain'),
      other: () => onDisk('scoped'),
    });

    await hierarchy.nsc(['compromise', await hierarchy.signingKey('A'), '--push']);
    expect(failed(await traffic.observe())).toEqual({ old: '6 of 6', onDisk: '0 of 6', other: '0 of 6' });
    for (const client of before) await client.closing();
    await Promise.all((await everywhere(cluster, onDisk('plain'))).map((client) => client.settle()));
    expect(traffic.total.other?.failures).toEqual([]);
    expect(closed(others)).toBe(0);
    expect(fleet).toMatchObject({ losses: [], complaints: [] });
  });
});

describe.skipIf(skipsServer)('the steps are what it takes', { timeout: MINUTE }, () => {
  it('new creds are refused by servers that were not told of the key', async () => {
    const { hierarchy, cluster, onDisk } = await setTheScene({ members: 2 });
    const old = onDisk('plain');
    const traffic = await Traffic.begin(cluster, { old: () => old, onDisk: () => onDisk('plain') });
    await hierarchy.nsc('rotate start --account A');
    await hierarchy.nsc('rotate activate --account A');
    expect(failed(await traffic.observe())).toEqual({ old: '0 of 4', onDisk: '4 of 4' });
    await hierarchy.nsc('push -A');
    expect(failed(await traffic.observe())).toEqual({ old: '0 of 4', onDisk: '0 of 4' });
  });
});

const OPERATOR_CASES = [
  { what: 'the signing key of the operator', target: '--operator', operator: WITH_SIGNING_KEY },
  { what: 'the identity of the operator', target: '--identity', operator: WITHOUT },
];

/**
 * Restarts a server while newcomers go to the others.
 *
 * @param config what it is given; without it, it comes back with what it has, as after a crash
 * @returns its name for every connection that this ends
 */
async function restart(
  { cluster, fleet, onDisk }: Scene,
  traffic: Traffic,
  server: ClusterServer,
  config?: string,
): Promise<string[]> {
  const losses = Array.from({ length: fleet.on(server) }, () => server.name);
  await traffic.without(server, async () => {
    await server.stop();
    if (config !== undefined) server.configure(config);
    await server.startAgain();
    await cluster.settle();
    await fleet.join(server);
    await answers(server, onDisk('plain'));
  });
  return losses;
}

/** Puts the operator into the configuration of one server after the other. */
async function restartAll(scene: Scene, traffic: Traffic): Promise<string[]> {
  const config = await scene.hierarchy.config('--nats-resolver');
  const losses: string[] = [];
  for (const server of scene.cluster.servers) losses.push(...(await restart(scene, traffic, server, config)));
  return losses;
}

describe.skipIf(skipsServer)('nobody is refused while servers get another operator', { timeout: MINUTE }, () => {
  it.each(OPERATOR_CASES)('$what', async ({ target, operator }) => {
    const scene = await setTheScene({ operator });
    const { hierarchy, cluster, fleet, onDisk } = scene;
    const signedBefore = hierarchy.token('A');
    const creds = onDisk('plain');
    const traffic = await Traffic.begin(cluster, { onDisk: () => onDisk('plain') });
    const losses: string[] = [];

    await hierarchy.nsc(`rotate start ${target}`);
    losses.push(...(await restartAll(scene, traffic)));
    await hierarchy.nsc(`rotate activate ${target} --push`);
    // not every restart is planned, and none is needed: the key was listed before
    losses.push(...(await restart(scene, traffic, cluster.server('S2'))));
    await hierarchy.nsc(`rotate finish ${target} --check-servers`);
    losses.push(...(await restartAll(scene, traffic)));
    await traffic.observe();

    expectNone(traffic.total, 30);
    expect(onDisk('plain')).toBe(creds);
    // the only connections that were lost are those of the servers that went
    expect(losses.length).toBeGreaterThanOrEqual(7);
    expect(fleet).toMatchObject({ losses, complaints: [] });

    // what the old key signed is worth nothing any more, as a server finds out when it needs the account
    const server = cluster.server('S1');
    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    await system.connection.request('$SYS.REQ.CLAIMS.UPDATE', signedBefore);
    await server.restart(await hierarchy.config('--nats-resolver'));
    expect(await refusalOf(server, creds)).toMatch(REFUSED);
  });

  it('a server that was not given the new operator refuses accounts of the new key when it starts', async () => {
    const { hierarchy, cluster, onDisk } = await setTheScene({ members: 1 });
    const server = cluster.server('S1');
    const config = await hierarchy.config('--nats-resolver');
    const traffic = await Traffic.begin(cluster, { onDisk: () => onDisk('plain') });
    await hierarchy.nsc('rotate start --operator');
    expect((await hierarchy.session.run('rotate activate --operator --push')).exit).toBe(4);
    await hierarchy.nsc('rotate activate --operator --push --check-servers=false');
    // it took what was pushed, and goes on with what it knew
    expect(failed(await traffic.observe())).toEqual({ onDisk: '0 of 2' });
    await traffic.stop();
    await server.restart(config);
    expect(await refusalOf(server, onDisk('plain'))).toMatch(REFUSED);
  });
});

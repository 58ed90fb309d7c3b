import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jwtAuthenticator } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { formatCreds } from '../../src/domain/creds/creds.js';
import { issue, type KeyPair, keyPairFromRaw, newAccount, newUser, type Role, randomSeed } from '../../src/index.js';
import { RunningBin } from '../support/bin.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const VIOLATION = 'Authorization Violation';

const newKey = (role: Role): KeyPair => keyPairFromRaw(role, randomSeed());

/** `nsc serve` of the built program, for the store of a hierarchy. */
async function serve({ session }: Hierarchy): Promise<{ bin: RunningBin; url: string; log(): Logged[] }> {
  const bin = new RunningBin(['serve', '--listen', '127.0.0.1:0'], session.env, session.cwd);
  const [, url = ''] = await bin.said(/listening on (\S+)/);
  const log = () =>
    bin.stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Logged);
  return { bin, url: `${url}/jwt/v1`, log };
}

interface Logged {
  readonly path: string;
  readonly status: number;
  readonly reason?: string;
}

/** Adds accounts without our program, which would take a while, and gives a bearer token of each. */
function addAccounts(hierarchy: Hierarchy, count: number): string[] {
  const signer = hierarchy.pair(hierarchy.claims('A').iss ?? '');
  return Array.from({ length: count }, (_none, n) => {
    const account = newKey('account');
    hierarchy.writeAccount(`N${n}`, newAccount(account.publicKey, `N${n}`), signer);
    const user = newUser(newKey('user').publicKey, 'u');
    const nats = { ...user.nats, bearer_token: true };
    return issue('user', { ...user, nats }, account, { now: clock() }).token;
  });
}

describe.skipIf(skipsServer)('a server that asks nsc serve for accounts', () => {
  it('lets in 200 clients of 500 accounts at once, and asks for no others', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    const tokens = addAccounts(hierarchy, 500);
    const { bin, url, log } = await serve(hierarchy);
    const config = await hierarchy.config('--url-resolver', `${url}/accounts/`);
    // all these clients share one process, which takes longer than servers are used to
    const server = await NatsServer.start(`${config}authorization { timeout: 60 }\n`);

    await Promise.all(tokens.slice(0, 200).map((token) => Client.connect(server, jwtAuthenticator(token))));
    const alice = await Client.connect(server, await hierarchy.creds('alice'));
    expect(await alice.delivers('orders.new')).toBe(true);
    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    expect((await system.connection.request('$SYS.REQ.SERVER.PING')).json()).toHaveProperty('server');

    await until(async () => log().length >= 203);
    const paths = log().map(({ path }) => path);
    expect(log().filter(({ status }) => status !== 200)).toEqual([]);
    expect(paths[0]).toBe('/jwt/v1/accounts/');
    expect(new Set(paths).size).toBe(203);
    expect(await bin.end('SIGTERM')).toMatchObject({ exit: 0 });
  });

  it('learns of an account when it is needed, of a change when it is sent or restarted', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice', 'add user bob');
    const { url } = await serve(hierarchy);
    const config = await hierarchy.config('--url-resolver', `${url}/accounts/`);
    const server = await NatsServer.start(config);
    const [alice, bob] = [await hierarchy.creds('alice'), await hierarchy.creds('bob')];
    await Client.connect(server, alice);

    await hierarchy.nsc('add account New');
    await hierarchy.nsc('add user carol --account New');
    await Client.connect(server, await hierarchy.creds('carol', 'New'));

    await hierarchy.nsc('revocations add-user --account A --name bob');
    await Client.connect(server, bob);
    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    system.connection.publish(`$SYS.ACCOUNT.${hierarchy.claims('A').sub}.CLAIMS.UPDATE`, hierarchy.token('A'));
    await system.settle();
    expect(await refusalOf(server, bob)).toBe(VIOLATION);

    await hierarchy.nsc('revocations add-user --account A --name alice');
    await server.restart(config);
    expect(await refusalOf(server, alice)).toBe(VIOLATION);
  });

  it('asks again for an account that has expired', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    const { url } = await serve(hierarchy);
    const expiry = (clock() + 3) * 1000;
    await hierarchy.nsc(['edit', 'account', 'A', '--expiry', new Date(expiry).toISOString()]);
    const server = await NatsServer.start(await hierarchy.config('--url-resolver', `${url}/accounts/`));
    const alice = await hierarchy.creds('alice');
    const connected = await Client.connect(server, alice);
    expect(await connected.closing()).toMatch(/Account Authentication Expired/i);
    await hierarchy.nsc('edit account A --expiry 1h');
    // it looks at most once a second
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await Client.connect(server, alice);
  });

  it('lets nobody in on accounts that the operator did not sign, or while it is away', async () => {
    const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
    const stranger = newKey('account');
    hierarchy.writeAccount('Own', newAccount(stranger.publicKey, 'Own'), stranger);
    const { bin, url, log } = await serve(hierarchy);
    const server = await NatsServer.start(await hierarchy.config('--url-resolver', `${url}/accounts/`));
    const user = newKey('user');
    const { token } = issue('user', newUser(user.publicKey, 'u'), stranger, { now: clock() });
    expect(await refusalOf(server, formatCreds(token, user).reveal())).toBe(VIOLATION);
    await until(async () => log().some(({ status, reason }) => status === 404 && /does not list/.test(reason ?? '')));
    await bin.end('SIGINT');
    expect(await refusalOf(server, await hierarchy.creds('alice'))).toBe(VIOLATION);
  });
});

/** A server whose whole configuration is what our program printed. */
class PlainServer extends NatsServer {
  static async of(config: string): Promise<PlainServer> {
    const server = new PlainServer(config);
    await server.start();
    return server;
  }

  protected override frame(): string {
    return '';
  }
}

describe.skipIf(skipsServer)('servers with nothing but a generated configuration', () => {
  it.each(['--nats-resolver', '--nats-resolver-cache', '--mem-resolver'])(
    'three of them are a cluster with %s',
    async (kind) => {
      const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
      const ports = await freePorts(6);
      const routes = ports.slice(3).map((port) => `nats://127.0.0.1:${port}`);
      const configs: string[] = [];
      for (const n of [0, 1, 2]) {
        configs.push(
          await hierarchy.config(
            kind,
            ...['--server-name', `S${n + 1}`, '--listen', `127.0.0.1:${ports[n]}`],
            ...['--cluster-name', 'C', '--cluster-listen', `127.0.0.1:${ports[3 + n]}`],
            ...['--route', routes.filter((_route, at) => at !== n).join(',')],
          ),
        );
      }
      const servers = await Promise.all(configs.map((config) => PlainServer.of(config)));
      expect(servers.map(({ url }) => url)).toEqual(ports.slice(0, 3).map((port) => `nats://127.0.0.1:${port}`));

      const system = await Client.connect(servers[0] as NatsServer, await hierarchy.creds('sys', 'SYS'));
      await until(async () => (await namesOf(system)).join() === 'S1,S2,S3');
      if (kind !== '--mem-resolver') {
        await system.connection.request('$SYS.REQ.CLAIMS.UPDATE', hierarchy.token('A'));
        await system.settle();
      }
      if (kind === '--nats-resolver-cache') return;
      const [one, two, three] = await Promise.all(
        servers.map(async (server) => Client.connect(server, await hierarchy.creds('alice'))),
      );
      await until(async () => (await one?.delivers('x', two)) === true && (await two?.delivers('y', three)) === true);
    },
  );

  it('one keeps streams, and accounts in the directory it was given, and may delete them', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice');
    await hierarchy.nsc('edit account A --js-mem-storage 1M --js-disk-storage 1M --js-streams 2');
    const [port] = await freePorts(1);
    const config = await hierarchy.config(
      '--nats-resolver',
      ...['--server-name', 'S1', '--listen', `127.0.0.1:${port}`],
      ...['--resolver-dir', `./it's "here" \\ there`, '--allow-delete', '--jetstream-dir', `./js 'and' more`],
    );
    const server = await PlainServer.of(config);
    const system = await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    await system.connection.request('$SYS.REQ.CLAIMS.UPDATE', hierarchy.token('A'));
    const kept = join(server.directory, `it's "here" \\ there`, `${hierarchy.claims('A').sub}.jwt`);
    expect(readFileSync(kept, 'utf8')).toBe(hierarchy.token('A'));
    const alice = await Client.connect(server, await hierarchy.creds('alice'));
    expect((await alice.connection.request('$JS.API.INFO')).json()).toMatchObject({ limits: { max_streams: 2 } });
    expect(existsSync(join(server.directory, `js 'and' more`, 'jetstream'))).toBe(true);
  });
});

async function namesOf(system: Client): Promise<string[]> {
  const names: string[] = [];
  const answers = await system.connection.requestMany('$SYS.REQ.SERVER.PING', '', { maxWait: 200 });
  for await (const answer of answers) names.push(answer.json<{ server: { name: string } }>().server.name);
  return names.sort();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error('it never came to be');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ports of 127.0.0.1 that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

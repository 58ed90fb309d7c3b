import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './client.js';
import type { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** How long routes may take to come up. */
const PATIENCE_MS = 20_000;

/** What a server of a cluster keeps, and where it gets it from. */
export type ResolverKind = 'full' | 'cache' | 'memory';

export interface MemberOptions {
  readonly kind: ResolverKind;
  /** Of full resolvers; default true. A cache obeys in any case. */
  readonly allowDelete?: boolean;
  /** Most accounts: a full resolver refuses more, a cache forgets some. */
  readonly limit?: number;
  /** Of full resolvers: how often they compare what they have, as a duration of nats-server. Default 2m. */
  readonly interval?: string;
  /** Further lines of the configuration, such as `max_payload: 65536`. */
  readonly extra?: string;
}

/**
 * Servers of a test with routes between them on 127.0.0.1, named S1, S2, …, each with a directory and a resolver of its
 * own. They begin with the system account alone (those of kind `memory` with every account there is), which the
 * hierarchy has to have: `add operator O --sys`. All of it is gone when the test ends.
 */
export class Cluster {
  readonly servers: readonly ClusterServer[];
  /** Of the user that `--sys` makes. */
  readonly #creds: string;

  private constructor(servers: readonly ClusterServer[], creds: string) {
    this.servers = servers;
    this.#creds = creds;
  }

  /** Starts servers and waits until each has a route to every other. */
  static async start(
    hierarchy: Hierarchy,
    members: readonly (ResolverKind | MemberOptions)[] = ['full', 'full', 'full'],
  ): Promise<Cluster> {
    const servers: ClusterServer[] = [];
    for (const member of members) {
      const options = typeof member === 'string' ? { kind: member } : member;
      servers.push(await ClusterServer.create(`S${servers.length + 1}`, options, hierarchy, servers));
    }
    // Each knows of all the others at its next start, so that any of them can come back first.
    for (const server of servers) server.knowAll(servers);
    const cluster = new Cluster(servers, await hierarchy.creds('sys', 'SYS'));
    await cluster.settle();
    return cluster;
  }

  /** All of them, with commas between. */
  get url(): string {
    return this.servers.map(({ url }) => url).join(',');
  }

  /** @param name `S1` */
  server(name: string): ClusterServer {
    const server = this.servers.find((one) => one.name === name);
    if (server) return server;
    throw new Error(`there is no server ${name}`);
  }

  /** Waits until every server that runs has a route to every other one that runs, and hears what clients of each ask. */
  async settle(): Promise<void> {
    const running = this.servers.filter(({ isRunning }) => isRunning);
    await until('the routes never came up', async () => {
      const ids = new Set(await Promise.all(running.map((server) => server.id())));
      const known = await Promise.all(running.map((server) => server.routedTo()));
      return known.every((remotes) => [...ids].every((id) => remotes.has(id)));
    });
    await Promise.all(running.map((server) => this.#hearAll(server, running.length)));
  }

  async #hearAll(server: ClusterServer, count: number): Promise<void> {
    const { connection } = await Client.connect(server, this.#creds);
    await until(`${server.name} does not reach all others`, async () => {
      const answers = await connection.requestMany('$SYS.REQ.SERVER.PING', '', {
        strategy: 'count',
        maxMessages: count,
        maxWait: 1000,
      });
      let heard = 0;
      for await (const _answer of answers) heard += 1;
      return heard === count;
    });
    await connection.close();
  }
}

export class ClusterServer extends NatsServer {
  readonly name: string;
  readonly kind: ResolverKind;
  #peers: readonly ClusterServer[];
  #clientPort = -1;
  #routePort = -1;
  #monitorPort = -1;

  private constructor(name: string, kind: ResolverKind, config: string, peers: readonly ClusterServer[]) {
    super(config);
    this.name = name;
    this.kind = kind;
    this.#peers = [...peers];
  }

  static async create(
    name: string,
    options: MemberOptions,
    hierarchy: Hierarchy,
    peers: readonly ClusterServer[],
  ): Promise<ClusterServer> {
    const server = new ClusterServer(name, options.kind, await configOf(options, hierarchy), peers);
    await server.startAgain();
    return server;
  }

  /** Starts it once more, on the ports it had, with what it keeps. {@link Cluster.settle} waits for its routes. */
  async startAgain(): Promise<void> {
    const from = this.log.length;
    await this.start();
    const portOf = async (pattern: RegExp) => Number((await this.waitFor(pattern, from))[1]);
    this.#clientPort = await portOf(/Listening for client connections on 127\.0\.0\.1:(\d+)/);
    this.#routePort = await portOf(/Listening for route connections on 127\.0\.0\.1:(\d+)/);
    this.#monitorPort = await portOf(/Starting http monitor on 127\.0\.0\.1:(\d+)/);
  }

  knowAll(servers: readonly ClusterServer[]): void {
    this.#peers = servers.filter((server) => server !== this);
  }

  /** Public keys of the accounts in its directory, sorted. */
  stored(): string[] {
    const directory = join(this.directory, 'jwt');
    if (!existsSync(directory)) return [];
    return readdirSync(directory)
      .flatMap((file) => /^(A[A-Z2-7]{55})\.jwt$/.exec(file)?.[1] ?? [])
      .sort();
  }

  /** The JWT in its directory; undefined when it has none. */
  storedToken(account: string): string | undefined {
    const file = join(this.directory, 'jwt', `${account}.jwt`);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** The public key that it has since it was started. */
  async id(): Promise<string> {
    return (await this.monitor('varz')).server_id as string;
  }

  /** Keys of the servers that it is connected to, and its own. */
  async routedTo(): Promise<Set<string>> {
    const { server_id, routes } = await this.monitor('routez');
    return new Set([server_id as string, ...(routes as { remote_id: string }[]).map(({ remote_id }) => remote_id)]);
  }

  /** What its monitoring says: `varz`, `routez`, `accountz?acc=A…`. */
  async monitor(what: string): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.#monitorPort}/${what}`);
    return (await response.json()) as Record<string, unknown>;
  }

  protected override frame(): string {
    const routes = this.#peers.map((peer) => `nats-route://127.0.0.1:${peer.#routePort}`);
    return [
      `server_name: ${this.name}`,
      `listen: '127.0.0.1:${this.#clientPort}'`,
      `http: '127.0.0.1:${this.#monitorPort}'`,
      `cluster { name: c, listen: '127.0.0.1:${this.#routePort}', routes: ${JSON.stringify(routes)} }`,
      '',
    ].join('\n');
  }
}

async function configOf(
  { kind, allowDelete = true, limit, interval, extra = '' }: MemberOptions,
  hierarchy: Hierarchy,
): Promise<string> {
  const flag = { full: '--nats-resolver', cache: '--nats-resolver-cache', memory: '--mem-resolver' }[kind];
  const config = await hierarchy.config(flag);
  return [
    config
      .replace('allow_delete: false', `allow_delete: ${allowDelete}`)
      .replace(/interval: "2m"/, `interval: "${interval ?? '2m'}"`)
      .replace(/^resolver \{$/m, limit === undefined ? '$&' : `$&\n    limit: ${limit}`),
    extra,
    '',
  ].join('\n');
}

async function until(complaint: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

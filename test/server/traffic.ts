import { setTimeout as wait } from 'node:timers/promises';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { onTestFinished } from 'vitest';
import type { Cluster, ClusterServer } from './cluster.js';

/** Who connects again and again: a name, and the creds that it has at that moment. */
type Newcomers = Readonly<Record<string, () => string>>;

/** What became of those who connected under one name: how often, and a line for each time something went wrong. */
interface Tally {
  attempts: number;
  readonly failures: string[];
}

export type Tallies = Readonly<Record<string, Tally>>;

/** How long a server may take to answer. */
const PATIENCE_MS = 5000;

/**
 * Clients that come and go as long as the test runs: all newcomers connect to every server of a cluster at the same time,
 * publish, ask something that has to be answered, and leave; then they do it again. Nothing is tried twice: whatever goes
 * wrong counts.
 */
export class Traffic {
  /** All there was since the beginning. */
  readonly total: Tallies;
  readonly #cluster: Cluster;
  readonly #newcomers: Newcomers;
  readonly #away = new Set<ClusterServer>();
  #observers: { readonly tallies: Tallies; rounds: number; readonly done: (tallies: Tallies) => void }[] = [];
  #goesOn = true;
  readonly #end: Promise<void>;

  private constructor(cluster: Cluster, newcomers: Newcomers) {
    this.#cluster = cluster;
    this.#newcomers = newcomers;
    this.total = emptyTallies(newcomers);
    this.#end = this.#run();
    onTestFinished(() => this.stop());
  }

  /** Begins when the first round has gone well; there has to be a {@link Fleet} that answers. */
  static async begin(cluster: Cluster, newcomers: Newcomers): Promise<Traffic> {
    const traffic = new Traffic(cluster, newcomers);
    const first = await traffic.observe(1);
    const failures = Object.values(first).flatMap((tally) => tally.failures);
    if (failures.length > 0) throw new Error(`not everybody was let in to begin with:\n${failures.join('\n')}`);
    return traffic;
  }

  /** Waits for whole rounds that begin from now on, and tells what became of them. */
  observe(rounds = 2): Promise<Tallies> {
    const observed = new Promise<Tallies>((done) => {
      this.#observers.push({ tallies: emptyTallies(this.#newcomers), rounds, done });
    });
    const stopped = this.#end.then(() => Promise.reject(new Error('nobody comes any more')));
    return Promise.race([observed, stopped]);
  }

  /** Does something to a server that takes no newcomers meanwhile, as one that a load balancer leaves out. */
  async without(server: ClusterServer, action: () => Promise<void>): Promise<void> {
    this.#away.add(server);
    await this.observe(1); // nobody is on the way any more
    await action();
    this.#away.delete(server);
    await this.observe(1);
  }

  async #run(): Promise<void> {
    while (this.#goesOn) {
      const observers = [...this.#observers];
      const servers = this.#cluster.servers.filter((server) => !this.#away.has(server));
      const visits = await Promise.all(
        servers.flatMap((server) =>
          Object.entries(this.#newcomers).map(async ([name, creds]) => ({
            name,
            failure: await visit(server, creds()),
          })),
        ),
      );
      for (const { name, failure } of visits) {
        for (const tallies of [this.total, ...observers.map((observer) => observer.tallies)]) {
          const tally = tallies[name];
          if (!tally) continue;
          tally.attempts += 1;
          if (failure !== undefined) tally.failures.push(failure);
        }
      }
      for (const observer of observers) observer.rounds -= 1;
      const over = observers.filter(({ rounds }) => rounds === 0);
      this.#observers = this.#observers.filter((observer) => !over.includes(observer));
      for (const { done, tallies } of over) done(tallies);
    }
  }

  /** Nobody comes any more; also when the test ends. */
  async stop(): Promise<void> {
    this.#goesOn = false;
    await this.#end;
  }
}

/** Connects, publishes, asks and leaves; undefined when all of it went well. */
async function visit({ name, url }: ClusterServer, creds: string): Promise<string | undefined> {
  let connection: NatsConnection | undefined;
  try {
    connection = await connect({
      servers: url,
      authenticator: authenticate(creds),
      reconnect: false,
      timeout: PATIENCE_MS,
    });
    connection.publish('work.done');
    await connection.request('work.ask', '', { timeout: PATIENCE_MS });
    await connection.close();
    return undefined;
  } catch (error) {
    await connection?.close();
    return `${name}: ${(error as Error).message}`;
  }
}

const authenticate = (creds: string) => credsAuthenticator(new TextEncoder().encode(creds));

const emptyTallies = (newcomers: Newcomers): Tallies =>
  Object.fromEntries(Object.keys(newcomers).map((name) => [name, { attempts: 0, failures: [] }]));

/**
 * Clients that stay and answer what newcomers ask. They look for another server when theirs goes, as clients do, and do not
 * come back to it by themselves.
 */
export class Fleet {
  /** Servers that a client lost, one entry for each time. */
  readonly losses: string[] = [];
  /** What servers complained about, and why clients gave up. */
  readonly complaints: string[] = [];
  readonly #connections: NatsConnection[] = [];
  readonly #cluster: Cluster;
  readonly #creds: string;

  private constructor(cluster: Cluster, creds: string) {
    this.#cluster = cluster;
    this.#creds = creds;
  }

  /** One on each server. */
  static async begin(cluster: Cluster, creds: string): Promise<Fleet> {
    const fleet = new Fleet(cluster, creds);
    for (const server of cluster.servers) await fleet.join(server);
    return fleet;
  }

  /** One more on a server. */
  async join(server: ClusterServer): Promise<void> {
    const connection = await connect({
      servers: [server, ...this.#cluster.servers.filter((other) => other !== server)].map(hostOf),
      authenticator: authenticate(this.#creds),
      timeout: PATIENCE_MS,
      noRandomize: true,
      ignoreClusterUpdates: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 20,
    });
    onTestFinished(() => connection.close());
    this.#connections.push(connection);
    void this.#watch(connection);
    connection.subscribe('work.ask', { callback: (error, message) => void (error ?? message.respond('done')) });
    await connection.flush();
  }

  /** How many are on a server. */
  on(server: ClusterServer): number {
    return this.#connections.filter((connection) => connection.getServer() === hostOf(server)).length;
  }

  async #watch(connection: NatsConnection): Promise<void> {
    const names = new Map(this.#cluster.servers.map((server) => [hostOf(server), server.name]));
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') this.losses.push(names.get(status.server) ?? status.server);
      if (status.type === 'error') this.complaints.push(status.error.message);
    }
    const error = await connection.closed();
    if (error) this.complaints.push(error.message);
  }
}

const hostOf = ({ url }: ClusterServer): string => new URL(url).host;

/** Waits until a server passes on what its clients ask: routes alone do not do, it has to know who listens elsewhere. */
export async function answers(server: ClusterServer, creds: string): Promise<void> {
  const deadline = performance.now() + 2 * PATIENCE_MS;
  for (;;) {
    const failure = await visit(server, creds);
    if (failure === undefined) return;
    if (!/no responders/i.test(failure) || performance.now() > deadline) throw new Error(failure);
    await wait(10);
  }
}

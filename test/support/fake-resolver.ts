import type { NatsIdentity } from '../../src/app/nats.js';
import type {
  AbsentServer,
  ConnectedClient,
  Copy,
  Holding,
  Keeps,
  Resolver,
  ResolverServer,
  Resolvers,
  ResolverTarget,
  ServerAnswer,
} from '../../src/app/resolver.js';
import type { Int64 } from '../../src/domain/claims/types.js';
import { decodeGeneric, decodeToken, verifyToken } from '../../src/domain/token/decode.js';
import { NscError } from '../../src/errors.js';

/** A server of NATS as it is in the beginning, and what is wrong with it. */
export interface FakeServer {
  readonly name: string;
  readonly version?: string;
  /** Default: `all`. */
  readonly keeps?: Keeps;
  /** Account JWTs that it holds. */
  readonly holds?: readonly string[];
  /** Why it cannot be reached. */
  readonly down?: string;
  /** Requests that it never answers. */
  readonly ignores?: readonly ('list' | 'copies' | 'update' | 'remove')[];
  /** Why it takes no account, or not this one. */
  readonly refuses?: string | ((account: string) => string | undefined);
  /** `allow_delete`; default: true. */
  readonly allowsDelete?: boolean;
  /** Keys that stay although it says that it deleted them. */
  readonly keepsDeleted?: readonly string[];
  /** How often it gets back from others what it has deleted. */
  readonly getsBack?: number;
  /** Account → who is connected; a text is why it does not say. */
  readonly clients?: Readonly<Record<string, readonly ConnectedClient[]>> | string;
  /** Operator JWTs in its configuration; a text is why it does not say. Where no server has it, nobody is asked. */
  readonly trusts?: readonly string[] | string;
}

/** Faults of all servers together. */
export interface FakeFaults {
  /** The connection ends once that many requests were answered. */
  readonly breaksAfter?: number;
  readonly maxRequest?: number;
  /** Public key of the system account, which no server deletes. */
  readonly systemAccount?: string;
  /** Unix seconds, by which delete requests are judged; without it their times do not count. */
  readonly now?: number;
}

/** What arrived, in order: `list`, `copies A…`, `update A…`, `remove A…,A…`, `pack`, `close`. */
export type Requests = string[];

/**
 * Servers of NATS in memory that do what nats-server does: they take what can be decoded, whoever signed it (S-46), and
 * delete what the operator's request names, known or not (S-18).
 */
export class FakeCluster implements Resolvers {
  readonly requests: Requests = [];
  readonly targets: ResolverTarget[] = [];
  readonly identities: NatsIdentity[] = [];
  /** What each server holds: its name → account → JWT. Tests look into it, and change it. */
  readonly held: ReadonlyMap<string, Map<string, string>>;
  readonly #servers: readonly FakeServer[];
  readonly #faults: FakeFaults;
  readonly #backs = new Map<string, number>();

  constructor(servers: readonly FakeServer[] = [{ name: 'S1' }], faults: FakeFaults = {}) {
    this.#servers = servers;
    this.#faults = faults;
    this.held = new Map(
      servers.map(({ name, holds = [] }) => [name, new Map(holds.map((token) => [subjectOf(token), token]))]),
    );
  }

  async open(target: ResolverTarget): Promise<Resolver> {
    this.targets.push(target);
    const up = this.#servers.filter(({ down }) => down === undefined);
    if (up.length === 0) {
      throw new NscError('remote-failed', `cannot connect to ${target.url}: ${this.#servers[0]?.down ?? 'refused'}`);
    }
    this.identities.push(target.identity());
    return this.#connect(target.url, up);
  }

  #connect(url: string, up: readonly FakeServer[]): Resolver {
    const asked = (request: string): void => {
      this.requests.push(request);
      const { breaksAfter = Number.POSITIVE_INFINITY } = this.#faults;
      if (this.requests.length > breaksAfter) throw new NscError('remote-failed', 'the connection ended');
    };
    const answers = (server: FakeServer, request: 'list' | 'copies'): boolean => !server.ignores?.includes(request);
    const full = up.filter((server) => keepsOf(server) === 'all');
    const holdings = this.held;
    return {
      kind: 'nats',
      url,
      servers: up.map(({ name, version = '2.10.0' }): ResolverServer => ({ name, id: `N-${name}`, version })),
      absent: this.#servers.flatMap(({ name, down }): AbsentServer[] =>
        down === undefined ? [] : [{ name, reason: down }],
      ),
      maxRequest: this.#faults.maxRequest ?? 1_048_576,
      async list(): Promise<Holding[]> {
        asked('list');
        return up.flatMap((server) => {
          const keeps = keepsOf(server);
          const accounts = new Set(keeps === 'none' ? [] : holdings.get(server.name)?.keys());
          return answers(server, 'list') ? [{ server: server.name, keeps, accounts }] : [];
        });
      },
      async copies(account): Promise<Copy[]> {
        asked(`copies ${account}`);
        return full.flatMap((server) => {
          const token = holdings.get(server.name)?.get(account);
          return token === undefined || !answers(server, 'copies') ? [] : [{ server: server.name, token }];
        });
      },
      update: async (account, token) => {
        asked(`update ${account}`);
        return up.map((server) => this.#update(server, account, token));
      },
      remove: async (request) => {
        const { claims, isSigned } = readRequest(request);
        const accounts = (claims.nats?.accounts ?? []) as string[];
        asked(`remove ${accounts.join(',')}`);
        const { now } = this.#faults;
        const isExpired = now !== undefined && claims.exp !== undefined && now > claims.exp;
        const isGood = isSigned && claims.iss === claims.sub && !isExpired;
        return up.map((server) => this.#remove(server, accounts, isGood));
      },
      async *pack() {
        asked('pack');
        const [first] = full;
        if (!first) throw new NscError('remote-failed', 'no server keeps all accounts');
        for (const [account, token] of holdings.get(first.name) ?? []) yield { account, token };
      },
      async clients(account, keys) {
        asked(`clients ${account}`);
        return up.map(({ name: server, clients = {} }) => {
          if (typeof clients === 'string') return { server, problem: clients };
          const here = clients[account] ?? [];
          return { server, clients: here.filter((client) => client.keys.some((key) => keys.has(key))) };
        });
      },
      async trusted() {
        asked('trusted');
        if (up.every(({ trusts }) => trusts === undefined)) return undefined;
        return up.map(({ name: server, trusts = [] }) =>
          typeof trusts === 'string' ? { server, problem: trusts } : { server, operators: trusts },
        );
      },
      operator: async () => {
        throw new NscError('policy-refused', 'servers of NATS do not hand out the JWT of the operator');
      },
      close: async () => {
        this.requests.push('close');
      },
    };
  }

  #update(server: FakeServer, account: string, token: string): ServerAnswer {
    const say = (state: ServerAnswer['state'], message: string): ServerAnswer => ({
      server: server.name,
      state,
      message,
    });
    if (server.ignores?.includes('update')) return say('silent', 'no answer in time');
    const why = typeof server.refuses === 'function' ? server.refuses(account) : server.refuses;
    if (why !== undefined) return say('refused', `jwt update resulted in error - ${why}`);
    const held = this.held.get(server.name);
    const cached = keepsOf(server) !== 'all';
    if (cached && !held?.has(account)) {
      return say('ignored', keepsOf(server) === 'some' ? 'jwt update cache skipped' : 'jwt update skipped');
    }
    held?.set(account, token);
    return say('taken', cached ? 'jwt updated cache' : 'jwt updated');
  }

  #remove(server: FakeServer, accounts: readonly string[], isGood: boolean): ServerAnswer {
    const say = (state: ServerAnswer['state'], message: string): ServerAnswer => ({
      server: server.name,
      state,
      message,
    });
    if (server.ignores?.includes('remove')) return say('silent', 'no answer in time');
    if (keepsOf(server) === 'none') return say('ignored', 'it keeps no accounts');
    const failed = (why: string) => say('refused', `delete accounts request failed - ${why}`);
    if (!isGood) return failed('not trusted');
    // a cache obeys whatever `allow_delete` says
    if (keepsOf(server) === 'all' && server.allowsDelete === false) {
      return failed('delete must be enabled in server config');
    }
    const { systemAccount } = this.#faults;
    if (systemAccount !== undefined && accounts.includes(systemAccount)) {
      return failed('not allowed to delete system account');
    }
    const held = this.held.get(server.name);
    const back = this.#backs.get(server.name) ?? 0;
    this.#backs.set(server.name, back + 1);
    const stays = (key: string): boolean => server.keepsDeleted?.includes(key) || back < (server.getsBack ?? 0);
    for (const key of accounts) if (!stays(key)) held?.delete(key);
    return say('taken', `deleted ${accounts.length} accounts`);
  }
}

/** What is wrong with an account server, and what it has in the beginning. */
export interface FakeAccountServerOptions {
  readonly holds?: readonly string[];
  readonly operator?: string;
  readonly down?: string;
  readonly refuses?: string | ((account: string) => string | undefined);
  /** Takes accounts for somebody to sign later (status 202). */
  readonly pending?: string;
  /** What it keeps of what was sent: signed again by the operator, or something wicked. */
  readonly signs?: (token: string) => string;
}

/** An account server with HTTP in memory. */
export class FakeAccountServer implements Resolvers {
  readonly requests: Requests = [];
  readonly targets: ResolverTarget[] = [];
  /** Account → JWT. */
  readonly held: Map<string, string>;
  readonly #options: FakeAccountServerOptions;

  constructor(options: FakeAccountServerOptions = {}) {
    this.#options = options;
    this.held = new Map((options.holds ?? []).map((token) => [subjectOf(token), token]));
  }

  async open(target: ResolverTarget): Promise<Resolver> {
    this.targets.push(target);
    const { down, operator, pending, refuses, signs = (token) => token } = this.#options;
    const server = 'account server';
    const { held, requests } = this;
    const impossible = (what: string) => new NscError('policy-refused', `an account server ${what}`);
    return {
      kind: 'http',
      url: target.url,
      servers: [{ name: server }],
      absent: [],
      maxRequest: undefined,
      list: async () => undefined,
      async copies(account) {
        requests.push(`copies ${account}`);
        if (down !== undefined) throw new NscError('remote-failed', `${target.url}: ${down}`);
        const token = held.get(account);
        return token === undefined ? [] : [{ server, token }];
      },
      async update(account, token) {
        requests.push(`update ${account}`);
        const why = typeof refuses === 'function' ? refuses(account) : refuses;
        if (down !== undefined) return [{ server, state: 'silent', message: down }];
        if (why !== undefined) return [{ server, state: 'refused', message: why }];
        if (pending !== undefined) return [{ server, state: 'pending', message: pending }];
        held.set(account, signs(token));
        return [{ server, state: 'taken', message: '' }];
      },
      remove: async () => {
        throw impossible('deletes nothing');
      },
      // biome-ignore lint/correctness/useYield: it refuses before there is anything
      async *pack() {
        throw impossible('does not tell what it has');
      },
      clients: async () => undefined,
      trusted: async () => undefined,
      async operator() {
        requests.push('operator');
        if (operator === undefined) throw new NscError('remote-failed', `${target.url} has no operator`);
        return operator;
      },
      close: async () => {
        requests.push('close');
      },
    };
  }
}

const keepsOf = ({ keeps = 'all' }: FakeServer): Keeps => keeps;

const subjectOf = (token: string): string => decodeToken(token).claims.sub ?? '';

function readRequest(text: string): {
  claims: { iss?: string; sub?: string; exp?: Int64; nats?: Record<string, unknown> };
  isSigned: boolean;
} {
  const token = decodeGeneric(text);
  return { claims: token.claims, isSigned: verifyToken(token) };
}

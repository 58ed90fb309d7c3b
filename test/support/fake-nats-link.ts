import type { Gathered, GatherOptions, Nats, NatsLink, NatsMessage, NatsTarget } from '../../src/app/nats.js';
import { decodeGeneric } from '../../src/domain/token/decode.js';
import { NscError } from '../../src/errors.js';

/** One answer, and how long it takes. */
export interface FakeReply {
  readonly text: string;
  readonly afterMs?: number;
}

/** Somebody who listens behind a {@link FakeNats}. */
export interface FakePeer {
  readonly url: string;
  readonly name: string;
  readonly id: string;
  /** Undefined where it does not listen; no replies where it stays silent. */
  answer(subject: string, payload: string): readonly (string | FakeReply)[] | undefined;
}

export interface FakeNatsOptions {
  /** URL → why it cannot be reached. */
  readonly down?: Readonly<Record<string, string>>;
  readonly maxPayload?: number;
  /** Subjects that the user may not publish to. */
  readonly forbidden?: RegExp;
}

/** A NATS client in memory: every request goes to all peers, and their answers come back in order. */
export class FakeNats implements Nats {
  readonly targets: NatsTarget[] = [];
  /** Subjects in the order in which they were asked. */
  readonly requests: string[] = [];
  /** Connections that nobody has closed. */
  open = 0;
  readonly #peers: readonly FakePeer[];
  readonly #options: FakeNatsOptions;

  constructor(peers: readonly FakePeer[], options: FakeNatsOptions = {}) {
    this.#peers = peers;
    this.#options = options;
  }

  async connect(target: NatsTarget): Promise<NatsLink> {
    this.targets.push(target);
    target.identity?.();
    const { down = {} } = this.#options;
    const url = target.servers.find((one) => down[one] === undefined);
    const peer = this.#peers.find((one) => one.url === url) ?? this.#peers[0];
    if (url === undefined || !peer) {
      const reason = down[target.servers[0] ?? ''] ?? 'nobody there';
      const details = { servers: [{ url: target.servers[0], reason }] };
      throw new NscError('remote-failed', `cannot connect to ${target.servers[0]}: ${reason}`, { details });
    }
    this.open += 1;
    return this.#link(peer, url);
  }

  #link(peer: FakePeer, url: string): NatsLink {
    let end: (reason?: Error) => void = () => {};
    const closed = new Promise<Error | undefined>((resolve) => {
      end = resolve;
    });
    const gone = closed.then(() => {
      throw new NscError('remote-failed', 'the connection was closed');
    });
    gone.catch(() => {});
    const nobody = (): never => {
      throw new Error('not part of this fake');
    };
    return {
      url,
      serverName: peer.name,
      serverId: peer.id,
      maxPayload: this.#options.maxPayload ?? 1_048_576,
      publish: nobody,
      gather: (subject, payload, options) => Promise.race([gone, this.#gather(subject, String(payload), options)]),
      subscribe: nobody,
      flush: async () => {},
      roundTrip: async () => 0,
      closed,
      close: async () => {
        this.open -= 1;
        end(undefined);
      },
    };
  }

  async #gather(
    subject: string,
    payload: string,
    { timeoutMs, isDone = () => true }: GatherOptions,
  ): Promise<Gathered> {
    this.requests.push(subject);
    if (this.#options.forbidden?.test(subject)) {
      throw new NscError('remote-failed', `publishing to "${subject}" is not allowed`);
    }
    const answers = this.#peers.map((peer) => peer.answer(subject, payload));
    const messages: NatsMessage[] = [];
    if (answers.every((answer) => answer === undefined)) return { messages, isUnheard: true };
    const timers: NodeJS.Timeout[] = [];
    await new Promise<void>((resolve) => {
      timers.push(setTimeout(resolve, timeoutMs).unref());
      const deliver = (text: string): void => {
        messages.push(messageOf(subject, text));
        if (isDone(messages)) resolve();
      };
      for (const reply of answers.flatMap((answer) => answer ?? [])) {
        const { text, afterMs = 0 } = typeof reply === 'string' ? { text: reply } : reply;
        timers.push(setTimeout(deliver, afterMs, text));
      }
    });
    for (const timer of timers) clearTimeout(timer);
    return { messages, isUnheard: false };
  }
}

const messageOf = (subject: string, text: string): NatsMessage => ({
  subject,
  data: Buffer.from(text),
  text: () => text,
});

export interface FakeServerOptions {
  readonly name?: string;
  /** Default: made of the name. */
  readonly id?: string;
  readonly url?: string;
  readonly version?: string;
  readonly kind?: 'full' | 'cache' | 'memory';
  /** Account → JWT. */
  readonly held?: Map<string, string>;
  /** How many servers it counts; default: as many as there are in the test that makes it. */
  readonly active?: number;
  readonly start?: string;
  readonly routes?: readonly string[];
  /** In place of what a server answers: by a pattern of the subject. Undefined leaves it as it is. */
  answers?(subject: string, own: readonly string[] | undefined): readonly (string | FakeReply)[] | undefined;
}

/** A peer that does what nats-server does (nsc-distribution.md §1.6), unless it is told otherwise. */
export function fakeServer({
  name = 'S1',
  id = `N${name}`,
  url = `nats://${name.toLowerCase()}:4222`,
  version = '2.10.29',
  kind = 'full',
  held = new Map(),
  active = 1,
  start = '2026-01-01T00:00:00.123456789Z',
  routes = [],
  answers,
}: FakeServerOptions = {}): FakePeer {
  const server = { name, host: '127.0.0.1', id, ver: version, jetstream: false, seq: 1, time: start };
  const say = (members: object): string => JSON.stringify({ server, ...members });
  const done = (message: string, account?: string): string => say({ data: { account, code: 200, message } });
  const failed = (description: string): string => say({ error: { code: 500, description } });
  const own = (subject: string, payload: string): string[] | undefined => {
    const [, , what, key = '', ...rest] = subject.split('.');
    if (subject === '$SYS.REQ.SERVER.PING') {
      return [
        say({ statsz: { start, active_servers: active, routes: routes.map((route) => ({ rid: 1, name: route })) } }),
      ];
    }
    if (subject === '$SYS.REQ.SERVER.PING.ACCOUNTZ') {
      const { account } = JSON.parse(payload) as { account: string };
      const jwt = held.get(account);
      if (jwt === undefined) return [failed(`Account ${account} does not exist`)];
      return [say({ data: { server_id: id, account_detail: { account_name: account, jwt } } })];
    }
    if (what === 'ACCOUNT' && rest.join('.') === 'CLAIMS.UPDATE') {
      const isKnown = held.has(key);
      if (kind === 'cache' && !isKnown) return [done('jwt update cache skipped', key)];
      if (kind === 'memory' && !isKnown) return [done('jwt update skipped', key)];
      held.set(key, payload);
      return [done(kind === 'cache' ? 'jwt updated cache' : 'jwt updated', key)];
    }
    if (what === 'ACCOUNT' && rest.join('.') === 'CLAIMS.LOOKUP') {
      if (kind !== 'full') return undefined;
      const jwt = held.get(key);
      return jwt === undefined && /^2\.9\.1[0-6]$/.test(version) ? [] : [jwt ?? ''];
    }
    if (kind === 'memory') return undefined;
    if (subject === '$SYS.REQ.CLAIMS.LIST') return [say({ data: [...held.keys()] })];
    if (subject === '$SYS.REQ.CLAIMS.DELETE') {
      const accounts = accountsIn(payload);
      if (!accounts) return [failed('delete accounts request by  failed - expected 3 chunks')];
      for (const account of accounts) held.delete(account);
      return [done(`deleted ${accounts.length} accounts`)];
    }
    if (subject === '$SYS.REQ.CLAIMS.PACK' && kind === 'full') {
      return [...[...held].map(([account, jwt]) => `${account}|${jwt}`), ''];
    }
    return undefined;
  };
  return {
    url,
    name,
    id,
    answer: (subject, payload) => {
      const usual = own(subject, payload);
      return answers?.(subject, usual) ?? usual;
    },
  };
}

/** The accounts that a request wants to have deleted; undefined for what is no request. */
function accountsIn(request: string): string[] | undefined {
  try {
    const { accounts = [] } = (decodeGeneric(request).claims.nats ?? {}) as { accounts?: string[] };
    return accounts;
  } catch {
    return undefined;
  }
}

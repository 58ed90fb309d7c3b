import { successorOf } from '../../domain/keyring/keyring.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { Tree } from '../../domain/tree/tree.js';
import { escapeForTerminal, quote } from '../../lib/display.js';
import type { TaskContext } from '../command.js';
import { inFlight, mostInFlight } from '../distribution/in-flight.js';
import { connectAs } from '../distribution/open-resolver.js';
import { withEnvironment } from '../options/reach.js';
import type { Reach } from '../reach.js';
import type { ConnectedClient, Resolver } from '../resolver.js';
import { findKeyInfo } from './find-key.js';
import { type Expected, judgeCopy, nameAccount } from './judge-copy.js';
import { absentReasons, attempt, reason, type ServerReason } from './server-reason.js';
import { findDistrust } from './trusted-operators.js';

/** Keys that are to go, and how servers are reached. */
export interface ServerCheck {
  /** Public keys of the operator, of accounts or of users. */
  readonly keys: readonly string[];
  readonly reach: Reach;
}

/** Most reasons that are told one by one. */
const MOST_REASONS = 50;

/**
 * Asks the servers what still depends on keys: accounts they hold that one of the keys signed, or that import with an
 * activation it signed, or that do not list its successor yet; operators in their configuration that do not know the
 * successor; and clients connected now that were let in by it. Who is absent or silent is a reason as well, because
 * nobody knows. An account server is asked for the accounts of this store, and knows of nothing else.
 *
 * @returns every reason, at most {@link MOST_REASONS} and how many more there are; none when the keys can go
 * @throws NscError what `connectAs` throws, and `remote-failed` when the connection ends
 */
export async function checkServers(
  context: TaskContext,
  { keys, reach }: ServerCheck,
): Promise<readonly ServerReason[]> {
  const { ports, talk } = context;
  const tls = withEnvironment(reach.tls, ports.env);
  const { resolver } = await connectAs(context, { ...reach, tls }, 'nsc_rotate', 'inspects');
  try {
    talk.progress('asking servers what depends on the old key');
    const reasons = await new ServerInquiry(context, resolver, keys).run();
    const [next, ...others] = reasons.slice(MOST_REASONS);
    if (!next) return reasons;
    return [...reasons.slice(0, MOST_REASONS), reason(next.kind, `and ${others.length + 1} more`)];
  } finally {
    talk.progress(undefined);
    await resolver.close();
  }
}

class ServerInquiry {
  readonly #tree: Tree;
  readonly #resolver: Resolver;
  readonly #talk: TaskContext['talk'];
  readonly #expected: Expected;
  /** The keys of the operator that sign now, where some of the operator are to go. */
  readonly #operatorKeys: ReadonlySet<string>;
  /** Accounts whose users the keys are, or let in. */
  readonly #accounts: ReadonlySet<string>;
  /** Whether any of the keys signs more than users' connections. */
  readonly #signs: boolean;

  constructor({ tree, now, talk }: TaskContext, resolver: Resolver, keys: readonly string[]) {
    const listed = new Map<string, Set<string>>();
    const operatorKeys = new Set<string>();
    const accounts = new Set<string>();
    for (const key of keys) {
      const slot = findKeyInfo(tree, key)?.slot;
      const successor = successorOf(tree.keyring, key);
      const successors = successor === key ? [] : [successor];
      if (key.startsWith('O')) for (const one of successors) operatorKeys.add(one);
      if (!slot || !('account' in slot)) continue;
      accounts.add(slot.account);
      if (slot.kind !== 'user') listed.set(slot.account, new Set([...(listed.get(slot.account) ?? []), ...successors]));
    }
    this.#tree = tree;
    this.#resolver = resolver;
    this.#talk = talk;
    this.#expected = { tree, now, keys: new Set(keys), listed };
    this.#operatorKeys = operatorKeys;
    this.#accounts = accounts;
    this.#signs = keys.some((key) => !key.startsWith('U'));
  }

  async run(): Promise<ServerReason[]> {
    return [
      ...absentReasons(this.#resolver.absent),
      ...(await this.#operators()),
      ...(this.#signs ? await this.#held() : []),
      ...(await this.#connected()),
    ];
  }

  async #operators(): Promise<ServerReason[]> {
    if (this.#operatorKeys.size === 0) return [];
    const distrust = await findDistrust(this.#resolver, [...this.#operatorKeys]);
    const reasons = [...(distrust?.values() ?? [])].flat();
    // a server that does not say says so for all keys
    return reasons.filter(({ text }, at) => reasons.findIndex((one) => one.text === text) === at);
  }

  async #held(): Promise<ServerReason[]> {
    const local = this.#tree
      .accountNames()
      .flatMap((name) => findReadable(() => this.#tree.findAccount(name))?.claims.sub ?? []);
    const holdings = await this.#resolver.list();
    const lists = new Map(holdings?.map((holding) => [holding.server, holding.accounts]));
    const silent = holdings ? this.#resolver.servers.filter(({ name }) => !lists.has(name)) : [];
    const all = [...new Set([...local, ...[...lists.values()].flatMap((accounts) => [...accounts])])];
    let done = 0;
    const reasons = await inFlight(
      all,
      async (account) => {
        const copies = await attempt(() => this.#resolver.copies(account));
        done += 1;
        this.#talk.progress(`looked at ${done} of ${all.length} accounts`);
        if (typeof copies === 'string') return [reason('silence', `${nameAccount(this.#tree, account)}: ${copies}`)];
        const found = copies.flatMap(({ server, token }) =>
          judgeCopy(account, token, this.#expected).map((why) => `${shown(server ?? 'a server')}: ${why}`),
        );
        return [...new Set(found)].map((text) => reason('account', text));
      },
      mostInFlight(this.#resolver),
    );
    return [
      ...silent.map(({ name }) => reason('silence', `${shown(name)}: it did not say which accounts it has`)),
      ...reasons.flat(),
    ];
  }

  async #connected(): Promise<ServerReason[]> {
    const reasons: ServerReason[] = [];
    for (const account of this.#accounts) {
      const answers = await attempt(() => this.#resolver.clients(account, this.#expected.keys));
      const what = nameAccount(this.#tree, account);
      if (typeof answers === 'string') reasons.push(reason('silence', `clients of ${what}: ${answers}`));
      else {
        for (const { server, ...said } of answers ?? []) {
          if (said.problem !== undefined) {
            reasons.push(reason('silence', `${shown(server)}: clients of ${what}: ${shown(said.problem)}`));
          } else {
            for (const client of said.clients)
              reasons.push(reason('client', `${shown(server)}: ${this.#describe(client, what)}`));
          }
        }
      }
    }
    return reasons;
  }

  #describe({ keys, user, name }: ConnectedClient, account: string): string {
    const key = keys.find((one) => this.#expected.keys.has(one)) ?? '';
    const client = name === undefined ? '' : ` (client ${quote(name)})`;
    return `${user === undefined ? 'a user' : `user ${quote(user)}`}${client} of ${account} is connected through ${key}`;
  }
}

const shown = escapeForTerminal;

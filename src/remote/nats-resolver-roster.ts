import type { AbsentServer, ResolverServer } from '../app/resolver.js';
import { plural } from '../lib/plural.js';
import type { Speaker, Status } from './nats-resolver-replies.js';

/** The servers that have said something, each once and under a name of its own. */
export class Roster {
  /** By what tells them apart: the public key, or the name where there is none. */
  readonly #members = new Map<string, ResolverServer>();
  readonly #names = new Set<string>();

  get servers(): readonly ResolverServer[] {
    return [...this.#members.values()];
  }

  get keys(): ReadonlySet<string> {
    return new Set(this.#members.keys());
  }

  /** The server that speaks; one that nobody has heard of is added. */
  add(speaker: Speaker): ResolverServer {
    const key = keyOf(speaker);
    const known = this.#members.get(key);
    if (known) return known;
    const { name, id, version } = speaker;
    const server: ResolverServer = {
      name: this.#names.has(name) ? `${name} (${id ?? 'without an id'})` : name,
      ...(id !== undefined && { id }),
      ...(version !== undefined && { version }),
    };
    this.#members.set(key, server);
    this.#names.add(server.name);
    return server;
  }

  get(key: string): ResolverServer | undefined {
    return this.#members.get(key);
  }
}

/** What tells servers apart. */
export const keyOf = ({ id, name }: Speaker): string => id ?? name;

/** A server that has answered, with what it says. */
export interface Present extends Status {
  readonly speaker: Speaker;
}

/** A URL that was dialled, and who is there. */
export interface Dialled {
  /** Without user, password and query. */
  readonly url: string;
  /** Undefined when nobody could be reached. */
  readonly id: string | undefined;
  readonly reason: string;
}

/**
 * How many servers are counted but have not answered. A server that died is counted for some minutes by those that knew
 * it, also when it is back under a new key: as many of those that a server counts may be former lives of servers that
 * were started after it.
 */
export function countMissing(present: readonly Present[]): number {
  const missing = present.map(({ activeServers, startedAt }) => {
    const younger = present.filter((other) => other.startedAt > startedAt).length;
    return activeServers - present.length - younger;
  });
  return Math.max(0, ...missing);
}

/** Absent servers that are named; of others it is told how many. */
const MOST_NAMED = 20;

/** Names of servers that others have a connection to, and that have not answered themselves; sorted. */
export function findUnanswered(present: readonly Present[]): string[] {
  const answered = new Set(present.flatMap(({ speaker: { name, id } }) => [name, id]));
  const routed = new Set(present.flatMap(({ routes }) => routes));
  return [...routed].filter((name) => !answered.has(name)).sort();
}

/**
 * Servers that should be there and are not. The same one may be known in three ways (a URL, a route to it, or as one more
 * that is counted), and nothing tells which are the same: never more are named than there can be.
 */
export function findAbsent(
  present: readonly Present[],
  dialled: readonly Dialled[],
  timeoutMs: number,
): AbsentServer[] {
  const silence = `no answer within ${timeoutMs / 1000} s`;
  const ids = new Set(present.map(({ speaker }) => speaker.id));
  const unanswered = findUnanswered(present);
  const routed = unanswered.slice(0, MOST_NAMED);
  const unheard = dialled.filter(({ id }) => id === undefined || !ids.has(id));
  const expected = Math.max(countMissing(present), unanswered.length);
  const byUrl = unheard.map(({ url, id, reason }): AbsentServer => {
    const route = routed.length > 0 ? `; there still is a route to ${routed.join(', ')}` : '';
    return { name: url, reason: (id === undefined ? reason : silence) + route };
  });
  if (byUrl.length >= expected) return byUrl;

  const byRoute = routed.map((name): AbsentServer => ({ name, reason: `${silence}, although there is a route to it` }));
  const left = expected - byRoute.length;
  const named = left >= byUrl.length ? [...byRoute, ...byUrl] : byRoute;
  const more = expected - named.length;
  if (more <= 0) return named;
  const reason = `${silence}; the others count it, as they do for some minutes after one is gone`;
  return [...named, { name: plural(more, 'more server'), reason }];
}

import type { Gathered, Nats, NatsIdentity, NatsLink, NatsTarget } from '../app/nats.js';
import type { AbsentServer, ResolverTarget } from '../app/resolver.js';
import { NscError } from '../errors.js';
import { parseNatsUrl } from './nats-link-address.js';
import { MOST_SERVERS, readEnvelope, readStatus } from './nats-resolver-replies.js';
import {
  countMissing,
  type Dialled,
  findAbsent,
  findUnanswered,
  keyOf,
  type Present,
  Roster,
} from './nats-resolver-roster.js';

/** Patience with connecting, at least (nsc-distribution.md §1.11). */
const CONNECT_MS = 5000;

export interface NatsResolverTarget extends ResolverTarget {
  /** The URLs in {@link ResolverTarget.url}. */
  readonly urls: readonly string[];
}

/** A connection to servers that keep accounts, and who they are. */
export interface Opened {
  readonly link: NatsLink;
  readonly roster: Roster;
  readonly absent: readonly AbsentServer[];
  /** Who was connected last. */
  readonly identity: NatsIdentity | undefined;
}

/**
 * Connects to the servers, and asks who is there. Every URL is dialled, so that none of them is missed; one that leads
 * somewhere is enough.
 *
 * @throws NscError `remote-failed`, `bad-value`
 */
export async function openServers(nats: Nats, { urls, timeoutMs, ...rest }: NatsResolverTarget): Promise<Opened> {
  let identity: NatsIdentity | undefined;
  const target = (servers: readonly string[]): NatsTarget => ({
    servers,
    clientName: rest.clientName,
    identity: () => {
      identity = rest.identity();
      return identity;
    },
    ...(rest.tls && { tls: rest.tls }),
    timeoutMs: Math.max(CONNECT_MS, timeoutMs),
    reconnects: false,
  });
  const dialled = urls.length > 1 ? await dialAll(nats, urls, (url) => target([url])) : [];
  const reachable = dialled.filter(({ id }) => id !== undefined).map(({ given }) => given);
  const link = await nats.connect(target([...reachable, ...urls.filter((url) => !reachable.includes(url))]));
  try {
    const known = dialled.length > 0 ? dialled : [{ url: link.url, id: link.serverId, reason: '' }];
    const present = await findPresent(link, known, timeoutMs);
    const roster = new Roster();
    for (const { speaker } of [...present].sort((a, b) => (a.speaker.name < b.speaker.name ? -1 : 1)))
      roster.add(speaker);
    return { link, roster, absent: findAbsent(present, known, timeoutMs), identity };
  } catch (error) {
    await link.close();
    throw error;
  }
}

/** Finds out who is behind each URL. The connections are closed again. */
function dialAll(
  nats: Nats,
  urls: readonly string[],
  targetOf: (url: string) => NatsTarget,
): Promise<(Dialled & { readonly given: string })[]> {
  return Promise.all(
    urls.map(async (given) => {
      const target = targetOf(given);
      const { url } = parseNatsUrl(given, target.tls);
      try {
        const link = await nats.connect(target);
        await link.close();
        return { given, url, id: link.serverId, reason: '' };
      } catch (error) {
        if (!(error instanceof NscError) || error.code !== 'remote-failed') throw error;
        return { given, url, id: undefined, reason: reasonOf(error) };
      }
    }),
  );
}

/** The reason alone, where the refusal is about one URL. */
function reasonOf({ details, message }: NscError): string {
  const [server] = Array.isArray(details.servers) ? details.servers : [];
  return typeof server?.reason === 'string' ? server.reason : message;
}

/**
 * Asks who is there, until all have answered that anybody has heard of.
 *
 * @throws NscError `remote-failed` when nobody answers
 */
async function findPresent(link: NatsLink, dialled: readonly Dialled[], timeoutMs: number): Promise<Present[]> {
  const present = new Map<string, Present>();
  let problem: string | undefined;
  const ids = dialled.flatMap(({ id }) => id ?? []);
  const isSilent = (id: string): boolean => !present.has(id);
  const ask = (): Promise<Gathered> => {
    let seen = 0;
    return link.gather('$SYS.REQ.SERVER.PING', '', {
      timeoutMs,
      isDone: (messages) => {
        for (; seen < messages.length; seen += 1) {
          const message = messages[seen];
          const envelope = message && readEnvelope(message);
          if (!envelope?.speaker) problem ??= envelope?.problem;
          else if (!present.has(keyOf(envelope.speaker))) {
            present.set(keyOf(envelope.speaker), { speaker: envelope.speaker, ...readStatus(envelope) });
          }
        }
        const all = [...present.values()];
        if (seen >= MOST_SERVERS) return true;
        return countMissing(all) === 0 && findUnanswered(all).length === 0 && !ids.some(isSilent);
      },
    });
  };
  const { isUnheard } = await ask();
  // who has just greeted us, and is silent, may have joined the others a moment ago
  if (present.size > 0 && ids.some(isSilent)) await ask();
  if (present.size > 0) return [...present.values()];
  const said = problem === undefined ? `nobody answered within ${timeoutMs / 1000} s` : problem;
  throw new NscError(
    'remote-failed',
    `${link.url}: ${isUnheard ? 'no server listens to requests about accounts' : said}`,
    { hint: 'is the user one of the system account that the servers have?' },
  );
}

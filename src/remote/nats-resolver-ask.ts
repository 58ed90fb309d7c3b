import type { NatsLink, NatsMessage } from '../app/nats.js';
import type { ResolverServer } from '../app/resolver.js';
import { type Envelope, MOST_SERVERS, readEnvelope } from './nats-resolver-replies.js';
import { keyOf, type Roster } from './nats-resolver-roster.js';

/** What servers said to one request. */
export interface Said {
  /** The first answer of each, in order of arrival. */
  readonly answers: ReadonlyMap<ResolverServer, Envelope>;
  /** Answers of servers that do not say who they are. */
  readonly nameless: readonly Envelope[];
  /** Those that were waited for in vain. */
  readonly silent: readonly ResolverServer[];
  /** Nobody listens to such requests. */
  readonly isUnheard: boolean;
}

/** Servers that were silent once are given this part of the patience when all others have answered. */
const GRACE = 0.2;

/**
 * So many times the patience has a server that has to read and verify each of its accounts before it answers: it needs
 * some 0.3 ms for each.
 */
const READING = 10;
const MOST_READING_MS = 60_000;

/** Answers of nobody in particular that are worth telling. */
const MOST_NAMELESS = 10;

/** Which a server answers with an error, whatever it keeps: there is no such account. */
const FENCE = { subject: '$SYS.REQ.SERVER.PING.ACCOUNTZ', payload: '{"account":"-"}' };

/** Sends requests to all servers and knows when to stop waiting. Many requests can be under way at once. */
export class Asker {
  readonly #link: NatsLink;
  readonly #roster: Roster;
  readonly #timeoutMs: number;
  readonly #readingMs: number;
  /** Keys of servers that let a request pass, and have not spoken since. */
  readonly #quiet = new Set<string>();
  /** Whether the request that ends the waiting may be made. */
  #canFence = true;

  constructor(link: NatsLink, roster: Roster, timeoutMs: number) {
    this.#link = link;
    this.#roster = roster;
    this.#timeoutMs = timeoutMs;
    this.#readingMs = Math.max(timeoutMs, Math.min(timeoutMs * READING, MOST_READING_MS));
  }

  /** Asks what every server answers. */
  all(subject: string, payload: string): Promise<Said> {
    return this.#all(subject, payload, this.#timeoutMs);
  }

  async #all(subject: string, payload: string, patienceMs: number): Promise<Said> {
    const waiting = new Set(this.#roster.keys);
    const hearing = new Hearing(this.#roster, (key) => {
      waiting.delete(key);
      this.#quiet.delete(key);
    });
    const isUnheard = await this.#gather(subject, payload, {
      patienceMs,
      onMessage: (message) => hearing.take(message),
      isDone: () => waiting.size === 0,
      isNearlyDone: () => [...waiting].every((key) => this.#quiet.has(key)),
    });
    for (const key of waiting) this.#quiet.add(key);
    return { ...hearing.said(), silent: this.#name(waiting), isUnheard };
  }

  /**
   * Asks what only some servers answer, those that keep accounts, after they have looked at all of them. A second
   * request follows that all answer: every server deals with both in order, so who has answered the second will not
   * answer the first any more.
   *
   * @returns as silent those that answered neither; all that did not answer where the second may not be asked
   */
  async some(subject: string, payload: string): Promise<Said> {
    const waiting = new Set(this.#roster.keys);
    const hearing = new Hearing(this.#roster, (key) => {
      waiting.delete(key);
      this.#quiet.delete(key);
    });
    const { isUnheard, fence } = await this.#fenced(subject, payload, {
      patienceMs: this.#readingMs,
      onMessage: (message) => hearing.take(message),
      isDone: () => waiting.size === 0,
    });
    const said = hearing.said();
    const silent = isUnheard ? [] : (fence?.silent ?? this.#roster.servers);
    return { ...said, silent: silent.filter((server) => !said.answers.has(server)), isUnheard };
  }

  /**
   * Asks what servers answer without saying who they are.
   *
   * @param expected how many answers there will be; undefined when nobody knows
   */
  async unnamed(subject: string, expected: number | undefined): Promise<readonly NatsMessage[]> {
    const messages: NatsMessage[] = [];
    const gathering: Gathering = {
      patienceMs: this.#timeoutMs,
      onMessage: (message) => messages.push(message),
      isDone: () => expected !== undefined && messages.length >= expected,
    };
    if (expected === undefined) await this.#fenced(subject, '', gathering);
    else await this.#gather(subject, '', gathering);
    return [...messages];
  }

  /** Sends a request that an unknown number of servers answers, and waits until no more answers can come. */
  async #fenced(
    subject: string,
    payload: string,
    gathering: Gathering,
  ): Promise<{ readonly isUnheard: boolean; readonly fence: Said | undefined }> {
    const until = new AbortController();
    const gathered = this.#gather(subject, payload, { ...gathering, until: until.signal });
    const fence = this.#fence(gathering.patienceMs);
    fence.then(
      (said) => said && until.abort(),
      () => {}, // the request itself fails as well
    );
    const isUnheard = await gathered;
    return { isUnheard, fence: isUnheard || gathering.isDone() ? undefined : await fence };
  }

  /** @returns undefined where servers may not be asked this */
  async #fence(patienceMs: number): Promise<Said | undefined> {
    if (!this.#canFence) return undefined;
    try {
      const said = await this.#all(FENCE.subject, FENCE.payload, patienceMs);
      return said.isUnheard ? undefined : said;
    } catch {
      this.#canFence = false;
      return undefined;
    }
  }

  /**
   * Hands on what comes until it is done or patience ends. The request stays open beyond that: what comes late is still
   * heard, and tells that a server is there.
   *
   * @returns whether nobody listens
   */
  #gather(
    subject: string,
    payload: string,
    { patienceMs, onMessage, isDone, isNearlyDone, until }: Gathering,
  ): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let taken = 0;
      let grace: NodeJS.Timeout | undefined;
      const end = (isUnheard: boolean): void => {
        clearTimeout(grace);
        resolve(isUnheard);
      };
      const take = (messages: readonly NatsMessage[]): boolean => {
        for (; taken < messages.length; taken += 1) onMessage(messages[taken] as NatsMessage);
        if (isDone() || taken >= MOST_SERVERS) {
          end(false);
          return true;
        }
        waitLess();
        return false;
      };
      const waitLess = (): void => {
        if (isNearlyDone?.()) grace ??= setTimeout(end, this.#timeoutMs * GRACE, false);
      };
      waitLess();
      until?.addEventListener('abort', () => end(false), { once: true });
      this.#link.gather(subject, payload, { timeoutMs: patienceMs, isDone: take }).then(
        ({ messages, isUnheard }) => {
          take(messages);
          end(isUnheard);
        },
        (error: unknown) => {
          clearTimeout(grace);
          reject(error);
        },
      );
    });
  }

  #name(keys: ReadonlySet<string>): ResolverServer[] {
    return [...keys].flatMap((key) => this.#roster.get(key) ?? []);
  }
}

interface Gathering {
  readonly patienceMs: number;
  onMessage(message: NatsMessage): void;
  isDone(): boolean;
  isNearlyDone?(): boolean;
  readonly until?: AbortSignal;
}

/** Answers as they arrive: the first of each server counts. */
class Hearing {
  readonly #answers = new Map<ResolverServer, Envelope>();
  readonly #nameless: Envelope[] = [];
  readonly #roster: Roster;
  readonly #onSpeaker: (key: string) => void;

  constructor(roster: Roster, onSpeaker: (key: string) => void) {
    this.#roster = roster;
    this.#onSpeaker = onSpeaker;
  }

  take(message: NatsMessage): void {
    const envelope = readEnvelope(message);
    if (!envelope.speaker) {
      if (this.#nameless.length < MOST_NAMELESS) this.#nameless.push(envelope);
      return;
    }
    const server = this.#roster.add(envelope.speaker);
    if (!this.#answers.has(server)) this.#answers.set(server, envelope);
    this.#onSpeaker(keyOf(envelope.speaker));
  }

  /** What was heard until now. */
  said(): Pick<Said, 'answers' | 'nameless'> {
    return { answers: new Map(this.#answers), nameless: [...this.#nameless] };
  }
}

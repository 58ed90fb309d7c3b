import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Gathered, GatherOptions, Nats, NatsLink, NatsMessage, NatsTarget } from '../app/nats.js';
import type { Files } from '../app/ports.js';
import { NscError } from '../errors.js';
import { describeEnd } from './nats-link-failure.js';
import { LinkMessage } from './nats-link-message.js';
import { MINUTES_OF_ATTEMPTS, Reconnection } from './nats-link-reconnect.js';
import { Requests } from './nats-link-requests.js';
import { checkSubject, findViolation, notAllowed } from './nats-link-violation.js';
import { openWire, type Wire } from './nats-link-wire.js';

/** Complaints that are told, and kept, until somebody asks for them. */
const MOST_COMPLAINTS = 100;

/**
 * NATS for commands, on the official client of JavaScript.
 *
 * @param files where the files of TLS are
 */
export const natsOf = (files: Pick<Files, 'read'>): Nats => ({ connect: (target) => Link.open(target, files) });

interface Subscriber {
  readonly subject: string;
  readonly queue: string | undefined;
  onMessage(message: NatsMessage): void;
  current?: Subscription;
}

/** A connection that can be made again, with what has to outlive one connection. */
class Link implements NatsLink {
  readonly closed: Promise<Error | undefined>;
  readonly #target: NatsTarget;
  readonly #files: Pick<Files, 'read'>;
  readonly #requests = new Requests();
  readonly #subscribers = new Set<Subscriber>();
  /** Subjects that were refused since the last flush. */
  #complaints: string[] = [];
  #wire: Wire | undefined;
  /** What the servers said about themselves at the last connect. */
  #server = { url: '', name: '', id: '', maxPayload: 0 };
  /** The connection that has the subscription to the inbox of requests. */
  #answering: Wire | undefined;
  /** Why there can be no answers to requests. */
  #deafness: NscError | undefined;
  #isClosing = false;
  #reconnection: Reconnection | undefined;
  #announceEnd: (reason: Error | undefined) => void = () => {};

  private constructor(target: NatsTarget, files: Pick<Files, 'read'>) {
    this.#target = target;
    this.#files = files;
    this.closed = new Promise((resolve) => {
      this.#announceEnd = resolve;
    });
  }

  static async open(target: NatsTarget, files: Pick<Files, 'read'>): Promise<Link> {
    const link = new Link(target, files);
    await link.#connect();
    return link;
  }

  get url(): string {
    return this.#server.url;
  }

  get serverName(): string {
    return this.#server.name;
  }

  get serverId(): string {
    return this.#server.id;
  }

  get maxPayload(): number {
    return this.#wire?.connection.info?.max_payload ?? this.#server.maxPayload; // servers may change it meanwhile
  }

  publish(subject: string, payload: string | Uint8Array, reply?: string): void {
    const { connection } = this.#connected();
    checkSubject(subject);
    if (reply !== undefined) checkSubject(reply);
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    if (bytes.length > this.maxPayload) {
      throw new NscError('bad-value', `a message of ${bytes.length} bytes; ${this.url} takes ${this.maxPayload}`);
    }
    connection.publish(subject, bytes, reply === undefined ? {} : { reply });
  }

  async gather(subject: string, payload: string | Uint8Array, options: GatherOptions): Promise<Gathered> {
    this.#listenForAnswers(this.#connected());
    return this.#requests.gather(subject, options, (reply) => this.publish(subject, payload, reply));
  }

  subscribe(
    subject: string,
    { queue, onMessage }: { readonly queue?: string | undefined; onMessage(message: NatsMessage): void },
  ): { unsubscribe(): void } {
    const wire = this.#connected();
    checkSubject(subject);
    if (queue !== undefined) checkSubject(queue);
    const subscriber: Subscriber = { subject, queue, onMessage };
    this.#subscribers.add(subscriber);
    this.#listen(wire, subscriber);
    return {
      unsubscribe: () => {
        if (!this.#subscribers.delete(subscriber)) return;
        if (this.#wire) subscriber.current?.unsubscribe();
      },
    };
  }

  async flush(): Promise<void> {
    await this.#ask((wire) => wire.connection.flush());
    const complaints = this.#complaints;
    this.#complaints = [];
    if (complaints.length > 0) throw notAllowed(this.url, complaints);
  }

  /** The client of JavaScript measures whole milliseconds only. */
  async roundTrip(): Promise<number> {
    const start = performance.now();
    await this.#ask((wire) => wire.connection.flush());
    return performance.now() - start;
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#reconnection?.stop();
    const wire = this.#wire;
    this.#wire = undefined;
    this.#requests.refuseAll(new NscError('remote-failed', `the connection to ${this.url} was closed`));
    await wire?.connection.close();
    this.#announceEnd(undefined);
  }

  /** @throws NscError `remote-failed` */
  #connected(): Wire {
    if (this.#wire) return this.#wire;
    throw new NscError('remote-failed', `there is no connection to ${this.url} any more`);
  }

  /** A question to the server, which has as long as a connect has. */
  async #ask<T>(question: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = this.#connected();
    const { timeoutMs } = this.#target;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
    });
    try {
      return await Promise.race([question(wire), late]);
    } catch (error) {
      const reason = this.#wire === wire ? (error as Error).message : describeEnd(error as Error, wire);
      throw new NscError('remote-failed', `${wire.url}: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #connect(): Promise<void> {
    const wire = await openWire(this.#target, this.#files, (text) => this.#hear(text));
    if (this.#isClosing) {
      await wire.connection.close();
      return;
    }
    const { server_name: name, server_id: id, max_payload: maxPayload = 0 } = wire.connection.info ?? {};
    this.#server = { url: wire.url, name: asText(name), id: asText(id), maxPayload };
    this.#wire = wire;
    this.#deafness = undefined;
    for (const subscriber of this.#subscribers) this.#listen(wire, subscriber);
    void wire.connection.closed().then((error) => this.#lose(wire, error ?? undefined));
  }

  /** @throws NscError when the server does not allow it */
  #listenForAnswers(wire: Wire): void {
    if (this.#deafness) throw this.#deafness;
    if (this.#answering === wire) return;
    this.#answering = wire;
    const { pattern } = this.#requests;
    const take = this.#safely((message) => this.#requests.take(message));
    wire.connection.subscribe(pattern, take);
  }

  #listen(wire: Wire, subscriber: Subscriber): void {
    const { queue } = subscriber;
    subscriber.current = wire.connection.subscribe(subscriber.subject, {
      ...(queue === undefined ? {} : { queue }),
      ...this.#safely((message) => subscriber.onMessage(new LinkMessage(message))),
    });
  }

  /** nats-core stops listening for good when a callback throws, so nothing may get there. */
  #safely(take: (message: Msg) => void): { callback(error: Error | null, message: Msg): void } {
    return {
      callback: (error, message) => {
        if (error) return; // complaints are heard of by another way
        try {
          take(message);
        } catch (thrown) {
          this.#end(thrown as Error);
        }
      },
    };
  }

  /** Hears what the server does not allow; it ends the connection with what else it says. */
  #hear(text: string): void {
    const violation = findViolation(text);
    if (!violation) return;
    const { subject, isPublish, complaint } = violation;
    const refusal = notAllowed(this.url, [complaint]);
    if (subject === this.#requests.pattern) {
      this.#deafness = refusal;
      this.#requests.refuseAll(refusal);
      return;
    }
    if (isPublish && this.#requests.refuse(subject, refusal)) return;
    if (this.#complaints.length === MOST_COMPLAINTS) return;
    this.#complaints.push(complaint);
    this.#target.onEvent?.(complaint);
  }

  /** A connection ended by itself. */
  #lose(wire: Wire, error: Error | undefined): void {
    if (this.#wire !== wire) return;
    const reason = describeEnd(error, wire);
    this.#wire = undefined;
    const failure = new NscError('remote-failed', `the connection to ${wire.url} was lost: ${reason}`, {
      cause: error,
    });
    this.#requests.refuseAll(failure);
    if (this.#target.reconnects) void this.#reconnect(failure);
    else this.#end(failure);
  }

  async #reconnect(lost: NscError): Promise<void> {
    this.#target.onEvent?.(`${lost.message}; trying to connect again for ${MINUTES_OF_ATTEMPTS} minutes`);
    this.#reconnection = new Reconnection();
    try {
      await this.#reconnection.run(() => this.#connect());
      if (this.#wire) this.#target.onEvent?.(`connected again to ${this.url}`);
    } catch (error) {
      this.#end(error as Error);
    }
  }

  /** Ends for good, with a reason. */
  #end(reason: Error): void {
    if (this.#isClosing) return;
    this.#announceEnd(reason);
    void this.close();
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

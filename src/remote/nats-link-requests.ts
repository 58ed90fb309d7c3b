import { createInbox, type Msg } from '@nats-io/transport-node';
import type { Gathered, GatherOptions, NatsMessage } from '../app/nats.js';
import { NscError } from '../errors.js';
import { LinkMessage, saysUnheard } from './nats-link-message.js';

/** Most bytes of all answers to one request. */
const MOST_ANSWER_BYTES = 256 * 1_048_576;

const afterTheFirst = (): boolean => true;

/** A request that is under way. */
interface Collector {
  readonly subject: string;
  readonly messages: NatsMessage[];
  bytes: number;
  readonly isDone: NonNullable<GatherOptions['isDone']>;
  readonly timer: NodeJS.Timeout;
  resolve(gathered: Gathered): void;
  reject(error: Error): void;
}

/** Requests that are under way and the inbox all of them share: one subscription, however many requests there are. */
export class Requests {
  readonly #inbox = createInbox();
  readonly #collectors = new Map<string, Collector>();
  #next = 0;

  /** What to subscribe to before the first request is published. */
  get pattern(): string {
    return `${this.#inbox}.*`;
  }

  /** @param publish sends the request, with the reply subject it is given; what it throws rejects the request */
  gather(subject: string, options: GatherOptions, publish: (reply: string) => void): Promise<Gathered> {
    return new Promise((resolve, reject) => {
      const token = (this.#next++).toString(36);
      publish(`${this.#inbox}.${token}`);
      const timer = setTimeout(() => this.#finish(token, false), options.timeoutMs);
      const isDone = options.isDone ?? afterTheFirst;
      this.#collectors.set(token, { subject, messages: [], bytes: 0, isDone, timer, resolve, reject });
    });
  }

  /** Takes a message to the inbox. Answers that come too late, or were never asked for, are nobody's. */
  take(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const collector = this.#collectors.get(token);
    if (!collector) return;
    if (saysUnheard(message)) {
      this.#finish(token, true);
      return;
    }
    collector.bytes += message.data.length;
    if (collector.bytes > MOST_ANSWER_BYTES) {
      this.#fail(token, new NscError('remote-failed', `more than ${MOST_ANSWER_BYTES} bytes of answers`));
      return;
    }
    collector.messages.push(new LinkMessage(message));
    try {
      if (collector.isDone(collector.messages)) this.#finish(token, false);
    } catch (error) {
      this.#fail(token, error as Error);
    }
  }

  /**
   * Rejects the requests to a subject.
   *
   * @returns whether there was one
   */
  refuse(subject: string, error: NscError): boolean {
    const refused = [...this.#collectors].filter(([, collector]) => collector.subject === subject);
    for (const [token] of refused) this.#fail(token, error);
    return refused.length > 0;
  }

  /** Rejects everything that is under way. */
  refuseAll(error: NscError): void {
    for (const token of [...this.#collectors.keys()]) this.#fail(token, error);
  }

  #finish(token: string, isUnheard: boolean): void {
    const collector = this.#drop(token);
    collector?.resolve({ messages: collector.messages, isUnheard });
  }

  #fail(token: string, error: Error): void {
    this.#drop(token)?.reject(error);
  }

  #drop(token: string): Collector | undefined {
    const collector = this.#collectors.get(token);
    this.#collectors.delete(token);
    clearTimeout(collector?.timer);
    return collector;
  }
}

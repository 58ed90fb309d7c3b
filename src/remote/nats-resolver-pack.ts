import type { NatsLink, NatsMessage } from '../app/nats.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { readPacked } from './nats-resolver-replies.js';

export interface Packed {
  readonly account: string;
  readonly token: string;
}

/** Most accounts that a server can make us hold; the link bounds the bytes. */
const MOST_ACCOUNTS = 200_000;

/** However steadily it comes, it has to end. */
const MOST_TIME_MS = 10 * 60_000;

/**
 * All accounts of one server that keeps every account: messages with `A…|JWT`, and an empty one at the end
 * (nsc-distribution.md §1.6). What breaks off, never ends or is something else is refused.
 *
 * @param patienceMs how long to wait for each message
 * @throws NscError `remote-failed`
 */
export async function* receivePack(link: NatsLink, patienceMs: number): AsyncGenerator<Packed> {
  const stream = new Stream(link);
  let accounts = 0;
  try {
    for (;;) {
      const message = await stream.next(patienceMs);
      if (message === 'unheard') throw refusal('no server here keeps every account, so none can hand them out');
      if (message === undefined) throw refusal(describeSilence(accounts, patienceMs));
      if (message.data.length === 0) return;
      const lines = message.text().split('\n');
      accounts += lines.length;
      if (accounts > MOST_ACCOUNTS) throw refusal('the server hands out more than any server keeps');
      yield* lines.map(unpack);
    }
  } finally {
    stream.end();
  }
}

const describeSilence = (accounts: number, patienceMs: number): string =>
  accounts === 0
    ? `no server began to hand out its accounts within ${patienceMs / 1000} s`
    : `the server stopped after ${accounts} accounts without saying that these are all`;

function unpack(line: string): Packed {
  const packed = readPacked(line);
  if (packed) return packed;
  throw refusal(`the server hands out what is no account: ${quote(line.slice(0, 80))}`);
}

const refusal = (message: string): NscError => new NscError('remote-failed', message);

/** Messages of a pack in the order in which they arrive. */
class Stream {
  #messages: readonly NatsMessage[] = [];
  #taken = 0;
  #isEnded = false;
  #failure: 'unheard' | Error | undefined;
  #wake: () => void = () => {};

  constructor(link: NatsLink) {
    const options = { timeoutMs: MOST_TIME_MS, isDone: (messages: readonly NatsMessage[]) => this.#take(messages) };
    link.gather('$SYS.REQ.CLAIMS.PACK', '', options).then(
      ({ messages, isUnheard }) => {
        this.#take(messages);
        this.#fail(isUnheard ? 'unheard' : undefined);
      },
      (error: Error) => this.#fail(error),
    );
  }

  /** The next message; undefined when none arrives in time. Throws what ended the connection. */
  async next(patienceMs: number): Promise<NatsMessage | 'unheard' | undefined> {
    if (this.#taken === this.#messages.length && !this.#isEnded) await this.#news(patienceMs);
    const message = this.#messages[this.#taken];
    if (message) {
      this.#taken += 1;
      return message;
    }
    if (this.#failure instanceof Error) throw this.#failure;
    return this.#failure;
  }

  /** Nobody wants the rest. */
  end(): void {
    this.#isEnded = true;
  }

  /** @returns whether the server need not go on */
  #take(messages: readonly NatsMessage[]): boolean {
    this.#messages = messages;
    this.#wake();
    return this.#isEnded || messages.length > MOST_ACCOUNTS || messages.at(-1)?.data.length === 0;
  }

  #fail(failure: 'unheard' | Error | undefined): void {
    this.#failure = failure;
    this.#isEnded = true;
    this.#wake();
  }

  async #news(patienceMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    clearTimeout(timer);
  }
}

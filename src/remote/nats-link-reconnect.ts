import { NscError } from '../errors.js';
import { isRefusal } from './nats-link-failure.js';

/** How often a lost connection is made again, and how long to wait before each (nsc-distribution.md §0.5). */
const MOST_ATTEMPTS = 300;
const WAIT_MS = 2000;
/** Like Go's client, a user that is refused twice in a row is not tried again. */
const MOST_REFUSALS = 2;

export const MINUTES_OF_ATTEMPTS = (MOST_ATTEMPTS * WAIT_MS) / 60_000;

/** Tries to connect again until it works, or has to be given up. */
export class Reconnection {
  #isStopped = false;
  #endWait: () => void = () => {};

  /**
   * Fulfilled when connected, or stopped. Rejected with the last error otherwise.
   *
   * @param connect one attempt
   */
  async run(connect: () => Promise<void>): Promise<void> {
    let refusals = 0;
    for (let left = MOST_ATTEMPTS; ; left -= 1) {
      await this.#wait();
      if (this.#isStopped) return;
      try {
        await connect();
        return;
      } catch (error) {
        if (!isRemoteFailure(error)) throw error;
        refusals = isRefusal(error) ? refusals + 1 : 0;
        if (left === 1 || refusals === MOST_REFUSALS) throw error;
      }
    }
  }

  /** Leaves no timer behind. An attempt that is under way ends by itself. */
  stop(): void {
    this.#isStopped = true;
    this.#endWait();
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, WAIT_MS);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Anything else would fail again: a file of TLS that has gone, a user that nobody can sign any more. */
const isRemoteFailure = (error: unknown): boolean => error instanceof NscError && error.code === 'remote-failed';

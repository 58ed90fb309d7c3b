import { NscError } from '../../errors.js';
import type { Resolver, ServerAnswer } from '../resolver.js';
import { inFlight, mostInFlight } from './in-flight.js';

/** An account on its way. */
export interface Outgoing {
  readonly name: string;
  readonly key: string;
  readonly token: string;
}

export interface Sent {
  readonly account: Outgoing;
  /** One for each server; none when it was not sent. */
  readonly answers: readonly ServerAnswer[];
  /** Why there are no answers. */
  readonly failure?: NscError;
}

export interface SendOptions {
  /** Aborted when somebody wants it to end. */
  readonly interrupted?: AbortSignal | undefined;
  onProgress?(done: number): void;
}

/**
 * Sends accounts, many at a time over one connection (S-1), and collects what every server says (S-9). Once the connection
 * is lost, the account server is silent or somebody interrupts, nothing more is sent; the others are there with a
 * failure, so that nothing of what was done is forgotten.
 *
 * @returns one for each account, in the order given
 */
export async function sendAccounts(
  resolver: Resolver,
  accounts: readonly Outgoing[],
  { interrupted, onProgress }: SendOptions = {},
): Promise<Sent[]> {
  let ended: NscError | undefined;
  let done = 0;
  const send = async (account: Outgoing): Promise<Sent> => {
    if (interrupted?.aborted) ended ??= new NscError('interrupted', 'interrupted');
    if (ended) return { account, answers: [], failure: ended };
    try {
      const answers = await resolver.update(account.key, account.token);
      ended ??= silenceOf(resolver, answers);
      done += 1;
      onProgress?.(done);
      return { account, answers };
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      ended ??= error;
      return { account, answers: [], failure: error };
    }
  };
  return inFlight(accounts, send, mostInFlight(resolver));
}

/** There is one account server; when it does not answer, nobody would take the others either. */
function silenceOf({ kind, url }: Resolver, answers: readonly ServerAnswer[]): NscError | undefined {
  if (kind !== 'http' || !answers.some(({ state }) => state === 'silent')) return undefined;
  return new NscError('remote-failed', `${url} does not answer`);
}

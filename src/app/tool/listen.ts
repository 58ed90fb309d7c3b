import { NscError } from '../../errors.js';
import { plural } from '../../lib/plural.js';
import type { TaskContext } from '../command.js';
import type { NatsLink, NatsMessage } from '../nats.js';

export interface Listening {
  readonly subject: string;
  readonly queue?: string | undefined;
  /** After so many messages it ends; undefined = only when it is interrupted. */
  readonly max?: number | undefined;
  /** Told once, before any message. */
  onListening(): void;
  /** @param count of this message, from 1 */
  onMessage(message: NatsMessage, count: number): void;
}

/**
 * Subscribes, says so once the server has heard of it, and hands on messages until there were enough or somebody
 * interrupts; nothing is handed on after that.
 *
 * @throws NscError `remote-failed` when the subject is not allowed, or the connection ends
 */
export async function listen(
  { talk, interrupted }: Pick<TaskContext, 'talk' | 'interrupted'>,
  link: NatsLink,
  { subject, queue, max, onListening, onMessage }: Listening,
): Promise<void> {
  let count = 0;
  let isOver = false;
  let end = (): void => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => {
      isOver = true;
      resolve(undefined);
    };
  });
  interrupted.addEventListener('abort', end, { once: true });
  if (interrupted.aborted) end();
  try {
    const subscription = link.subscribe(subject, {
      queue,
      onMessage(message) {
        if (isOver) return;
        count += 1;
        onMessage(message, count);
        if (count === max) end();
      },
    });
    await link.flush();
    if (!isOver) talk.note(`listening on [${subject}]${max === undefined ? '' : ` for ${plural(max, 'message')}`}`);
    onListening();
    const reason = await Promise.race([ended, link.closed]);
    if (!isOver) throw closedEarly(reason);
    subscription.unsubscribe();
    await link.flush().catch((error: unknown) => {
      if (!interrupted.aborted) throw error;
    });
  } finally {
    interrupted.removeEventListener('abort', end);
  }
}

function closedEarly(reason: Error | undefined): NscError {
  if (reason instanceof NscError) return reason;
  return new NscError('remote-failed', `the connection ended${reason ? `: ${reason.message}` : ''}`);
}

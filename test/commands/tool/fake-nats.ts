import type { Command, Task } from '../../../src/app/command.js';
import type { Gathered, Nats, NatsLink, NatsMessage, NatsTarget } from '../../../src/app/nats.js';
import type { OptionSet } from '../../../src/app/option.js';
import type { Result } from '../../../src/app/result.js';
import { NscError } from '../../../src/errors.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';

/** What the server of a test does. */
export interface Behaviour {
  /** Messages that come once somebody has subscribed. */
  readonly messages?: readonly NatsMessage[];
  /** What a request comes to. */
  readonly gathered?: Gathered;
  /** Thrown by every flush. */
  readonly refusal?: NscError;
  /** With what the connection ends after the messages. */
  readonly end?: Error | 'end';
  readonly maxPayload?: number;
  /** What happens to the connection before somebody has subscribed, and after. */
  readonly events?: readonly [early: string, later: string];
}

/** A message with a text or bytes in it. */
export function message(subject: string, data: string | Uint8Array, reply?: string): NatsMessage {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return { subject, data: bytes, reply, text: () => new TextDecoder().decode(bytes) };
}

/** A server that lets everybody in, and writes down what was done; somebody is told when all messages were sent. */
export const fakeNats = (behaviour: Behaviour, log: string[] = [], onDelivered = (): void => {}): Nats => ({
  async connect(wanted) {
    const [early, later] = behaviour.events ?? [];
    if (early !== undefined) wanted.onEvent?.(early);
    return fakeLink(behaviour, log, { onListening: () => later !== undefined && wanted.onEvent?.(later), onDelivered });
  },
});

/** What a tool did and said. */
export interface Run {
  /** As whom, where and how it connected. */
  readonly target: NatsTarget | undefined;
  /** `publish …`, `subscribe …`, `request …`, `close`, in order. */
  readonly log: readonly string[];
  /** What people were told. */
  readonly told: readonly string[];
  readonly result: Result | NscError;
}

/** Runs a tool against a server that does as it is told. */
export async function use(
  command: Command,
  given: Given,
  line: string,
  behaviour: Behaviour & { interrupt?: 'first' | 'later' } = {},
): Promise<Run> {
  let target: NatsTarget | undefined;
  const log: string[] = [];
  const server = fakeNats(behaviour, log, () => {
    if (behaviour.interrupt === 'later') world.interruption.abort();
  });
  const nats: Nats = {
    connect(wanted) {
      target = wanted;
      return server.connect(wanted);
    },
  };
  const world = new FakeWorld({ ...given, nats });
  if (behaviour.interrupt === 'first') world.interruption.abort();
  const result = await run(command, world, line);
  return { target, log, told: world.told.map(world.aliases.name), result };
}

async function run(command: Command, world: FakeWorld, line: string): Promise<Result | NscError> {
  try {
    const { context, input } = await world.prepare(command, line);
    return await (command as Task<OptionSet>).run(context, input);
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
}

function fakeLink(
  behaviour: Behaviour,
  log: string[],
  { onListening, onDelivered }: { readonly onListening: () => void; readonly onDelivered: () => void },
): NatsLink {
  const { messages = [], gathered = { messages: [], isUnheard: false }, refusal, end, maxPayload = 1024 } = behaviour;
  let deliver = (): void => {};
  let finish = (_reason: Error | undefined): void => {};
  const closed = new Promise<Error | undefined>((resolve) => {
    finish = resolve;
  });
  const shown = (data: string | Uint8Array): string =>
    typeof data === 'string' ? data : new TextDecoder().decode(data);
  return {
    url: 'nats://127.0.0.1:4222',
    serverName: 'S1',
    serverId: 'NS1',
    maxPayload,
    closed,
    publish: (subject, payload) => void log.push(`publish ${subject} ${shown(payload)}`),
    async gather(subject, payload, { timeoutMs }) {
      log.push(`request ${subject} ${shown(payload)} ${timeoutMs}`);
      return gathered;
    },
    subscribe(subject, { queue, onMessage }) {
      log.push(`subscribe ${subject}${queue === undefined ? '' : ` ${queue}`}`);
      deliver = () => {
        onListening();
        for (const one of messages) onMessage(one);
        if (end !== undefined) finish(end === 'end' ? undefined : end);
        onDelivered();
        deliver = () => {};
      };
      return { unsubscribe: () => void log.push('unsubscribe') };
    },
    async flush() {
      if (refusal) throw refusal;
      setImmediate(() => deliver());
    },
    roundTrip: async () => 3.7123,
    async close() {
      log.push('close');
      finish(undefined);
    },
  };
}

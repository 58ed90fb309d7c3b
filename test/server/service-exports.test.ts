import { headers } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { Client } from './client.js';
import { isServerBefore, skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** Account "A" with a service that "B" imports, and a client in each. */
async function connectBoth(exportFlags: string, ...more: string[]): Promise<{ a: Client; b: Client }> {
  const hierarchy = await Hierarchy.make(
    'add operator O --sys',
    'add account A',
    'add account B',
    'add user -a A a',
    'add user -a B b',
    `add export -a A --service -s calls ${exportFlags}`,
    'add import -a B --service --src-account A --remote-subject calls',
    ...more,
  );
  const server = await NatsServer.start(await hierarchy.config());
  return {
    a: await Client.connect(server, await hierarchy.creds('a', 'A')),
    b: await Client.connect(server, await hierarchy.creds('b', 'B')),
  };
}

/** How many messages a subject got when everybody is done. */
async function count(client: Client, subject: string, act: () => Promise<unknown>): Promise<number> {
  let arrived = 0;
  client.serve(subject, () => {
    arrived += 1;
  });
  await client.settle();
  await act();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await client.settle();
  return arrived;
}

describe.skipIf(skipsServer)('how long a service takes', () => {
  it('is published for every request with --latency and --sampling', async () => {
    const { a, b } = await connectBoth('--latency lat.calls --sampling 100');
    a.serve('calls', (request) => request.respond('done'));
    await a.settle();
    expect(await count(a, 'lat.calls', () => b.ask('calls'))).toBe(1);
  });

  it('is published for requests that ask for it with --latency alone', async () => {
    const { a, b } = await connectBoth('--latency lat.calls');
    a.serve('calls', (request) => request.respond('done'));
    await a.settle();
    expect(await count(a, 'lat.calls', () => b.ask('calls'))).toBe(0);
    const sampled = headers();
    sampled.set('Uber-Trace-Id', '1:2:3:1');
    const request = () => b.connection.request('calls', '', { timeout: 1000, headers: sampled });
    expect(await count(a, 'lat.calls', request)).toBe(1);
  });

  it('is no longer published after --rm-latency-sampling', async () => {
    const { a, b } = await connectBoth(
      '--latency lat.calls --sampling 100',
      'edit export -a A --service -s calls --rm-latency-sampling',
    );
    a.serve('calls', (request) => request.respond('done'));
    await a.settle();
    expect(await count(a, 'lat.calls', () => b.ask('calls'))).toBe(0);
  });
});

describe.skipIf(skipsServer)('an answer of several messages', () => {
  const answers = async (flags: string): Promise<number> => {
    const { a, b } = await connectBoth(flags);
    a.serve('calls', (request) => {
      for (const part of ['1', '2', '3', '']) request.respond(part);
    });
    await a.settle();
    return count(b, 'mine', async () => b.connection.publish('calls', '', { reply: 'mine' }));
  };
  it.each([
    ['Singleton', 1],
    ['Stream', 4],
    ['Chunked', 4],
  ])('of a %s service arrives as %s', async (type, arrived) => {
    expect(await answers(`--response-type ${type}`)).toBe(arrived);
  });
});

describe.skipIf(skipsServer)('an answer', () => {
  it.each([
    ['arrives when there is no threshold', '', 1],
    ['arrives within the threshold', '--response-threshold 10s', 1],
    ['is lost after the threshold', '--response-threshold 100ms', 0],
  ])('%s', async (_what, flags, arrived) => {
    const { a, b } = await connectBoth(flags);
    a.serve('calls', (request) => setTimeout(() => request.respond('late'), 700));
    await a.settle();
    const ask = async (): Promise<void> => {
      b.connection.publish('calls', '', { reply: 'mine' });
      await new Promise((resolve) => setTimeout(resolve, 900));
    };
    expect(await count(b, 'mine', ask)).toBe(arrived);
  });
});

describe.skipIf(skipsServer || isServerBefore(2, 11))('traces, which servers send from 2.11 on,', () => {
  it.each([
    ['end where a service is imported', '', ['in', 'si']],
    ['go on to the service where its export allows it', '--allow-trace', ['in', 'si', 'eg']],
  ])('%s', async (_what, flags, steps) => {
    const { a, b } = await connectBoth(flags);
    a.serve('calls', () => {});
    await a.settle();
    const traced = headers();
    traced.set('Nats-Trace-Dest', 'traces');
    const events: string[] = [];
    const publish = async (): Promise<void> => b.connection.publish('calls', '', { headers: traced, reply: 'mine' });
    b.serve('traces', (message) => {
      for (const { type } of message.json<{ events: { type: string }[] }>().events) events.push(type);
    });
    expect(await count(b, 'traces', publish)).toBe(1);
    expect(events).toEqual(steps);
  });

  it('go where the account says', async () => {
    const { b } = await connectBoth(
      '',
      'edit account B --trace-context-subject traces.here --trace-context-sampling 100',
    );
    const traced = headers();
    traced.set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    const publish = async (): Promise<void> => b.connection.publish('calls', '', { headers: traced, reply: 'mine' });
    expect(await count(b, 'traces.here', publish)).toBeGreaterThan(0);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

const INBOX = '_INBOX.>';

/** A server with an account whose user "any" may do everything. */
async function startWith(...users: readonly string[]): Promise<{
  hierarchy: Hierarchy;
  server: NatsServer;
  connect: (user: string) => Promise<Client>;
}> {
  const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user any', ...users);
  const server = await NatsServer.start(await hierarchy.config());
  return { hierarchy, server, connect: async (user) => Client.connect(server, await hierarchy.creds(user)) };
}

describe.skipIf(skipsServer)('permissions on a server', () => {
  it('allow what is listed and nothing else', async () => {
    const { connect } = await startWith(`add user alice --allow-pub orders.> --allow-sub orders.*,${INBOX}`);
    const [alice, any] = [await connect('alice'), await connect('any')];
    expect(await any.delivers('orders.new', alice)).toBe(true);
    expect(await alice.delivers('orders.new', any)).toBe(true);
    expect(alice.violations).toEqual([]);

    expect(await any.delivers('billing.new', alice)).toBe(false);
    expect(await alice.delivers('orders.new.deep', any)).toBe(false);
    await alice.settle();
    expect(alice.violations).toEqual(['publish billing.new', 'subscription orders.new.deep']);
  });

  it('deny what is listed and nothing else', async () => {
    const { connect } = await startWith('add user alice --deny-pubsub secret.>');
    const [alice, any] = [await connect('alice'), await connect('any')];
    expect(await any.delivers('orders', alice)).toBe(true);
    expect(await any.delivers('secret.x', alice)).toBe(false);
    expect(await alice.delivers('secret.x', any)).toBe(false);
    await alice.settle();
    expect(alice.violations).toEqual(['publish secret.x', 'subscription secret.x']);
  });

  it('allow a queue only', async () => {
    const { hierarchy, server, connect } = await startWith();
    await hierarchy.nsc(['add', 'user', 'worker', '--allow-sub', 'jobs.* workers']);
    await server.reload(await hierarchy.config());
    const worker = await connect('worker');
    worker.connection.subscribe('jobs.a', { queue: 'workers' });
    worker.connection.subscribe('jobs.b', { queue: 'others' });
    worker.connection.subscribe('jobs.c');
    await worker.settle();
    expect(worker.violations).toEqual(['subscription jobs.b', 'subscription jobs.c']);
  });

  it('let a service reply to requests, as often as allowed, and publish nothing else', async () => {
    const { connect } = await startWith('add user service --allow-sub jobs.> --allow-pub-response=2');
    const [service, any] = [await connect('service'), await connect('any')];
    service.serve('jobs.>', (message) => {
      for (const reply of ['1', '2', '3']) message.respond(reply);
    });
    await service.connection.flush();

    const replies: string[] = [];
    const inbox = 'replies.mine';
    any.connection.subscribe(inbox, { callback: (_error, message) => void replies.push(message.string()) });
    any.connection.publish('jobs.one', undefined, { reply: inbox });
    await any.settle();
    await service.settle();
    await service.settle();
    await any.settle();
    expect(replies).toEqual(['1', '2']);
    expect(await any.delivers('orders', service)).toBe(false);
    await service.settle();
    expect(service.violations).toEqual([`publish ${inbox}`, 'publish orders']);
  });

  it('come from the account for users that have none', async () => {
    const { hierarchy, server } = await startWith('edit account A --deny-pub secret');
    const any = await Client.connect(server, await hierarchy.creds('any'));
    expect(await any.delivers('orders')).toBe(true);
    expect(await any.delivers('secret')).toBe(false);
    expect(any.violations).toEqual(['publish secret']);
  });
});

describe.skipIf(skipsServer)('limits on a server', () => {
  it('stop connections beyond those of the account', async () => {
    const { server, connect, hierarchy } = await startWith('edit account A --conns 2');
    await connect('any');
    await connect('any');
    await refusalOf(server, await hierarchy.creds('any'));
    await server.waitFor(/maximum account active connections exceeded/i);
  });

  it('stop messages and subscriptions beyond those of the user', async () => {
    const { connect } = await startWith('add user small', 'edit user small --payload 10 --subs 1');
    const small = await connect('small');
    small.connection.publish('x', 'exactly 10');
    await small.settle();
    expect(small.errors).toEqual([]);
    small.connection.subscribe('a');
    small.connection.subscribe('b');
    await small.settle();
    await vi.waitFor(() => expect(small.errors).toEqual([expect.stringMatching(/maximum subscriptions exceeded/i)]));
    expect(small.connection.info).toMatchObject({ max_payload: 10 });
    // The client would refuse by itself.
    Object.assign(small.connection.info ?? {}, { max_payload: 1000 });
    small.connection.publish('x', 'more than 10');
    expect(await small.closing()).toMatch(/maximum payload/i);
  });

  it('keep bearers out of an account that disallows them', async () => {
    const { hierarchy, server } = await startWith('add user bearer --bearer');
    const creds = await hierarchy.creds('bearer');
    await Client.connect(server, creds);
    await hierarchy.nsc('delete user bearer');
    await hierarchy.nsc('edit account A --disallow-bearer');
    await server.reload(await hierarchy.config());
    expect(await refusalOf(server, creds)).toBe('Authorization Violation');
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Import } from '../../src/index.js';
import { Client } from './client.js';
import { skipsServer } from './find-server.js';
import { Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';

/** Accounts "A", which exports, and "B", which imports, each with a user named like it in small letters. */
const makeAccounts = (...lines: string[]): Promise<Hierarchy> =>
  Hierarchy.make(
    'add operator O --sys',
    'add account A',
    'add account B',
    'add user -a A a',
    'add user -a B b',
    ...lines,
  );

/** A server that knows the hierarchy as it is now, with a client in each account. */
async function connectBoth(hierarchy: Hierarchy): Promise<{ a: Client; b: Client }> {
  const server = await NatsServer.start(await hierarchy.config());
  return {
    a: await Client.connect(server, await hierarchy.creds('a', 'A')),
    b: await Client.connect(server, await hierarchy.creds('b', 'B')),
  };
}

/** An activation of A for B, in a file. */
async function activate(hierarchy: Hierarchy, subject: string): Promise<string> {
  const file = join(hierarchy.session.home, 'activation.jwt');
  await hierarchy.nsc(['generate', 'activation', '-a', 'A', '-s', subject, '-t', 'B', '-o', file]);
  return file;
}

/** Gives B an import that our program would refuse. */
async function importUnasked(hierarchy: Hierarchy, unasked: Import): Promise<void> {
  const before = hierarchy.claims('B');
  const account = hierarchy.claims('A').sub ?? '';
  const claims = { ...before, nats: { ...before.nats, imports: [{ ...unasked, account }] } };
  hierarchy.writeAccount('B', claims, hierarchy.pair(before.iss ?? ''));
}

describe.skipIf(skipsServer)('a stream that is shared', () => {
  it('carries messages when it is public, under the subject the importer chose', async () => {
    const hierarchy = await makeAccounts(
      'add export -a A -n news -s news.>',
      'add import -a B --src-account A --remote-subject news.> --local-subject from.a.>',
    );
    const { a, b } = await connectBoth(hierarchy);
    expect(await b.delivers('from.a.sports', a, 'news.sports')).toBe(true);
    expect(await b.delivers('news.sports', a)).toBe(false);
    expect(await b.delivers('from.a.sports', a, 'olds.sports')).toBe(false);
    expect(await a.delivers('news.sports', b)).toBe(false);
  });

  it('carries what the activation covers when it is private, and no more', async () => {
    const hierarchy = await makeAccounts('add export -a A -n orders -s orders.> --private');
    await hierarchy.nsc(['add', 'import', '-a', 'B', '--token', await activate(hierarchy, 'orders.eu.>')]);
    const { a, b } = await connectBoth(hierarchy);
    expect(await b.delivers('orders.eu.1', a)).toBe(true);
    expect(await b.delivers('orders.us.1', a)).toBe(false);
  });

  it('carries nothing when it is private and there is no activation', async () => {
    const hierarchy = await makeAccounts('add export -a A -n orders -s orders.> --private');
    await importUnasked(hierarchy, { name: 'orders', subject: 'orders.>', type: 'stream' });
    const { a, b } = await connectBoth(hierarchy);
    expect(await b.delivers('orders.eu.1', a)).toBe(false);
    expect(await a.delivers('orders.eu.1')).toBe(true);
  });

  it('carries nothing once the activation is revoked, and again with one that is made right afterwards', async () => {
    const hierarchy = await makeAccounts('add export -a A -n orders -s orders.> --private');
    await hierarchy.nsc(['add', 'import', '-a', 'B', '--token', await activate(hierarchy, 'orders.>')]);
    await hierarchy.nsc('revocations add-activation -a A -s orders.> -t B');
    const shut = await connectBoth(hierarchy);
    expect(await shut.b.delivers('orders.1', shut.a)).toBe(false);

    await hierarchy.nsc('delete import -a B -s orders.>');
    await hierarchy.nsc(['add', 'import', '-a', 'B', '--token', await activate(hierarchy, 'orders.>')]);
    const open = await connectBoth(hierarchy);
    expect(await open.b.delivers('orders.1', open.a)).toBe(true);
  });

  it('gives each importer its own subject by account token position', async () => {
    const hierarchy = await makeAccounts('add export -a A -s data.*.> --account-token-position 2');
    const key = hierarchy.claims('B').sub ?? '';
    await hierarchy.nsc(['add', 'import', '-a', 'B', '--src-account', 'A', '--remote-subject', `data.${key}.>`]);
    const { a, b } = await connectBoth(hierarchy);
    expect(await b.delivers(`data.${key}.x`, a)).toBe(true);
  });
});

describe.skipIf(skipsServer)('a service that is shared', () => {
  it('answers when it is public, under the subject the importer chose', async () => {
    const hierarchy = await makeAccounts(
      'add export -a A --service -s calls.*.get',
      'add import -a B --service --src-account A --remote-subject calls.*.get --local-subject mine.*',
    );
    const { a, b } = await connectBoth(hierarchy);
    a.serve('calls.*.get', (request) => request.respond(`a: ${request.subject}`));
    await a.settle();
    expect(await b.ask('mine.7')).toBe('a: calls.7.get');
    expect(await b.ask('calls.7.get')).toBeUndefined();
  });

  it('answers with an activation when it is private, and not without', async () => {
    const hierarchy = await makeAccounts('add export -a A --service -s secrets --private');
    const file = await activate(hierarchy, 'secrets');
    await importUnasked(hierarchy, { name: 'secrets', subject: 'secrets', type: 'service' });
    const answering = async (): Promise<string | undefined> => {
      const { a, b } = await connectBoth(hierarchy);
      a.serve('secrets', (request) => request.respond('42'));
      await a.settle();
      return b.ask('secrets');
    };
    expect(await answering()).toBeUndefined();
    await hierarchy.nsc('delete import -a B -s secrets');
    await hierarchy.nsc(['add', 'import', '-a', 'B', '--token', file]);
    expect(await answering()).toBe('42');
    await hierarchy.nsc('revocations add-activation -a A --service -s secrets -t B');
    expect(await answering()).toBeUndefined();
  });
});

describe.skipIf(skipsServer)('a mapping', () => {
  const MESSAGES = 2000;

  /** How many of many messages to `orders` arrive where. */
  async function split(config: string, creds: string): Promise<Record<string, number>> {
    const server = await NatsServer.start(config);
    const client = await Client.connect(server, creds);
    const counts: Record<string, number> = {};
    client.serve('>', ({ subject }) => {
      counts[subject] = (counts[subject] ?? 0) + 1;
    });
    await client.settle();
    for (let sent = 0; sent < MESSAGES; sent += 1) client.connection.publish('orders');
    await client.settle();
    return counts;
  }

  it('splits traffic by weight; what no weight covers stays where it is', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O --sys',
      'add account A',
      'add user u',
      'add mapping --from orders --to orders.old --weight 60',
      'add mapping --from orders --to orders.new --weight 30',
    );
    const counts = await split(await hierarchy.config(), await hierarchy.creds('u'));
    // Five standard deviations of a fair split are 110 messages and less.
    expect(Math.abs((counts['orders.old'] ?? 0) - 0.6 * MESSAGES)).toBeLessThan(110);
    expect(Math.abs((counts['orders.new'] ?? 0) - 0.3 * MESSAGES)).toBeLessThan(110);
    const arrived = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(arrived).toBe(MESSAGES);
  });

  it('for a cluster holds in that cluster only', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O --sys',
      'add account A',
      'add user u',
      'add mapping --from orders --to orders.here --cluster C1',
    );
    const config = await hierarchy.config();
    const creds = await hierarchy.creds('u');
    const inCluster = `${config}\ncluster { name: C1, listen: '127.0.0.1:-1' }\n`;
    expect(await split(inCluster, creds)).toEqual({ 'orders.here': MESSAGES });
    expect(await split(config, creds)).toEqual({ orders: MESSAGES });
  });

  it('that is added without a warning works on every server', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user u');
    const cases: [from: string, to: string, published: string, arrived: string][] = [
      ['plain', 'there', 'plain', 'there'],
      ['swap.*.*', 'swapped.{{wildcard(2)}}.{{wildcard(1)}}', 'swap.a.b', 'swapped.b.a'],
      ['old.*', 'new.$1', 'old.a', 'new.a'],
      ['jobs.*', 'job.{{partition(1,1)}}.$1', 'jobs.a', 'job.0.a'],
      ['cut.*', 'pieces.{{splitFromLeft(1,2)}}', 'cut.abc', 'pieces.ab.c'],
      ['end.*', 'ends.{{SplitFromRight(1,2)}}', 'end.abc', 'ends.a.bc'],
      ['slice.*', 'slices.{{sliceFromLeft(1,2)}}', 'slice.abcd', 'slices.ab.cd'],
      ['words.*', 'word.{{split(1,-)}}', 'words.a-b', 'word.a.b'],
    ];
    for (const [from, to] of cases) {
      const { warnings } = JSON.parse(await hierarchy.nsc(['add', 'mapping', '--json', '-f', from, '-t', to]));
      expect(warnings ?? []).toEqual([]);
    }
    const server = await NatsServer.start(await hierarchy.config());
    const client = await Client.connect(server, await hierarchy.creds('u'));
    for (const [, , published, arrived] of cases) {
      expect(`${arrived}: ${await client.delivers(arrived, client, published)}`).toBe(`${arrived}: true`);
    }
  });

  it('that is deleted leaves the traffic where it was', async () => {
    const hierarchy = await Hierarchy.make(
      'add operator O --sys',
      'add account A',
      'add user u',
      'add mapping --from orders --to orders.new',
      'delete mapping --from orders --to orders.new',
    );
    expect(await split(await hierarchy.config(), await hierarchy.creds('u'))).toEqual({ orders: MESSAGES });
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import type { NatsIdentity } from '../../src/app/nats.js';
import type { Resolver } from '../../src/app/resolver.js';
import { encodeToken, issue, keyPairFromRaw, newAccount, newUser, randomSeed } from '../../src/index.js';
import { resolversOf } from '../../src/remote/resolvers.js';
import { nats } from '../support/nats-link.js';
import { Client } from './client.js';
import { Cluster } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

/** Enough for a machine that is busy with other tests. */
const PATIENT_MS = 10_000;

/** Where somebody is waited for in vain. */
const IMPATIENT_MS = 1500;

const SETUP = ['add operator O --sys', 'add account A', 'add account B'];

/** A user of the system account, whom nobody has heard of. */
function systemUser(hierarchy: Hierarchy): NatsIdentity {
  const pair = keyPairFromRaw('user', randomSeed());
  const signer = hierarchy.pair(hierarchy.claims('SYS').sub ?? '');
  return { token: issue('user', newUser(pair.publicKey, 'test'), signer, { now: clock() }).token, pair };
}

async function open(hierarchy: Hierarchy, url: string, timeoutMs = PATIENT_MS): Promise<Resolver> {
  const resolver = await resolversOf({ nats }).open({
    url,
    clientName: 'nsc_test',
    timeoutMs,
    identity: () => systemUser(hierarchy),
  });
  onTestFinished(() => resolver.close());
  return resolver;
}

const keyOf = (hierarchy: Hierarchy, name: string): string => hierarchy.claims(name).sub ?? '';

const operatorPair = (hierarchy: Hierarchy) => hierarchy.pair(hierarchy.claims('SYS').iss ?? '');

/** What the operator signs to have accounts deleted. */
function deletionOf(hierarchy: Hierarchy, accounts: readonly string[]): string {
  const operator = operatorPair(hierarchy);
  return encodeToken(
    { iss: operator.publicKey, sub: operator.publicKey, nats: { accounts, version: 2 } },
    operator,
    clock(),
  ).token;
}

/** Another version of an account, which our store has never seen. */
function otherVersion(hierarchy: Hierarchy, name: string): string {
  const claims = { ...hierarchy.claims(name), aud: 'another version' };
  return issue('account', claims, operatorPair(hierarchy), { now: clock() }).token;
}

const show = async (resolver: Resolver) =>
  (await resolver.list())?.map(({ server, keeps, accounts }) => `${server} ${keeps} ${accounts.size}`);

const push = (resolver: Resolver, hierarchy: Hierarchy, name: string) =>
  resolver.update(keyOf(hierarchy, name), hierarchy.token(name));

describe.skipIf(skipsServer)('a cluster of full resolvers', () => {
  it('takes a thousand accounts, lists them, shows every copy and hands them out', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys');
    const cluster = await Cluster.start(hierarchy);
    const resolver = await open(hierarchy, cluster.url);
    expect(resolver.servers.map(({ name }) => name)).toEqual(['S1', 'S2', 'S3']);
    expect(resolver.absent).toEqual([]);

    const operator = operatorPair(hierarchy);
    const accounts = Array.from({ length: 1000 }, (_, at) => {
      const { publicKey } = keyPairFromRaw('account', randomSeed());
      return [publicKey, issue('account', newAccount(publicKey, `A${at}`), operator, { now: clock() }).token] as const;
    });
    const queue = accounts.values();
    const work = async (): Promise<void> => {
      for (const [key, token] of queue) {
        expect(await resolver.update(key, token)).toEqual(
          ['S1', 'S2', 'S3'].map((server) => ({ server, state: 'taken', message: 'jwt updated' })),
        );
      }
    };
    await Promise.all(Array.from({ length: 64 }, work));
    for (const server of cluster.servers) expect(server.stored()).toHaveLength(1001);
    expect(await show(resolver)).toEqual(['S1 all 1001', 'S2 all 1001', 'S3 all 1001']);

    const [[key, token] = ['', '']] = accounts;
    expect(await resolver.copies(key)).toEqual(['S1', 'S2', 'S3'].map((server) => ({ server, token })));
    const packed = new Map<string, string>();
    for await (const one of resolver.pack()) packed.set(one.account, one.token);
    expect(packed.size).toBe(1001);
    expect(accounts.every(([account, sent]) => packed.get(account) === sent)).toBe(true);
  });

  it('shows which server has another version, as far as servers tell', async () => {
    const hierarchy = await Hierarchy.make(...SETUP, 'add user alice --account A');
    const cluster = await Cluster.start(hierarchy);
    const [s1, s2] = cluster.servers;
    const key = keyOf(hierarchy, 'A');
    const ours = hierarchy.token('A');
    const others = otherVersion(hierarchy, 'A');
    const all = await open(hierarchy, cluster.url);
    await push(all, hierarchy, 'A');
    expect(await all.copies(keyOf(hierarchy, 'B'))).toEqual([]);

    await s2?.stop();
    await (await open(hierarchy, s1?.url ?? '')).update(key, others);
    await s2?.startAgain();
    await cluster.settle();
    const again = await open(hierarchy, cluster.url);
    await again.list();
    expect(new Set(await again.copies(key))).toEqual(new Set([{ token: ours }, { token: others }, { token: others }]));

    await Client.connect(cluster.server('S1'), await hierarchy.creds('alice'));
    await Client.connect(cluster.server('S2'), await hierarchy.creds('alice'));
    const named = [...(await again.copies(key))].sort((a, b) => ((a.server ?? '') < (b.server ?? '') ? -1 : 1));
    expect(named).toEqual([
      { server: 'S1', token: others },
      { server: 'S2', token: ours },
      { server: 'S3', token: others },
    ]);
  });

  it('names who is down, frozen, or was silent meanwhile, and has everybody again once they are back (S-10)', async () => {
    const hierarchy = await Hierarchy.make(...SETUP);
    const cluster = await Cluster.start(hierarchy);
    const [s1, s2] = cluster.servers;
    const before = await open(hierarchy, cluster.url, IMPATIENT_MS);
    await s2?.kill();
    for (const name of ['A', 'B']) {
      expect(await push(before, hierarchy, name)).toMatchObject([
        { server: 'S1', state: 'taken' },
        { server: 'S2', state: 'silent', message: 'no answer within 1.5 s' },
        { server: 'S3', state: 'taken' },
      ]);
    }
    expect((await open(hierarchy, cluster.url, IMPATIENT_MS)).absent).toEqual([
      { name: s2?.url, reason: 'connection refused' },
    ]);
    expect((await open(hierarchy, s1?.url ?? '', IMPATIENT_MS)).absent).toMatchObject([{ name: '1 more server' }]);

    await s2?.startAgain();
    await cluster.settle();
    const back = await open(hierarchy, cluster.url);
    expect(back.absent).toEqual([]);
    expect((await push(back, hierarchy, 'A')).map(({ state }) => state)).toEqual(['taken', 'taken', 'taken']);

    const [, , s3] = cluster.servers;
    s3?.pause();
    expect((await open(hierarchy, s1?.url ?? '', IMPATIENT_MS)).absent).toMatchObject([{ name: 'S3' }]);
    s3?.resume();
    expect((await open(hierarchy, s1?.url ?? '')).absent).toEqual([]);
  });

  it('deletes what it is asked to, where it may', async () => {
    const hierarchy = await Hierarchy.make(...SETUP);
    const cluster = await Cluster.start(hierarchy, ['full', { kind: 'full', allowDelete: false }, 'cache', 'memory']);
    const resolver = await open(hierarchy, cluster.url);
    for (const name of ['A', 'B']) await push(resolver, hierarchy, name);
    const answers = await resolver.remove(deletionOf(hierarchy, [keyOf(hierarchy, 'A')]));
    expect(answers).toMatchObject([
      { server: 'S1', state: 'taken', message: 'deleted 1 accounts' },
      { server: 'S2', state: 'refused', message: expect.stringContaining('delete must be enabled in server config') },
      { server: 'S3', state: 'taken' },
      { server: 'S4', state: 'ignored', message: 'it keeps no accounts' },
    ]);
    expect(await show(resolver)).toEqual(['S1 all 2', 'S2 all 3', 'S3 some 1', 'S4 none 0']);
  });

  it('refuses on one server what the others take, and is told so in the words of that server (S-9)', async () => {
    const hierarchy = await Hierarchy.make(...SETUP);
    const cluster = await Cluster.start(hierarchy, [{ kind: 'full', limit: 1 }, 'full', 'full']);
    const resolver = await open(hierarchy, cluster.url);
    expect(await push(resolver, hierarchy, 'A')).toEqual([
      { server: 'S1', state: 'refused', message: 'jwt update resulted in error - jwt store is full' },
      { server: 'S2', state: 'taken', message: 'jwt updated' },
      { server: 'S3', state: 'taken', message: 'jwt updated' },
    ]);
    const [garbage] = await resolver.update(keyOf(hierarchy, 'A'), 'garbage');
    expect(garbage).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/^jwt update resulted in error - /),
    });
    expect(await show(resolver)).toEqual(['S1 all 1', 'S2 all 2', 'S3 all 2']);
    const token = hierarchy.token('A');
    expect(await resolver.copies(keyOf(hierarchy, 'A'))).toEqual([
      { server: 'S2', token },
      { server: 'S3', token },
    ]);
  });
});

describe.skipIf(skipsServer)('servers of several kinds', () => {
  it('are told apart by what they list and look up', async () => {
    const hierarchy = await Hierarchy.make(...SETUP, 'add user alice --account A');
    const cluster = await Cluster.start(hierarchy, ['cache', 'full', 'memory', 'full']);
    await Client.connect(cluster.server('S3'), await hierarchy.creds('alice'));
    const resolver = await open(hierarchy, cluster.url);
    expect(await push(resolver, hierarchy, 'A')).toEqual([
      { server: 'S1', state: 'ignored', message: 'jwt update cache skipped' },
      { server: 'S2', state: 'taken', message: 'jwt updated' },
      { server: 'S3', state: 'taken', message: 'jwt updated' },
      { server: 'S4', state: 'taken', message: 'jwt updated' },
    ]);
    expect(await show(resolver)).toEqual(['S1 some 1', 'S2 all 2', 'S3 none 0', 'S4 all 2']);
    const token = hierarchy.token('A');
    const copies = await resolver.copies(keyOf(hierarchy, 'A'));
    expect(new Set(copies.map(({ server }) => server))).toEqual(new Set(['S2', 'S3', 'S4']));
    expect(copies.every((copy) => copy.token === token)).toBe(true);

    await Client.connect(cluster.server('S1'), await hierarchy.creds('alice'));
    expect(await show(resolver)).toEqual(['S1 some 2', 'S2 all 2', 'S3 none 0', 'S4 all 2'].sort());
  });

  it('may all keep nothing', async () => {
    const hierarchy = await Hierarchy.make(...SETUP);
    const cluster = await Cluster.start(hierarchy, ['memory']);
    const resolver = await open(hierarchy, cluster.url);
    expect(await show(resolver)).toEqual(['S1 none 0']);
    await expect(resolver.pack()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'remote-failed' });
  });

  it('listen to users of the system account alone', async () => {
    const hierarchy = await Hierarchy.make(...SETUP, 'add user alice --account A');
    const cluster = await Cluster.start(hierarchy, ['memory']);
    const pair = keyPairFromRaw('user', randomSeed());
    const signer = hierarchy.pair(keyOf(hierarchy, 'A'));
    const identity = () => ({
      token: issue('user', newUser(pair.publicKey, 'u'), signer, { now: clock() }).token,
      pair,
    });
    const target = { url: cluster.url, clientName: 'nsc_test', timeoutMs: PATIENT_MS, identity };
    await expect(resolversOf({ nats }).open(target)).rejects.toMatchObject({
      code: 'remote-failed',
      message: expect.stringContaining('no server listens to requests about accounts'),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { formatCreds, issue, type KeyPair, keyPairFromRaw, newAccount, newUser, randomSeed } from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { Cluster, type MemberOptions } from './cluster.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';

/** `nsc compromise KEY --push` on real servers: who has the key is out at once, and everybody else goes on. */

const SHUT_OUT = /authorization violation|authentication expired|user authentication revoked/i;

async function start(
  lines: readonly string[],
  ...members: readonly (MemberOptions['kind'] | MemberOptions)[]
): Promise<{ hierarchy: Hierarchy; cluster: Cluster }> {
  const hierarchy = await Hierarchy.make(...lines);
  const cluster = await Cluster.start(hierarchy, members);
  await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', cluster.url]);
  await hierarchy.nsc('push -A');
  hierarchy.session.advance(1);
  return { hierarchy, cluster };
}

/** The creds of somebody whom whoever has the key lets in. */
function forge(signer: KeyPair, account: string): string {
  const pair = keyPairFromRaw('user', randomSeed());
  const { nats, ...claims } = newUser(pair.publicKey, 'mallory');
  const isOwn = signer.publicKey === account;
  const body = isOwn ? nats : { ...nats, issuer_account: account };
  return formatCreds(issue('user', { ...claims, nats: body }, signer, { now: clock() }).token, pair).reveal();
}

/** The members of the answer that scripts use. */
async function compromise({ session }: Hierarchy, ...words: string[]) {
  const { exit, stdout, stderr } = await session.run(['compromise', ...words, '--json']);
  if (exit !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.skipIf(skipsServer)('a signing key of an account', { timeout: 60_000 }, () => {
  it('plain: its users and forged ones are thrown out by all servers, and new creds are let in', async () => {
    const { hierarchy, cluster } = await start(
      ['add operator O --sys', 'add account A', 'add user other', 'edit account A --sk generate'],
      'full',
      'full',
      'cache',
    );
    const key = await hierarchy.signingKey('A');
    await hierarchy.nsc(['add', 'user', 'alice', '-K', key]);
    const account = hierarchy.claims('A').sub ?? '';
    const old = await hierarchy.creds('alice');
    const forged = forge(hierarchy.pair(key), account);
    const out = await Promise.all(
      cluster.servers.flatMap((server) => [old, forged].map((creds) => Client.connect(server, creds))),
    );
    const stays = await Client.connect(cluster.server('S1'), await hierarchy.creds('other'));

    const answer = await compromise(hierarchy, key, '--push');
    expect(answer.redistribute).toMatchObject([{ account: 'A', user: 'alice' }]);
    for (const client of out) await client.closing();
    for (const server of cluster.servers) {
      for (const creds of [old, forged]) expect(await refusalOf(server, creds)).toMatch(SHUT_OUT);
      await Client.connect(server, await hierarchy.creds('alice'));
    }
    await stays.settle();
    expect(stays.connection.isClosed()).toBe(false);
  });

  it('scoped: the role goes on with the same permissions under another key', async () => {
    const { hierarchy, cluster } = await start(['add operator O --sys', 'add account A'], 'full', 'full');
    const key = await hierarchy.addRole('A', 'reader', '--allow-sub', 'news.>');
    await hierarchy.nsc('add user alice -K reader');
    await hierarchy.nsc('push -A');
    const old = await hierarchy.creds('alice');
    const alice = await Client.connect(cluster.server('S2'), old);

    await compromise(hierarchy, key, '--push');
    await alice.closing();
    const again = await Client.connect(cluster.server('S2'), await hierarchy.creds('alice'));
    expect(await refusalOf(cluster.server('S1'), old)).toMatch(SHUT_OUT);
    again.connection.publish('news.eu');
    again.connection.subscribe('other');
    await again.settle();
    expect(again.violations).toContain('subscription other');
  });

  it('of the system account, the only one that a strict operator lets sign: what is pushed is still taken', async () => {
    const { hierarchy, cluster } = await start(
      [
        'add operator O --generate-signing-key --sys',
        'edit operator --require-signing-keys',
        'add account A',
        'edit account A --sk generate',
        'add user u',
      ],
      'full',
      'full',
    );
    const { sub: system = '' } = hierarchy.claims('SYS');
    const old = await hierarchy.creds('sys', 'SYS');
    const key = await hierarchy.signingKey('SYS');
    expect(hierarchy.claims('SYS').nats.signing_keys).toEqual([key]);
    const client = await Client.connect(cluster.server('S2'), old);

    expect((await compromise(hierarchy, key, '--push')).push).toEqual(['SYS']);
    await client.closing();
    for (const server of cluster.servers) {
      expect(server.storedToken(system)).toBe(hierarchy.token('SYS'));
      expect(await refusalOf(server, old)).toMatch(SHUT_OUT);
      await Client.connect(server, await hierarchy.creds('sys', 'SYS'));
    }
    await hierarchy.nsc('edit account A --tag x');
    await hierarchy.nsc('push -a A');
  });
});

describe.skipIf(skipsServer)('the key of a user', { timeout: 60_000 }, () => {
  it('is revoked, and the user goes on with another one', async () => {
    const { hierarchy, cluster } = await start(
      ['add operator O --sys', 'add account A', 'add user alice', 'add user bob'],
      'full',
      'full',
    );
    const old = await hierarchy.creds('alice');
    const alice = await Client.connect(cluster.server('S1'), old);
    const bob = await Client.connect(cluster.server('S2'), await hierarchy.creds('bob'));
    const { sub: key } = JSON.parse(await hierarchy.nsc('describe user alice -a A --json'));

    await compromise(hierarchy, key, '--push');
    expect(await alice.closing()).toMatch(/revoked/i);
    for (const server of cluster.servers) {
      expect(await refusalOf(server, old)).toMatch(SHUT_OUT);
      await Client.connect(server, await hierarchy.creds('alice'));
    }
    await bob.settle();
    expect(bob.connection.isClosed()).toBe(false);
  });
});

describe.skipIf(skipsServer)('the identity of an account', { timeout: 60_000 }, () => {
  it('another account takes its place, and the old one is gone once it is deleted', async () => {
    const { hierarchy, cluster } = await start(
      [
        'add operator O --sys',
        'add account A',
        'add user alice',
        'add export -n news -s news.> --private',
        'add account B',
        'add user -a B bob',
        'generate activation -a A -t B -s news.> -o act.jwt',
        'add import -a B --token act.jwt',
      ],
      'full',
      'full',
    );
    const key = hierarchy.claims('A').sub ?? '';
    const old = await hierarchy.creds('alice');
    const forged = forge(hierarchy.pair(key), key);
    const out = await Promise.all([old, forged].map((creds) => Client.connect(cluster.server('S1'), creds)));
    const bob = await Client.connect(cluster.server('S2'), await hierarchy.creds('bob', 'B'));

    const { deleteOnServers } = await compromise(hierarchy, key, '--push');
    expect(deleteOnServers).toEqual([key]);
    const alice = await Client.connect(cluster.server('S2'), await hierarchy.creds('alice'));
    expect(await bob.delivers('news.eu', alice)).toBe(true);
    await hierarchy.nsc(['push', '--account-removal', key]);
    for (const client of out) expect(await client.closing()).toMatch(/authentication|authorization|revoked/i);
    for (const server of cluster.servers) {
      for (const creds of [old, forged]) expect(await refusalOf(server, creds)).toMatch(SHUT_OUT);
      expect(server.stored()).not.toContain(key);
    }
    expect(await bob.delivers('news.eu', alice)).toBe(true);
  });
});

describe.skipIf(skipsServer)('a key of the operator', { timeout: 60_000 }, () => {
  it.each([
    ['a signing key', (hierarchy: Hierarchy) => hierarchy.signingKey()],
    [
      'the identity',
      async (hierarchy: Hierarchy) => JSON.parse(await hierarchy.nsc('describe operator --json')).sub as string,
    ],
  ])('%s: servers go on with what was pushed once they have the new operator JWT', async (_what, find) => {
    const { hierarchy, cluster } = await start(['add operator O --generate-signing-key --sys'], 'full');
    const key = await find(hierarchy);
    const stolen = hierarchy.pair(key);
    await hierarchy.nsc(['add', 'account', 'A', '-K', key]);
    await hierarchy.nsc('add user alice');
    await hierarchy.nsc('push -A');
    const server = cluster.server('S1');
    const creds = await hierarchy.creds('alice');
    const alice = await Client.connect(server, creds);
    hierarchy.session.advance(1);

    const answer = await compromise(hierarchy, key, '--push');
    expect(answer).toMatchObject({ replaceOperatorJwt: true, redistribute: [] });
    expect(server.storedToken(hierarchy.claims('A').sub ?? '')).toBe(hierarchy.token('A'));
    // the server keeps what it got for later, and goes on with what it knows
    await alice.settle();
    expect(alice.connection.isClosed()).toBe(false);
    await Client.connect(server, creds);

    await server.restart(await hierarchy.config('--nats-resolver'));
    await Client.connect(server, creds);
    const forged = keyPairFromRaw('account', randomSeed());
    hierarchy.writeAccount('M', newAccount(forged.publicKey, 'M'), stolen);
    await hierarchy.nsc(['edit', 'operator', '--account-jwt-server-url', server.url]);
    await hierarchy.nsc('push -a M --force');
    expect(await refusalOf(server, forge(forged, forged.publicKey))).toMatch(SHUT_OUT);
  });
});

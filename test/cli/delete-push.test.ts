import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resolvers } from '../../src/app/resolver.js';
import { isRevoked } from '../../src/domain/claims/revocation.js';
import type { AccountClaims } from '../../src/domain/claims/types.js';
import { decodeKind } from '../../src/domain/token/decode.js';
import { FakeAccountServer, FakeCluster, type FakeFaults, type FakeServer } from '../support/fake-resolver.js';
import { Session } from '../support/session.js';

/** `delete account --push` and `delete user --push`: servers first (S-32). `test/server/delete-push.test.ts` has real ones. */

const STORE = [
  'add operator O --sys',
  'edit operator --account-jwt-server-url nats://host:4222',
  'add account A',
  'add user u',
  'add user v',
];

/** A store, and servers that have its account "A". The session asks whatever `servers` holds by then. */
async function store(): Promise<{ session: Session; servers: { now: Resolvers }; token: string; key: string }> {
  const servers: { now: Resolvers } = { now: new FakeCluster() };
  const session = new Session({ resolvers: { open: (target) => servers.now.open(target) } });
  for (const line of STORE) await session.ok(line);
  session.advance(10);
  const token = (await session.ok('describe account A --raw')).trim();
  return { session, servers, token, key: decodeKind(token, 'account').claims.sub ?? '' };
}

async function withServers(list: readonly FakeServer[], faults: FakeFaults = {}) {
  const made = await store();
  const cluster = new FakeCluster(
    list.map((server) => ({ holds: server.keeps === 'none' ? [] : [made.token], ...server })),
    { now: made.session.now, ...faults },
  );
  made.servers.now = cluster;
  const held = (server: string): AccountClaims | undefined => {
    const token = cluster.held.get(server)?.get(made.key);
    return token === undefined ? undefined : decodeKind(token, 'account').claims;
  };
  return { ...made, cluster, held };
}

const THREE = [{ name: 'S1' }, { name: 'S2' }, { name: 'S3' }];

describe('delete user --push', () => {
  it('revokes on every server, then here', async () => {
    const { session, cluster, key, held } = await withServers(THREE);
    const user = decodeKind((await session.ok('describe user u --raw')).trim(), 'user').claims;
    expect(await session.ok('delete user u --push')).toMatch(
      /^\[ OK \] sent account "A" to "S1", "S2", "S3"\n\[ OK \] revoked user "u" /,
    );
    expect(cluster.requests).toEqual([`copies ${key}`, `update ${key}`, 'close']);
    for (const server of ['S1', 'S2', 'S3']) expect(isRevoked(held(server) ?? { nats: {} }, user)).toBe(true);
    expect(await session.ok('describe account A --raw')).toContain(cluster.held.get('S1')?.get(key));
    expect((await session.run('describe user u')).exit).toBe(3);
    expect(session.transcript).not.toMatch(/without --revoke|deletes no accounts/);
  });

  it('says in a dry run what would be sent, and sends nothing', async () => {
    const { session, cluster, key } = await withServers(THREE);
    expect(await session.ok('delete user u --push --dry-run')).toContain('> account "A" to nats://host:4222\n');
    const { changes } = JSON.parse(
      await session.ok('delete user u --push --dry-run --json -u nats://me:pw@other:1?x=y'),
    );
    expect(changes[0]).toEqual({
      action: 'send',
      type: 'account',
      name: 'A',
      publicKey: key,
      servers: 'nats://other:1',
    });
    expect(cluster.requests).toEqual([]);
  });

  const failures: readonly [what: string, wrong: Partial<FakeServer>, said: string][] = [
    ['is down', { down: 'connection refused' }, '"S2" is not there: "connection refused"'],
    [
      'refuses',
      { refuses: 'jwt store is full\u001b' },
      '"S2" refused: "jwt update resulted in error - jwt store is full\\u{1b}"',
    ],
    ['is silent', { ignores: ['update'] }, '"S2" did not answer: "no answer in time"'],
  ];
  it.each(failures)(
    'changes nothing here when one server %s, and goes on when it is run again',
    async (_what, wrong, said) => {
      const { session, servers, key, token } = await withServers([
        { name: 'S1' },
        { name: 'S2', ...wrong },
        { name: 'S3' },
      ]);
      const { exit, stdout, stderr } = await session.run('delete user u --push');
      expect({ exit, stdout }).toEqual({ exit: 7, stdout: '' });
      expect(stderr).toContain(
        `account "A" was not taken everywhere (${said}); "S1", "S3" have done it; nothing was changed here`,
      );
      expect(stderr).toContain('hint: run the same command again');
      expect((await session.ok('describe account A --raw')).trim()).toBe(token);
      await session.ok('describe user u');

      const mended = new FakeCluster(THREE.map((server) => ({ ...server, holds: [token] })));
      servers.now = mended;
      await session.ok('delete user u --push');
      expect(mended.requests).toEqual([`copies ${key}`, `update ${key}`, 'close']);
      expect((await session.run('describe user u')).exit).toBe(3);
    },
  );

  it('tells by its code whether some did it or nobody', async () => {
    const json = async (list: readonly FakeServer[]) => {
      const { session } = await withServers(list);
      const { stderr } = await session.run('delete user u --push --json');
      return JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').error;
    };
    expect(await json([{ name: 'S1' }, { name: 'S2', refuses: 'no' }])).toMatchObject({
      code: 'remote-partial',
      details: { taken: ['S1'], failures: [{ server: 'S2', state: 'refused' }] },
    });
    expect(await json([{ name: 'S1', refuses: 'no' }])).toMatchObject({
      code: 'remote-failed',
      details: { taken: [] },
    });
    expect(await json([{ name: 'S1', down: 'refused' }])).toMatchObject({ code: 'remote-failed' });
  });

  it('counts caches that have no use for the account, but needs a server that keeps it', async () => {
    const cache = { name: 'C', keeps: 'some', holds: [] } as const;
    const mixed = await withServers([{ name: 'S1' }, cache]);
    expect(await mixed.session.ok('delete user u --push')).toContain('sent account "A" to "S1"\n');
    const alone = await withServers([cache]);
    const { exit, stderr } = await alone.session.run('delete user u --push');
    expect(exit).toBe(7);
    expect(stderr).toContain('was not taken everywhere (no server that answered keeps it)');
  });

  it('asks before it sends, on a terminal', async () => {
    const { session, cluster } = await withServers(THREE);
    session.terminal = { ...session.terminal, stdin: true, stderr: true };
    session.answers.push(false);
    expect((await session.run('delete user u --push')).exit).toBe(4);
    expect(cluster.requests).toEqual([]);
  });

  it('sends to an account server, too', async () => {
    const { session, servers, key } = await store();
    const server = new FakeAccountServer();
    servers.now = server;
    await session.ok('delete user u --push -u https://host/jwt/v1');
    expect(server.requests).toEqual([`copies ${key}`, `update ${key}`, 'close']);

    servers.now = new FakeAccountServer({ pending: 'later' });
    const { exit, stderr } = await session.run('delete user v --push -u https://host/jwt/v1');
    expect(exit).toBe(7);
    expect(stderr).toContain('"account server" has to have it signed first: "later"');
    await session.ok('describe user v');
  });

  it('takes files of TLS from the environment', async () => {
    const { session, cluster } = await withServers(THREE);
    Object.assign(session.env, { NATS_CA: 'ca.pem', NATS_CERT: 'c.pem', NATS_KEY: 'k.pem' });
    await session.ok('delete user u --push --ca-cert mine.pem --tls-first --timeout 9');
    expect(cluster.targets[0]).toMatchObject({
      timeoutMs: 9000,
      tls: { handshakeFirst: true, caFile: 'mine.pem', certFile: 'c.pem', keyFile: 'k.pem' },
    });
  });

  it('does not undo what somebody else changed on servers since', async () => {
    const { session, cluster, key, token } = await withServers(THREE);
    await session.ok('edit account A --conns 5');
    const theirs = (await session.ok('describe account A --raw')).trim();
    writeFileSync(join(session.home, '.local/share/nats/nsc/stores/O/accounts/A/A.jwt'), token);
    cluster.held.get('S2')?.set(key, theirs);
    const { exit, stderr } = await session.run('delete user u --push');
    expect(exit).toBe(4);
    expect(stderr).toContain(
      'servers have a later version of account "A", of which this would undo "nats.limits.conn"; nothing was changed\nnsc: hint: take it over first: nsc pull --account "A"',
    );
    expect(cluster.requests).toEqual([`copies ${key}`, 'close']);
    await session.ok('describe user u');
  });

  it('sends what was changed here and not pushed yet', async () => {
    const { session } = await withServers(THREE);
    await session.ok('edit account A --conns 5');
    await session.ok('delete user u --push');
  });

  it('does not move a later revocation back', async () => {
    const { session, cluster, key, token } = await withServers(THREE);
    session.advance(1000);
    await session.ok('revocations add-user --name u');
    cluster.held.get('S2')?.set(key, (await session.ok('describe account A --raw')).trim());
    writeFileSync(join(session.home, '.local/share/nats/nsc/stores/O/accounts/A/A.jwt'), token);
    session.advance(-500);
    const { exit, stderr } = await session.run('delete user u --push');
    expect(exit).toBe(4);
    expect(stderr).toContain('of which this would undo "nats.revocations.U');
    session.advance(500);
    await session.ok('delete user u --push');
  });

  it('goes on with what it did itself, as often as it takes', async () => {
    const { session, servers, cluster, key } = await withServers([{ name: 'S1' }, { name: 'S2', refuses: 'no' }]);
    await session.ok('edit operator --sk generate');
    const [other = ''] = JSON.parse(await session.ok('describe operator --field nats.signing_keys'));
    for (const signer of ['', `-K ${other}`]) {
      expect((await session.run(`delete user u --push ${signer}`)).exit).toBe(7);
      session.advance(1);
    }
    const first = cluster.held.get('S1')?.get(key) ?? '';
    servers.now = new FakeCluster([{ name: 'S1', holds: [first] }, { name: 'S2' }]);
    await session.ok('delete user u --push');
    expect((await session.run('describe user u')).exit).toBe(3);
  });
});

describe('delete account --push', () => {
  it('shuts everybody out, has it deleted, then deletes it here', async () => {
    const { session, cluster, key } = await withServers(THREE);
    const told = await session.ok('delete account A --push');
    expect(told.split('\n').slice(0, 3)).toEqual([
      '[ OK ] sent account "A" to "S1", "S2", "S3"',
      `[ OK ] deleted account ${key} from "S1", "S2", "S3"`,
      expect.stringContaining('deleted user "u"'),
    ]);
    expect(cluster.requests).toEqual([`update ${key}`, 'list', `remove ${key}`, 'list', 'close']);
    expect([...cluster.held.values()].map((accounts) => accounts.size)).toEqual([0, 0, 0]);
    expect((await session.run('describe account A')).exit).toBe(3);
    expect(session.transcript).not.toContain('keep it until');
  });

  it('leaves it without users where servers may not delete, which is a warning', async () => {
    const { session, held, key } = await withServers([{ name: 'S1' }, { name: 'S2', allowsDelete: false }]);
    const { exit, stdout, stderr } = await session.run('delete account A --push');
    expect(exit).toBe(0);
    expect(stdout).toContain(`deleted account ${key} from "S1"\n`);
    expect(stderr).toContain(`"S2" may not delete accounts: ${key} stays there as sent, without users`);
    expect(stderr).toContain('allow_delete: true');
    expect(stderr).toContain(`nsc push --account-removal ${key}`);
    expect(held('S2')?.nats).toMatchObject({ limits: {}, revocations: { '*': session.now } });
    expect((await session.run('describe account A')).exit).toBe(3);
  });

  it('shuts out users that a clock ahead of this one dated, too', async () => {
    const { session, held } = await withServers([{ name: 'S1', allowsDelete: false }], { now: 0 });
    const { iat } = decodeKind((await session.ok('describe user u --raw')).trim(), 'user').claims;
    session.advance(-500);
    await session.ok('delete account A --push');
    expect(held('S1')?.nats.revocations).toEqual({ '*': iat });
  });

  it('names another key to sign with where servers do not know the one that did', async () => {
    const { session } = await withServers(THREE, { now: Number.MAX_SAFE_INTEGER });
    const { exit, stderr } = await session.run('delete account A --push');
    expect(exit).toBe(7);
    expect(stderr).toMatch(/not trusted.*; nothing was changed here\nnsc: hint: .*-K KEY/);
  });

  it('is done all the same when no server may delete', async () => {
    const { session } = await withServers([{ name: 'S1', allowsDelete: false }]);
    expect((await session.run('delete account A --push')).exit).toBe(0);
    expect((await session.run('describe account A')).exit).toBe(3);
  });

  const failures: readonly [what: string, wrong: Partial<FakeServer>, said: string][] = [
    ['has it still', { keepsDeleted: [] }, '"S2" has it still'],
    ['refuses to', { ignores: ['remove'] }, '"S2" has it still: "still has it"'],
  ];
  it.each(failures)(
    'changes nothing here when one server %s, and goes on when it is run again',
    async (_what, wrong, said) => {
      const made = await store();
      const { session, servers, token, key } = made;
      const faulty = 'keepsDeleted' in wrong ? { keepsDeleted: [key] } : wrong;
      servers.now = new FakeCluster([
        { name: 'S1', holds: [token] },
        { name: 'S2', holds: [token], ...faulty },
      ]);
      const { exit, stderr } = await session.run('delete account A --push');
      expect(exit).toBe(7);
      expect(stderr).toContain(`account ${key} was not deleted everywhere (${said}`);
      expect(stderr).toContain('"S1" has done it; nothing was changed here');
      expect((await session.ok('describe account A --raw')).trim()).toBe(token);
      await session.ok('describe user u');

      servers.now = new FakeCluster([{ name: 'S1' }, { name: 'S2', holds: [token] }]);
      await session.ok('delete account A --push');
      expect((await session.run('describe account A')).exit).toBe(3);
    },
  );

  it('says what is in the configuration of a server that keeps nothing else', async () => {
    const { session, key } = await withServers([{ name: 'S1' }, { name: 'M', keeps: 'none' }]);
    const { exit, stderr } = await session.run('delete account A --push');
    expect(exit).toBe(0);
    expect(stderr).toContain(`"M" keeps no accounts that are sent: take ${key} out of the configuration there`);
  });

  it('leaves it without users at an account server, which deletes nothing', async () => {
    const { session, servers, key } = await store();
    const server = new FakeAccountServer();
    servers.now = server;
    const { exit, stderr } = await session.run('delete account A --push -u https://host/jwt/v1');
    expect(exit).toBe(0);
    expect(stderr).toContain(`https://host/jwt/v1 deletes no accounts: ${key} stays there as sent`);
    expect(server.requests).toEqual([`update ${key}`, 'close']);
    expect((await session.run('describe account A')).exit).toBe(3);
  });

  it('says in a dry run what would be sent and deleted', async () => {
    const { session, cluster, key } = await withServers(THREE);
    const told = await session.ok('delete account A --push --dry-run');
    expect(told).toContain(`> account "A" to nats://host:4222\n- account ${key} on nats://host:4222\n`);
    const { changes } = JSON.parse(await session.ok('delete account A --push --dry-run --json'));
    expect(changes.slice(0, 2)).toEqual([
      { action: 'send', type: 'account', name: 'A', publicKey: key, servers: 'nats://host:4222' },
      { action: 'delete', type: 'account', publicKey: key, servers: 'nats://host:4222' },
    ]);
    expect(cluster.requests).toEqual([]);
  });

  it('is refused for the system account, before anything is sent', async () => {
    const { session, cluster } = await withServers(THREE);
    expect((await session.run('delete account SYS --push --force')).exit).toBe(4);
    expect(cluster.requests).toEqual([]);
  });
});

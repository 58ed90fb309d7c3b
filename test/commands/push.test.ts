import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/app/command.js';
import type { OptionSet } from '../../src/app/option.js';
import type { Synced } from '../../src/app/result.js';
import { command } from '../../src/commands/push.js';
import { decodeGeneric, decodeKind, verifyToken } from '../../src/domain/token/decode.js';
import { issue } from '../../src/domain/token/issue.js';
import type { AccountEntry } from '../../src/domain/tree/tree.js';
import { NscError } from '../../src/errors.js';
import { account, NOW as ISSUED, KEYS, operator, pub, scope, user } from '../domain/trust/hierarchy.js';
import { FakeAccountServer, FakeCluster, type FakeServer } from '../support/fake-resolver.js';
import { FakeWorld, type Given, NOW } from '../support/fake-world.js';
import { alter } from '../support/forged-token.js';

const URL_ = 'nats://127.0.0.1:4222';
const O = operator({
  nats: { system_account: pub('a3'), account_server_url: URL_, signing_keys: [pub('o2')] },
});
const SYS = account('SYS', 'a3', { nats: { signing_keys: [scope('a4', 'reader'), pub('a2')] } });
const A = account('A', 'a1');
const B = account('B', 'b1');
const sys = user('SYS/sys', 'u3', { by: 'a3' });
const content = { operator: O, accounts: [A, B, SYS], users: [sys] };
const given: Given = { operators: [content], selected: { account: 'A' } };

interface Ran {
  readonly result: Synced;
  readonly failure: readonly [code: string, message: string] | undefined;
  readonly states: readonly string[];
  readonly told: readonly string[];
  readonly requests: readonly string[];
  readonly cluster: FakeCluster;
}

/** Runs `push` against servers, with the names of keys in the place of keys. */
async function push(line: string, servers: readonly FakeServer[] | FakeCluster, world: Given = given): Promise<Ran> {
  const cluster = servers instanceof FakeCluster ? servers : new FakeCluster(servers);
  const fake = new FakeWorld({ ...world, resolvers: cluster });
  const { context, input } = await fake.prepare(command, line);
  const result = (await (command as unknown as Task<OptionSet>).run(context, input)) as Synced;
  const name = (text: string) => fake.aliases.name(text);
  return {
    result,
    failure: result.failure && [result.failure.code, name(result.failure.message)],
    states: result.accounts.map((one) => `${one.state} ${name(one.name ?? one.key)}`),
    told: fake.told.filter((line) => !line.startsWith('progress')).map(name),
    requests: cluster.requests.map(name),
    cluster,
  };
}

async function refusalOf(
  line: string,
  world: Given = given,
  servers: FakeServer[] = [{ name: 'S1' }],
): Promise<NscError> {
  try {
    await push(line, servers, world);
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
  throw new Error(`nothing refused: ${line}`);
}

const three: readonly FakeServer[] = [{ name: 'S1' }, { name: 'S2' }, { name: 'S3' }];
const having = (...accounts: AccountEntry[]) => accounts.map(({ token }) => token);
const everywhere = (...accounts: AccountEntry[]): FakeServer[] =>
  three.map((server) => ({ ...server, holds: having(...accounts) }));

describe('one account', () => {
  it('is sent to every server, and each has to say so', async () => {
    const { result, requests, cluster } = await push('--account A', three);
    expect(result).toMatchObject({
      title: `push to ${URL_} as a temporary user of account "SYS"`,
      accounts: [{ name: 'A', level: 'ok', state: 'sent', message: 'pushed "A" to 3 servers' }],
      summary: '1 account on 3 servers: 1 sent',
      servers: three.map(({ name }) => ({ name, state: 'answered' })),
      dryRun: false,
    });
    expect(result.failure).toBeUndefined();
    expect(requests).toEqual(['copies a1', 'update a1', 'close']);
    expect([...cluster.held.values()].map((held) => held.get(pub('a1')))).toEqual([A.token, A.token, A.token]);
  });

  it('is the selected one, one by its key, or sent again although servers have it', async () => {
    const { states } = await push('--timeout 2', three);
    expect(states).toEqual(['sent A']);
    expect((await push('-a $b1', three)).states).toEqual(['sent B']);
    expect((await push('-a A', everywhere(A))).states).toEqual(['sent A']);
  });

  it('is named with each server that refuses, and the others are heard all the same (S-9)', async () => {
    const servers = [{ name: 'S1' }, { name: 'S2', refuses: 'jwt store is full' }, { name: 'S3' }];
    const { result, failure } = await push('-a A', servers);
    expect(result.accounts).toMatchObject([
      { level: 'warn', state: 'partial', message: 'pushed "A" to 2 of 3 servers' },
    ]);
    expect(failure).toEqual([
      'remote-partial',
      'not every server has every account: server "S2" refused "A" ("jwt update resulted in error - jwt store is full")',
    ]);
    expect(result.failure?.exitCode).toBe(7);
  });

  it('is named with servers that are away or silent (S-10)', async () => {
    const servers: FakeServer[] = [
      { name: 'S1' },
      { name: 'S2', ignores: ['update'] },
      { name: 'S3', down: 'refused' },
    ];
    const { result, failure } = await push('-a A', servers);
    expect(failure).toEqual([
      'remote-partial',
      'not every server has every account: server "S3" is not there; server "S2" did not answer about "A" ("no answer in time")',
    ]);
    expect(result.servers).toMatchObject([
      { name: 'S1', state: 'answered' },
      { name: 'S2', state: 'silent' },
      { name: 'S3', state: 'absent', message: 'refused' },
    ]);
  });

  it('that nobody takes is a failure, also when caches have no use for it (S-11)', async () => {
    const refusing = await push('-a A', [{ name: 'S1', refuses: 'no' }]);
    expect(refusing.failure?.[0]).toBe('remote-failed');
    expect(refusing.states).toEqual(['refused A']);
    const caches = await push('-a A', [
      { name: 'S1', keeps: 'some' },
      { name: 'S2', keeps: 'none' },
    ]);
    expect(caches.states).toEqual(['ignored A']);
    expect(caches.failure).toEqual(['remote-failed', 'nothing was pushed: no server that answered keeps "A"']);
    const silent = await push('-a A', [{ name: 'S1', ignores: ['update'] }]);
    expect(silent.states).toEqual(['silent A']);
    expect(silent.result.accounts[0]?.message).toBe('nobody answered about "A"');
  });

  it('that a cache has no use for is sent all the same when another server took it (S-11)', async () => {
    const { result, failure } = await push('-a A', [{ name: 'S1' }, { name: 'S2', keeps: 'some' }]);
    expect(result.accounts).toMatchObject([{ level: 'ok', state: 'sent', message: 'pushed "A" to 1 server' }]);
    expect(failure).toBeUndefined();
  });
});

describe('all accounts', () => {
  it('that no server lists are sent without another question (S-1)', async () => {
    const { requests, states } = await push('--all', three);
    expect(requests).toEqual(['list', 'update a1', 'update b1', 'update a3', 'close']);
    expect(states).toEqual(['sent A', 'sent B', 'sent SYS']);
  });

  it('are compared, and only what differs is sent', async () => {
    const servers = everywhere(A, B, SYS);
    const lacking = [...servers.slice(1), { name: 'S4', holds: having(A, SYS) }];
    expect(await push('-A', servers)).toMatchObject({
      requests: ['list', 'copies a1', 'copies b1', 'copies a3', 'close'],
      states: ['same A', 'same B', 'same SYS'],
      failure: undefined,
      result: { summary: '3 accounts on 3 servers: 3 as they are here' },
    });
    expect((await push('--all-changed', lacking)).states).toEqual(['same A', 'sent B', 'same SYS']);
    const alone: Given = { operators: [{ ...content, accounts: [SYS] }] };
    const one: FakeServer[] = [{ name: 'S1', holds: having(SYS) }, { name: 'S2' }];
    expect((await push('-A', one, alone)).states).toEqual(['sent SYS']);
    const old = account('B', 'b1', { nats: { limits: { conn: 1 } }, iat: 1 });
    const stale = [...servers.slice(1), { name: 'S4', holds: having(A, old, SYS) }];
    expect((await push('-A', stale)).states).toEqual(['same A', 'sent B', 'same SYS']);
  });

  it('are all sent with --all-changed=false and with --force', async () => {
    const servers = everywhere(A, B, SYS);
    expect((await push('-A --all-changed=false', servers)).states).toEqual(['sent A', 'sent B', 'sent SYS']);
    const forced = await push('-A --force', servers);
    expect(forced.requests).toEqual(['update a1', 'update b1', 'update a3', 'close']);
    expect((await push('-A -F --all-changed', servers)).states).toEqual(['same A', 'same B', 'same SYS']);
  });

  it('are partly there when a server is away, although nothing had to be sent (S-10)', async () => {
    const servers = [...everywhere(A, B, SYS).slice(1), { name: 'S1', down: 'refused' }];
    expect((await push('-A', servers)).failure).toEqual([
      'remote-partial',
      'not every server has every account: server "S1" is not there',
    ]);
  });

  it('are there, but a server that tells nothing has to be heard', async () => {
    const stuck: FakeServer[] = [...everywhere(A, B, SYS).slice(1), { name: 'S1', ignores: ['list', 'update'] }];
    const { states, failure } = await push('-A', stuck);
    expect(states).toEqual(['partial A', 'same B', 'same SYS']);
    expect(failure?.[1]).toContain('server "S1" did not answer about "A"');
  });

  it('with many of them, progress is told, and the outcome is in order', async () => {
    const fake = new FakeWorld({ ...given, resolvers: new FakeCluster(three) });
    const { context, input } = await fake.prepare(command, '-A --all-changed=false');
    await (command as unknown as Task<OptionSet>).run(context, input);
    expect(fake.told).toContain('progress pushing 2 of 3 accounts');
    expect(fake.told.at(-1)).toBe('progress ');
  });

  it('that were sent are told when the connection ends', async () => {
    const cluster = new FakeCluster(three, { breaksAfter: 2 });
    const { states, failure } = await push('-A', cluster);
    expect(states).toEqual(['sent A', 'unsent B', 'unsent SYS']);
    expect(failure).toEqual([
      'remote-partial',
      'not every server has every account: 2 accounts not sent: the connection ended',
    ]);
    expect(cluster.requests.at(-1)).toBe('close');
  });

  it.each([
    ['-A', 'list'],
    ['-A --force', undefined],
    ['-P', 'list'],
    ['-R A', 'list'],
  ])('%s ends when somebody interrupts', async (line, request) => {
    const cluster = new FakeCluster(everywhere(X));
    const fake = new FakeWorld({ ...given, resolvers: cluster });
    const { context, input } = await fake.prepare(command, line);
    fake.interruption.abort();
    const ran = (command as unknown as Task<OptionSet>).run(context, input) as Promise<Synced>;
    const failure = await ran.then(
      (result) => result.failure,
      (error) => error,
    );
    expect(failure).toMatchObject({ code: 'interrupted' });
    expect(cluster.requests).toEqual([...(request ? [request] : []), 'close']);
  });
});

describe('what is refused before anything is sent', () => {
  const foreign = account('B', 'b1', { by: 'ox' });
  const expired = account('C', 'a4', { exp: ISSUED + 1 });
  const world: Given = {
    operators: [{ ...content, accounts: [A, foreign, SYS, expired] }],
    selected: { account: 'A' },
  };

  it('names all accounts that are wrong, not the first alone (S-8, S-46)', async () => {
    const error = await refusalOf('-A', world);
    expect(error.code).toBe('broken-chain');
    expect(error.details.accounts).toMatchObject([
      { name: 'B', code: 'broken-chain' },
      { name: 'C', code: 'invalid-claims' },
    ]);
    expect(error.message).toMatch(
      /^nothing was pushed, because 2 of 4 accounts cannot be: account "B": .*; account "C": /,
    );
  });

  it('is sent with --force', async () => {
    expect((await push('-A -F', three, world)).failure).toBeUndefined();
    const broken = await refusalOf('-A -F', { ...world, unreadable: ['A'] });
    expect([broken.message, broken.hint]).toEqual([
      expect.stringContaining('account "A" is broken'),
      expect.stringContaining('restore it from a backup'),
    ]);
  });

  it('is an account that signed itself, even for an account server, where the operator is not managed', async () => {
    const own: Given = { operators: [{ ...content, accounts: [account('A', 'a1', { by: 'a1' }), SYS] }] };
    expect((await refusalOf('-a A -u http://127.0.0.1/jwt/v1', own)).code).toBe('broken-chain');
  });

  it('is an account that was altered', async () => {
    const altered: Given = { operators: [{ ...content, accounts: [alter(A), SYS] }] };
    const error = await refusalOf('-a A', altered);
    expect(error.details.accounts).toMatchObject([{ name: 'A', code: 'bad-token' }]);
    expect(error.message).toMatch(/^nothing was pushed: account "A": /);
    expect(error.hint).toContain('--force');
  });

  it('is an account that strict operators did not sign with a signing key', async () => {
    const strict = operator({
      nats: { ...O.claims.nats, strict_signing_key_usage: true },
    });
    const byIdentity = { ...content, operator: strict };
    expect((await refusalOf('-a A', { operators: [byIdentity] })).code).toBe('broken-chain');
  });

  it('is what makes no sense', async () => {
    const empty: Given = { operators: [{ operator: O, accounts: [] }] };
    const nowhere: Given = { operators: [{ ...content, operator: operator() }] };
    const cases: [string, Given, string][] = [
      ['', empty, 'item-not-found'],
      ['-P', empty, 'item-not-found'],
      ['', nowhere, 'missing-option'],
      ['-A -a A', given, 'conflicting-options'],
      ['-P -D', given, 'conflicting-options'],
      ['-P -R A', given, 'conflicting-options'],
      ['-R A -D', given, 'conflicting-options'],
      ['-a Nope', given, 'account-not-found'],
      ['-R Nope', given, 'account-not-found'],
      ['-u ftp://example.com', given, 'bad-value'],
      ['-u example.com:4222', given, 'bad-value'],
      ['-u http://a,http://b', given, 'bad-value'],
      ['--tls-curves P257', given, 'bad-value'],
      ['-R SYS', given, 'policy-refused'],
      ['-P -u http://127.0.0.1/jwt/v1', given, 'policy-refused'],
      ['-R A -u https://127.0.0.1/jwt/v1', given, 'policy-refused'],
    ];
    for (const [line, world, code] of cases) expect([line, (await refusalOf(line, world)).code]).toEqual([line, code]);
  });
});

describe('a later version on servers', () => {
  const newer = issueLater(account('A', 'a1', { nats: { revocations: { [pub('u1')]: ISSUED } } }));
  const servers = [{ name: 'S1', holds: [newer.token] }];

  it('is replaced once that was said and asked (S-46)', async () => {
    const { states, told } = await push('-a A', servers);
    expect(states).toEqual(['sent A']);
    expect(told).toEqual([
      'warn servers have a later version of account "A", which what is here replaces; nsc diff shows what differs, nsc pull --all takes it over',
      'asked Replace the later version of 1 account on the servers?',
    ]);
  });

  it('stays when the answer is no (S-46)', async () => {
    const cluster = new FakeCluster(servers);
    await expect(push('-A', cluster, { ...given, agrees: false })).rejects.toMatchObject({ code: 'cancelled' });
    expect(cluster.held.get('S1')?.get(pub('a1'))).toBe(newer.token);
  });

  it('is told by a dry run, and no matter to --force', async () => {
    const { result, told } = await push('-A', servers, { ...given, dryRun: true });
    expect(result.accounts[0]?.message).toBe('would push "A", in place of a later version');
    expect(told).toHaveLength(1);
    expect((await push('-a A --force', servers)).told).toEqual([]);
  });

  it('does not count when somebody else signed it', async () => {
    const forged = issue('account', A.claims, KEYS.ox, { now: ISSUED + 60 });
    expect((await push('-a A', [{ name: 'S1', holds: [forged.token] }])).told).toEqual([]);
  });
});

/** A version of the account from a minute after ours. */
function issueLater({ claims }: AccountEntry) {
  return issue('account', claims, KEYS.o1, { now: ISSUED + 60 });
}

describe('where it goes and as whom', () => {
  it.each(['nats://h:1', 'tls://h:1', 'ws://h', 'wss://h', 'nats://a:1,nats://b:2'])(
    '%s is NATS (S-13)',
    async (url) => {
      const { cluster } = await push(`-u ${url}`, three);
      expect(cluster.targets).toMatchObject([{ url, clientName: 'nsc_push', timeoutMs: 1000 }]);
    },
  );

  it('an empty URL is as good as none', async () => {
    expect((await push('--account-jwt-server-url=', three)).cluster.targets[0]?.url).toBe(URL_);
  });

  it('options win over the environment', async () => {
    const env = { NATS_CA: '/env/ca', NATS_CERT: '/env/cert', NATS_KEY: '/env/key' };
    const flags = '--tls-first --ca-cert /ca --client-cert /cert --client-key /key --tls-curves x25519,CurveP256';
    const targets = async (line: string) => (await push(line, three, { ...given, env })).cluster.targets[0];
    expect(await targets(`${flags} --timeout 99`)).toMatchObject({
      timeoutMs: 60_000,
      tls: { handshakeFirst: true, caFile: '/ca', certFile: '/cert', keyFile: '/key', curves: ['X25519', 'P-256'] },
    });
    expect(await targets('--timeout 0')).toMatchObject({
      timeoutMs: 1000,
      tls: { handshakeFirst: false, caFile: '/env/ca', certFile: '/env/cert', keyFile: '/env/key' },
    });
  });

  it('a user is made that may do just that, for ten minutes (S-2)', async () => {
    const { cluster } = await push('-A', three);
    const claims = decodeKind(cluster.identities[0]?.token ?? '', 'user').claims;
    expect(claims).toMatchObject({ iss: pub('a3'), exp: NOW + 600 });
    expect(claims.nats.pub?.allow).toContain('$SYS.REQ.ACCOUNT.*.CLAIMS.UPDATE');
    expect(claims.nats.sub?.allow).toEqual(['_INBOX.>']);
    const reading = await push('--diff', three);
    expect(decodeKind(reading.cluster.identities[0]?.token ?? '', 'user').claims.nats.pub?.allow).not.toContain(
      '$SYS.REQ.CLAIMS.DELETE',
    );
  });

  it('a stored user is taken when it is named', async () => {
    const { cluster, result } = await push('--system-account SYS --system-user sys', three);
    expect(cluster.identities[0]).toMatchObject({ token: sys.token, pair: { publicKey: pub('u3') } });
    expect(result.title).toContain('as user "sys" of account "SYS"');
  });

  it('a system account that is not known is refused (S-15)', async () => {
    expect((await refusalOf('--system-account NOPE')).code).toBe('account-not-found');
  });
});

describe('with --dry-run', () => {
  it('nothing is sent', async () => {
    const { requests, result, states } = await push('-A', everywhere(A), { ...given, dryRun: true });
    expect(requests).toEqual(['list', 'copies a1', 'close']);
    expect(states).toEqual(['same A', 'send B', 'send SYS']);
    expect(result).toMatchObject({ dryRun: true, summary: '3 accounts on 3 servers: 1 as they are here, 2 to send' });
  });

  it('nothing is deleted, and nothing asked', async () => {
    const ran = await push('-P', everywhere(A, account('X', 'ax')), { ...given, dryRun: true });
    expect(ran.states).toEqual(['extra ax']);
    expect(ran.result.accounts[0]?.message).toContain('would delete');
    expect(ran.told).toEqual([]);
    expect(ran.requests).toEqual(['list', 'copies ax', 'close']);
    expect((await push('-R A', everywhere(A), { ...given, dryRun: true })).requests).toEqual(['list', 'close']);
  });
});

describe('--diff', () => {
  it('answers as nsc diff does, and sends nothing', async () => {
    const { requests, result } = await push('--diff', everywhere(A, SYS));
    expect(result).toMatchObject({ data: { action: 'diff' } });
    expect(requests.some((request) => request.startsWith('update'))).toBe(false);
  });

  it('with --all sends first', async () => {
    const { states, requests } = await push('-A -D', three);
    expect(states).toEqual(['sent A', 'sent B', 'sent SYS', 'same A', 'same B', 'same SYS']);
    expect(requests.indexOf('update a3')).toBeLessThan(requests.lastIndexOf('list'));
  });

  it('asks an account server for each account (S-12)', async () => {
    const server = new FakeAccountServer({ holds: having(A) });
    const { result } = await pushTo(server, '--diff -u http://127.0.0.1/jwt/v1');
    expect(server.requests).toEqual([`copies ${pub('a1')}`, `copies ${pub('b1')}`, `copies ${pub('a3')}`, 'close']);
    expect(result.accounts.map(({ state }) => state)).toEqual(['same', 'missing', 'missing']);
  });
});

const X = account('X', 'ax');
const Y = account('Y', 'a4');

/** The requests to delete that arrive. */
function watchRemovals(cluster: FakeCluster): string[] {
  const requests: string[] = [];
  const open = cluster.open.bind(cluster);
  cluster.open = async (target) => {
    const resolver = await open(target);
    const remove = (request: string) => {
      requests.push(request);
      return resolver.remove(request);
    };
    return { ...resolver, remove };
  };
  return requests;
}

const NOT_KNOWN = 'not every server is known to be without what was to be deleted';

describe('--prune', () => {
  it('lists, asks, deletes each account once, and looks whether it is gone (S-33, S-18)', async () => {
    const servers = [
      { name: 'S1', holds: having(A, X, Y) },
      { name: 'S2', holds: having(X, SYS) },
    ];
    const { states, told, requests, result, failure } = await push('--prune -a B', servers);
    expect(told).toEqual([
      'warn what follows is not in this store and is deleted from the servers; if another store needs it, get it first with: nsc pull --all',
      ...[...told.slice(1, 3)],
      'asked Delete 2 accounts from the servers?',
    ]);
    expect([...told.slice(1, 3)].sort()).toEqual([
      'warn account a4 ("Y") on server "S1"',
      'warn account ax ("X") on server "S1", "S2"',
    ]);
    expect(requests[0]).toBe('list');
    expect(requests.slice(1, 3).sort()).toEqual(['copies a4', 'copies ax']);
    expect(requests[3]).toMatch(/^remove (ax,a4|a4,ax)$/);
    expect(requests.slice(4)).toEqual(['list', 'close']);
    expect([...states].sort()).toEqual(['deleted a4', 'deleted ax']);
    expect(result.accounts.map(({ key }) => key)).toEqual([pub('a4'), pub('ax')].sort());
    expect(result.title).toContain('prune nats://');
    expect(failure).toBeUndefined();
  });

  it('says which accounts the operator never signed: they may be those of another one (S-33)', async () => {
    const foreign = account('Z', 'a4', { by: 'ox' });
    const { told } = await push('--prune', [{ name: 'S1', holds: having(foreign) }]);
    expect(told[1]).toBe('warn account a4 ("Z", not signed by this operator) on server "S1"');
  });

  it('never deletes a system account (S-33)', async () => {
    const alone = { ...content, accounts: [A] };
    const world = { operators: [alone], selected: { account: 'A' } };
    const cluster = new FakeCluster(everywhere(A, SYS));
    const failing = await refusalOf('-P', world);
    expect(failing.code).toBe('account-not-found');
    expect(cluster.requests).toEqual([]);
    const { result } = await push('-P', everywhere(A, SYS));
    expect(result.summary).toBe('nothing to prune on 3 servers');
    const elsewhere: Given = { operators: [{ ...content, accounts: [A, B] }] };
    const other = await push('-P --system-account B', everywhere(A, B, SYS), elsewhere);
    expect(other.result.summary).toBe('nothing to prune on 3 servers');
    for (const key of ['$a3', 'B']) {
      expect((await refusalOf(`-R ${key} --system-account B`, elsewhere)).code).toBe('policy-refused');
    }
  });

  it('deletes nothing when the answer is no', async () => {
    const error = await refusalOf('-P', { ...given, agrees: false }, everywhere(X));
    expect(error.code).toBe('cancelled');
  });

  it('deletes nothing while an account of the store cannot be read, as servers may have it (S-60)', async () => {
    const cluster = new FakeCluster(everywhere(A, B));
    const fake = new FakeWorld({ ...given, unreadable: ['B'], resolvers: cluster });
    const { context, input } = await fake.prepare(command, '-P');
    await expect((command as unknown as Task<OptionSet>).run(context, input)).rejects.toMatchObject({
      code: 'store-corrupt',
    });
    expect(cluster.requests).toEqual(['list', 'close']);
  });

  it('names who refuses, still has it, is silent or away (S-18, S-34)', async () => {
    const servers: FakeServer[] = [
      { name: 'S1', holds: having(X), allowsDelete: false },
      { name: 'S2', holds: having(X), keepsDeleted: [pub('ax')] },
      { name: 'S3', holds: having(X) },
      { name: 'S4', down: 'refused' },
      { name: 'S5', keeps: 'some', holds: having(X), allowsDelete: false },
    ];
    const { result, failure } = await push('-P', servers);
    expect(result.accounts).toMatchObject([
      {
        state: 'partial',
        level: 'error',
        answers: [
          { server: 'S1', state: 'refused' },
          { server: 'S2', state: 'kept', message: 'still has it, although it says: "deleted 1 accounts"' },
          { server: 'S3', state: 'deleted' },
          { server: 'S5', state: 'deleted' },
        ],
      },
    ]);
    expect(failure).toEqual([
      'remote-partial',
      `${NOT_KNOWN}: 1 account on server "S1", "S2"; server "S4" is not there`,
    ]);
    expect(result.failure?.hint).toContain('allow_delete: true');
    const strangers = new FakeCluster([{ name: 'S1', holds: having(X) }], { now: NOW + 86_400 });
    expect((await push('-P', strangers)).result.failure?.hint).toContain('-K KEY');
    const refused = await push('-P', [{ name: 'S1', holds: having(X), allowsDelete: false }]);
    expect(refused.failure).toEqual(['remote-failed', 'nothing was deleted: 1 account on server "S1"']);
    expect(refused.result.accounts[0]?.message).toBe(`no server deleted ${pub('ax')} ("X")`);
  });

  it.each([
    [1, 'deleted'],
    [2, 'deleted'],
    [3, 'refused'],
  ])('asks again for what a server got back %i times from one that still had it (S-34)', async (getsBack, state) => {
    const cluster = new FakeCluster([{ name: 'S1', holds: having(X), getsBack }]);
    const { result } = await push('-P', cluster);
    expect(result.accounts.map((account) => account.state)).toEqual([state]);
    expect(cluster.requests.filter((request) => request.startsWith('remove'))).toHaveLength(Math.min(getsBack + 1, 3));
  });

  it('stays within what servers take, with requests that end and say what they are for (S-7, S-47)', async () => {
    const cluster = new FakeCluster(everywhere(X, Y), { maxRequest: 1150, now: NOW });
    const requests = watchRemovals(cluster);
    expect((await push('-P', cluster)).failure).toBeUndefined();
    const accounts = requests.map((request) => (decodeGeneric(request).claims.nats as { accounts: string[] }).accounts);
    expect(accounts.flat().sort()).toEqual([pub('a4'), pub('ax')].sort());
    expect(requests).toHaveLength(2);
    for (const request of requests) {
      const token = decodeGeneric(request);
      expect(request.length).toBeLessThan(1150);
      expect(verifyToken(token)).toBe(true);
      expect(token.claims).toMatchObject({
        iss: pub('o1'),
        sub: pub('o1'),
        aud: '$SYS.REQ.CLAIMS.DELETE',
        exp: NOW + 300,
      });
    }
  });

  it('is signed by the key that -K names, or by a signing key for strict operators', async () => {
    const signed = async (line: string, world: Given) => {
      const cluster = new FakeCluster(everywhere(X));
      const requests = watchRemovals(cluster);
      await push(line, cluster, world);
      return decodeGeneric(requests[0] ?? '').claims.iss;
    };
    expect(await signed('-P -K $o2', given)).toBe(pub('o2'));
    const strict = operator({ nats: { ...O.claims.nats, strict_signing_key_usage: true } });
    expect(await signed('-P', { operators: [{ ...content, operator: strict }] })).toBe(pub('o2'));
    expect((await refusalOf('-P', { ...given, stored: ['a3'] })).code).toBe('no-signer');
  });

  it('after --all, and not when something could not be pushed', async () => {
    const { states, requests } = await push('-A -P', everywhere(X));
    expect(states).toEqual(['sent A', 'sent B', 'sent SYS', 'deleted ax']);
    expect(requests.indexOf('update a3')).toBeLessThan(requests.indexOf('remove ax'));
    const failing = await push('-A -P', [...everywhere(X).slice(1), { name: 'S1', refuses: 'no' }]);
    expect(failing.requests.some((request) => request.startsWith('remove'))).toBe(false);
    expect(failing.result.warnings).toEqual(['as not everything was pushed, nothing was deleted']);
  });

  it('is partly done when a server does not say what it has, and fails when none does', async () => {
    const { failure } = await push('-P', [
      { name: 'S1', holds: having(A) },
      { name: 'S2', ignores: ['list'] },
    ]);
    expect(failure).toEqual(['remote-partial', `${NOT_KNOWN}: server "S2" does not tell what it has`]);
    const configured = await push('-P', [
      { name: 'S1', holds: having(A) },
      { name: 'S2', keeps: 'none' },
    ]);
    expect(configured.failure).toBeUndefined();
    expect((await refusalOf('-P', given, [{ name: 'S1', keeps: 'none' }])).code).toBe('remote-failed');
  });
});

describe('--account-removal', () => {
  it('deletes one account, by name or by key, and says that it is still here', async () => {
    const { states, told, result } = await push('-R A', everywhere(A, X));
    expect(states).toEqual(['deleted A']);
    expect(told).toEqual([
      'warn account "A" (a1) is deleted from server "S1", "S2", "S3", which ends the connections of its users',
      'asked Delete account "A" from the servers?',
    ]);
    expect(result.warnings).toEqual([
      'account "A" is still in this store, so that pushing all accounts sends it again; nsc delete account "A" deletes it here',
    ]);
    expect((await push('--account-removal $ax', everywhere(A, X))).states).toEqual(['deleted ax']);
  });

  it('says that nobody has it', async () => {
    const { result, failure } = await push('-R A', three);
    expect(result.accounts).toMatchObject([{ state: 'missing', level: 'warn' }]);
    expect(failure).toBeUndefined();
  });
});

async function pushTo(server: FakeAccountServer, line: string, world: Given = given): Promise<{ result: Synced }> {
  const fake = new FakeWorld({ ...world, resolvers: server });
  const { context, input } = await fake.prepare(command, line);
  return { result: (await (command as unknown as Task<OptionSet>).run(context, input)) as Synced };
}

describe('an account server', () => {
  const u = '-u http://127.0.0.1/jwt/v1';

  it('gets accounts, several at a time (S-3)', async () => {
    const server = new FakeAccountServer();
    const { result } = await pushTo(server, `-A ${u}`);
    expect(result).toMatchObject({
      title: 'push to http://127.0.0.1/jwt/v1',
      summary: '3 accounts on 1 server: 3 sent',
    });
    expect(server.held.size).toBe(3);
    expect((await pushTo(server, `-A ${u}`)).result.accounts.map(({ state }) => state)).toEqual([
      'same',
      'same',
      'same',
    ]);
  });

  it('is named as such, and has time to sign', async () => {
    const server = new FakeAccountServer({ refuses: 'no' });
    const { result } = await pushTo(server, `-a A ${u}`);
    expect(result.failure?.message).toMatch(/^nothing was pushed: the account server refused "A" /);
    expect(result.failure?.hint).toContain('ask whoever runs the account server');
    await pushTo(server, `-a A ${u} --timeout 3`);
    expect(server.targets).toMatchObject([{ timeoutMs: 10_000 }, { timeoutMs: 3000 }]);
    const { result: done } = await pushTo(new FakeAccountServer(), `-a A ${u}`);
    expect(done.accounts).toMatchObject([{ message: 'pushed "A" to account server' }]);
  });

  it('that is silent ends it (S-3)', async () => {
    const { result } = await pushTo(new FakeAccountServer({ down: 'connection refused' }), `-A ${u}`);
    expect(result.failure).toMatchObject({ code: 'remote-failed' });
    expect(result.failure?.message).toContain('connection refused');
  });

  it('may have accounts signed later', async () => {
    const { result } = await pushTo(new FakeAccountServer({ pending: 'wait' }), `-a A ${u}`);
    expect(result.accounts).toMatchObject([{ level: 'warn', state: 'pending' }]);
    expect(result.failure).toBeUndefined();
  });

  it('gets what its operator has yet to sign; servers of NATS would let nobody in (S-46)', async () => {
    const own = account('A', 'a1', { by: 'a1' });
    const managed: Given = { operators: [{ operator: O, accounts: [own, SYS], managed: true }] };
    expect((await pushTo(new FakeAccountServer(), `-a A ${u}`, managed)).result.failure).toBeUndefined();
    const refused = { code: 'broken-chain', details: { accounts: [{ name: 'A' }] } };
    expect(await refusalOf('-A', managed)).toMatchObject(refused);
    expect((await push('-a A --force', three, managed)).states).toEqual(['sent A']);
  });

  it('of a managed operator may sign what it takes: how to get that is told (S-19)', async () => {
    const own = account('A', 'a1', { by: 'a1' });
    const managed: Given = { operators: [{ operator: O, accounts: [own], managed: true }] };
    const signs = new FakeAccountServer({ signs: () => A.token });
    expect((await pushTo(signs, u, managed)).result.warnings).toContain(
      'the account server signed what it took of "A"; get that with: nsc pull --all',
    );
    const later = new FakeAccountServer({ pending: 'wait' });
    expect((await pushTo(later, u, managed)).result.warnings).toContain(
      'the operator has yet to sign "A"; get that later with: nsc pull --all',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Resolver, Resolvers } from '../../src/app/resolver.js';
import type { Synced } from '../../src/app/result.js';
import { command } from '../../src/commands/pull.js';
import type { AccountClaims } from '../../src/domain/claims/types.js';
import { issue } from '../../src/domain/token/issue.js';
import { NscError } from '../../src/errors.js';
import { account, NOW as ISSUED, KEYS, type KeyName, operator, pub, user } from '../domain/trust/hierarchy.js';
import { Aliases } from '../support/aliases.js';
import { FakeAccountServer, FakeCluster } from '../support/fake-resolver.js';
import { alter } from '../support/forged-token.js';
import { type Given, planRaw, refusal } from '../support/plan.js';

const O = operator({ nats: { system_account: pub('a3'), account_server_url: 'nats://h:4222' } });
const A = account('A', 'a1');
const B = account('B', 'a2');
const SYS = account('SYS', 'a3');
const given: Given = {
  operators: [{ operator: O, accounts: [A, B, SYS], users: [user('SYS/sys', 'u1', { by: 'a3' })] }],
  selected: { account: 'A' },
};

/** An account as somebody else signed it, by default a minute later, with a tag. */
const version = (
  name: string,
  sub: KeyName,
  { at = ISSUED + 60, by = 'o1' as KeyName, ...changes }: Partial<AccountClaims> & { at?: number; by?: KeyName } = {},
): string => {
  const { claims } = account(name, sub, { nats: { tags: ['theirs'] } });
  return issue('account', { ...claims, ...changes }, KEYS[by], { now: at }).token;
};

interface Pulled {
  readonly changes: readonly string[];
  /** `level state: message`, what is wrong with copies below it. */
  readonly rows: readonly string[];
  readonly warnings?: readonly string[];
  readonly failure?: readonly [code: string, message: string];
}

async function pull(line: string, resolvers: Resolvers, more: Given = {}): Promise<Pulled> {
  const { plan, shown } = await planRaw(command, { ...given, ...more, resolvers }, line);
  const { name } = new Aliases();
  const { accounts, failure } = plan.result as Synced;
  const rows = accounts.flatMap(({ level, state, message, answers }) => [
    `${level} ${state}: ${message}`,
    ...answers.filter((answer) => answer.level !== 'ok').map(({ server = '?', message }) => `  ${server}: ${message}`),
  ]);
  return {
    changes: shown.changes,
    rows: rows.map(name),
    ...(shown.warnings && { warnings: shown.warnings }),
    ...(failure && { failure: [failure.code, name(failure.message)] }),
  };
}

const cluster = (...holds: string[][]): FakeCluster =>
  new FakeCluster(holds.map((held, at) => ({ name: `S${at + 1}`, holds: held })));

describe('one account', () => {
  it('a newer version takes the place of ours, which is kept in the history', async () => {
    const servers = cluster([version('A', 'a1')]);
    const { plan, shown } = await planRaw(command, { ...given, resolvers: servers }, '--account A');
    expect(shown).toMatchObject({
      changes: ['keep-version account A by o1', 'put-account A by o1'],
      claims: { A: { 'nats.tags[theirs]': 'added' } },
    });
    expect(plan.isFetched).toBe(true);
    expect(plan.result).toMatchObject({
      kind: 'synced',
      title: 'pulled from nats://h:4222 as a temporary user of account "SYS"',
      data: { action: 'pull', url: 'nats://h:4222' },
      accounts: [
        { name: 'A', state: 'stored', level: 'ok', message: 'pulled account "A", issued 2023-11-14 22:14:20 UTC' },
      ],
      summary: '1 stored; what was replaced is in `/stores/O/.history`',
    });
    expect(servers.requests).toEqual([`copies ${pub('a1')}`, 'close']);
  });

  it('the selected one without --account', async () => {
    expect((await pull('', cluster([A.token]))).rows).toEqual(['ok same: account "A" is the same']);
    expect(await refusal(command, { ...given, selected: { account: '' }, resolvers: cluster([]) }, '')).toEqual([
      'missing-option',
      'an account is needed, and none is selected',
    ]);
  });

  it('one that is not here, by its public key', async () => {
    expect(await pull('-a $a4', cluster([version('New', 'a4')]))).toEqual({
      changes: ['put-account New by o1'],
      rows: ['ok stored: pulled account "New", which is new here'],
    });
  });

  it('the newest of several copies counts, and the others are told', async () => {
    const servers = cluster(
      [version('A', 'a1', { at: ISSUED + 9 })],
      [version('A', 'a1')],
      [version('A', 'a1', { by: 'ox' })],
    );
    expect(await pull('-a A', servers)).toEqual({
      changes: ['keep-version account A by o1', 'put-account A by o1'],
      rows: [
        'error stored: pulled account "A", issued 2023-11-14 22:14:20 UTC',
        '  S1: has another version, issued 2023-11-14 22:13:29 UTC',
        '  S3: what server "S3" gave as account "A" is not kept: account "A" is signed by ox, which operator "O" does not list',
      ],
      failure: [
        'untrusted-answer',
        'what server "S3" gave as account "A" is not kept: account "A" is signed by ox, which operator "O" does not list',
      ],
    });
  });

  it('of several of the same second ours counts, whichever comes first', async () => {
    const other = version('A', 'a1', { at: ISSUED });
    for (const servers of [cluster([A.token], [other]), cluster([other], [A.token])]) {
      const { changes, rows } = await pull('-a A', servers);
      expect([changes, rows[0]]).toEqual([[], 'warn same: account "A" is the same']);
    }
  });

  const theirs = version('A', 'a1');
  const forged = version('A', 'a1', { by: 'ox' });
  const older = version('A', 'a1', { at: ISSUED - 60 });
  const kept = { level: 'error', state: 'kept' };
  it.each<[string, string[][], Given, string, object[]]>([
    [
      'of several copies',
      [[version('A', 'a1', { at: ISSUED + 9 })], [theirs], [forged]],
      {},
      'stored',
      [
        { server: 'S1', level: 'warn', state: 'differs' },
        { server: 'S2', level: 'ok', state: 'newer', message: '' },
        { server: 'S3', level: 'error', state: 'refused', message: expect.stringContaining('what server "S3" gave') },
      ],
    ],
    [
      'of a single one',
      [[forged]],
      {},
      'refused',
      [{ server: 'S1', level: 'error', state: 'refused', message: expect.stringContaining('what nats://h:4222 gave') }],
    ],
    ['of an older one', [[older]], {}, 'kept', [{ server: 'S1', level: 'ok', state: 'older' }, kept]],
    [
      'where ours is damaged',
      [[theirs]],
      { operators: [{ operator: O, accounts: [alter(A), SYS] }] },
      'kept',
      [{ server: 'S1', level: 'ok', state: 'newer' }, kept],
    ],
    ['that nobody has', [[]], {}, 'missing', [{ level: 'error', state: 'missing' }]],
  ])('is told by its name and key, with an answer for each copy: %s', async (_what, holds, more, state, answers) => {
    const { plan } = await planRaw(command, { ...given, ...more, resolvers: cluster(...holds) }, '-a A');
    expect(plan.result).toMatchObject({ accounts: [{ name: 'A', key: pub('a1'), level: 'error', state, answers }] });
  });

  it('one that no server has is a failure', async () => {
    expect(await pull('-a A', cluster([]))).toEqual({
      changes: [],
      rows: ['error missing: account "A" is on no server', '  ?: nats://h:4222 does not have account "A"'],
      failure: ['remote-failed', 'nats://h:4222 does not have account "A"'],
    });
  });

  it('ours stays where it is newer, unless --overwrite-newer says otherwise', async () => {
    const servers = cluster([version('A', 'a1', { at: ISSUED - 60 })]);
    const [row = '', why = ''] = [
      'account "A" stays: it was issued 2023-11-14 22:13:20 UTC here, and 2023-11-14 22:12:20 UTC on the server',
      'nats://h:4222 has an older version of account "A" than the one here',
    ];
    expect(await pull('-a A', servers)).toEqual({
      changes: [],
      rows: [`error kept: ${row}`, `  ?: ${why}`],
      failure: ['untrusted-answer', why],
    });
    expect(await pull('-a A --overwrite-newer', servers)).toEqual({
      changes: ['keep-version account A by o1', 'put-account A by o1'],
      rows: ['ok stored: pulled account "A", issued 2023-11-14 22:12:20 UTC'],
      warnings: [
        'account "A" was issued later here than what takes its place: what was changed since then, such as revocations, is undone',
      ],
    });
  });

  it('one that has expired is taken, and that is said', async () => {
    const { changes, warnings } = await pull('-a A', cluster([version('A', 'a1', { exp: ISSUED + 1 })]));
    expect(changes).toContain('put-account A by o1');
    expect(warnings).toEqual([expect.stringMatching(/^account "A": .*expired/)]);
  });

  it('ours that is damaged is replaced only on demand, because nobody knows which one is newer', async () => {
    const damaged = { operators: [{ operator: O, accounts: [alter(A), SYS], users: [] }] };
    const servers = cluster([version('A', 'a1')]);
    expect(await pull('-a A', servers, damaged)).toMatchObject({
      changes: [],
      failure: ['bad-token', expect.anything()],
    });
    expect(await pull('-a A -F', servers, damaged)).toMatchObject({
      changes: ['keep-version account A by o1', 'put-account A by o1'],
      rows: ['ok stored: pulled account "A", issued 2023-11-14 22:14:20 UTC, in place of a damaged one'],
    });
  });
});

describe('all accounts, of servers with NATS', () => {
  it('what is trusted is stored, what is not is named, what they lack stays (S-22)', async () => {
    const servers = cluster([
      version('A', 'a1'),
      B.token,
      version('New', 'a4'),
      version('../../evil', 'b1'),
      version('Foreign', 'ax', { by: 'ox' }),
    ]);
    const pulled = await pull('--all', servers);
    expect(pulled).toEqual({
      changes: ['keep-version account A by o1', 'put-account A by o1', 'put-account New by o1'],
      rows: [
        'ok stored: pulled account "A", issued 2023-11-14 22:14:20 UTC',
        'ok same: account "B" is the same',
        'ok stored: pulled account "New", which is new here',
        'error refused: account "b1" was refused',
        '  ?: what nats://h:4222 gave as account b1 is not kept: "../../evil" cannot be the name of an account: it holds a path separator',
        'error refused: account "ax" was refused',
        '  ?: what nats://h:4222 gave as account ax is not kept: account "Foreign" is signed by ox, which operator "O" does not list',
        'warn missing: no server lists account "SYS", which stays',
      ],
      failure: [
        'remote-partial',
        'not pulled: "b1", "ax": what nats://h:4222 gave as account b1 is not kept: "../../evil" cannot be the name of an account: it holds a path separator',
      ],
    });
    expect(servers.requests).toEqual(['list', 'pack', 'close']);
  });

  it('of several servers each is asked, as one may be behind the others', async () => {
    const all = [A.token, B.token, SYS.token];
    const servers = cluster(all, [version('A', 'a1'), B.token, SYS.token, version('New', 'a4')]);
    expect(await pull('-A', servers)).toEqual({
      changes: ['put-account New by o1', 'keep-version account A by o1', 'put-account A by o1'],
      rows: expect.arrayContaining([
        'warn stored: pulled account "A", issued 2023-11-14 22:14:20 UTC',
        '  S1: has another version, issued 2023-11-14 22:13:20 UTC',
        'ok stored: pulled account "New", which is new here',
      ]),
    });
    expect(servers.requests).not.toContain('pack');
  });

  it('names that differ in letter case only, or are taken, are refused', async () => {
    const servers = cluster([version('a', 'a4'), version('B', 'b1')]);
    const { changes, rows } = await pull('-A', servers);
    expect(changes).toEqual([]);
    expect(rows.filter((row) => row.startsWith('  '))).toEqual([
      '  ?: account a4 is called "a" and cannot be kept: another account is called "A" here',
      '  ?: account b1 is called "B" and cannot be kept: another account is called "B" here',
    ]);
    const accents = await pull('-A', cluster([version('caf\u00e9', 'a4'), version('cafe\u0301', 'b1')]));
    expect(accents.changes).toEqual(['put-account caf\u00e9 by o1']);
    const twice = await pull('-A', cluster([version('New', 'a4'), version('new', 'b1')]));
    expect(twice.changes).toEqual(['put-account New by o1']);
  });

  it('one whose file here cannot be read stays', async () => {
    const servers = cluster([A.token, B.token, SYS.token]);
    expect(await pull('-A', servers, { unreadable: ['A'] })).toMatchObject({
      changes: [],
      rows: expect.arrayContaining(['error kept: account "A" stays as it is']),
    });
  });

  it('a connection that breaks off leaves everything as it is (S-6)', async () => {
    const servers = new FakeCluster([{ name: 'S1', holds: [version('A', 'a1')] }], { breaksAfter: 0 });
    expect(await refusal(command, { ...given, resolvers: servers }, '-A')).toEqual([
      'remote-failed',
      'the connection ended',
    ]);
  });

  it('more than anybody has is refused', async () => {
    const flood: Resolvers = {
      open: async (target) => ({
        ...(await cluster([]).open(target)),
        async *pack() {
          const token = 'x'.repeat(1024 * 1024);
          for (;;) yield { account: pub('a1'), token };
        },
      }),
    };
    expect((await refusal(command, { ...given, resolvers: flood }, '-A'))[0]).toBe('untrusted-answer');
    const large = 'x'.repeat(64 * 1024 * 1024);
    const hoard: Resolvers = {
      open: async (target) => ({
        ...(await cluster(...[0, 1].map(() => [A, B, SYS].map(({ token }) => token))).open(target)),
        copies: async () => [{ token: large }, { token: large }],
      }),
    };
    expect((await refusal(command, { ...given, resolvers: hoard }, '-A'))[0]).toBe('untrusted-answer');
  });
});

describe('all accounts, of an account server', () => {
  const newer = (changes: object = {}, by: KeyName = 'o1', at = ISSUED + 60): string =>
    issue('operator', { ...O.claims, ...changes }, KEYS[by], { now: at }).token;
  const all = [A.token, B.token, SYS.token];
  const same = [
    'ok same: account "A" is the same',
    'ok same: account "B" is the same',
    'ok same: account "SYS" is the same',
  ];

  it('the operator comes first, and vouches for accounts from then on', async () => {
    const server = new FakeAccountServer({
      operator: newer({ nats: { ...O.claims.nats, signing_keys: [pub('o2')] } }),
      holds: [version('A', 'a1', { by: 'o2' }), B.token],
    });
    expect(await pull('-A -u http://h/jwt/v1', server)).toEqual({
      changes: [
        'keep-version operator O by o1',
        'put-operator O by o1',
        'keep-version account A by o1',
        'put-account A by o2',
      ],
      rows: [
        'ok stored: pulled operator "O", issued 2023-11-14 22:14:20 UTC',
        'ok stored: pulled account "A", issued 2023-11-14 22:14:20 UTC',
        'ok same: account "B" is the same',
        'warn missing: no server lists account "SYS", which stays',
      ],
    });
    expect(server.targets[0]?.url).toBe('http://h/jwt/v1');
    expect(server.requests).toEqual([
      'operator',
      `copies ${pub('a1')}`,
      `copies ${pub('a2')}`,
      `copies ${pub('a3')}`,
      'close',
    ]);
  });

  it('who the operator is never changes (S-43)', async () => {
    const server = new FakeAccountServer({ operator: newer({ sub: pub('ox') }, 'ox'), holds: all });
    expect(await pull('-A -u http://h', server)).toEqual({
      changes: [],
      rows: [
        'error refused: operator "O" stays as it is',
        '  ?: what http://h gave as operator "O" is not kept: it is about ox',
        ...same,
      ],
      failure: ['remote-partial', 'not pulled: "O": what http://h gave as operator "O" is not kept: it is about ox'],
    });
  });

  it('an older operator stays away, whatever is said about accounts', async () => {
    const server = new FakeAccountServer({ operator: newer({}, 'o1', ISSUED - 60), holds: all });
    expect(await pull('-A -F -u http://h', server)).toMatchObject({
      changes: [],
      rows: ['error kept: operator "O" stays as it is', expect.anything(), ...same],
    });
  });

  it('a server without the operator is told', async () => {
    const server = new FakeAccountServer({ holds: all });
    expect(await pull('-A -u http://h', server)).toEqual({
      changes: [],
      rows: ['warn failed: operator "O" stays as it is: http://h has no operator', ...same],
    });
  });

  it('a managed account comes back signed by the operator (S-44)', async () => {
    const own = account('A', 'a1', { by: 'a1' });
    const managed = { operators: [{ operator: O, managed: true, accounts: [own, SYS] }] };
    const server = new FakeAccountServer({ operator: O.token, holds: [version('A', 'a1', { at: ISSUED }), SYS.token] });
    expect((await pull('-A -u http://h', server, managed)).changes).toEqual([
      'keep-version account A by a1',
      'put-account A by o1',
    ]);
  });

  it('what fails for some accounts is named; for all of them, it failed', async () => {
    const failing = (isBad: (key: string) => boolean): Resolvers => ({
      open: async (target): Promise<Resolver> => {
        const resolver = await new FakeAccountServer({ operator: O.token, holds: all }).open(target);
        return {
          ...resolver,
          copies: async (key) => {
            if (isBad(key)) throw new NscError('remote-failed', 'status 500');
            return resolver.copies(key);
          },
        };
      },
    });
    expect(
      await pull(
        '-A -u http://h',
        failing((key) => key === pub('a2')),
      ),
    ).toMatchObject({
      rows: expect.arrayContaining(['error failed: account "B" could not be pulled', '  ?: status 500']),
      failure: ['remote-partial', 'not pulled: "B": status 500'],
    });
    expect(await refusal(command, { ...given, resolvers: failing(() => true) }, '-a A -u http://h')).toEqual([
      'remote-failed',
      'status 500',
    ]);
  });
});

it('says who connects, with what patience and which certificates', async () => {
  const servers = cluster([A.token]);
  const line =
    '-a A --system-account SYS --system-user sys --timeout 7 --tls-first --ca-cert ca.pem --client-cert c.pem --client-key k.pem --tls-curves x25519';
  await pull(line, servers);
  expect(servers.targets).toMatchObject([
    {
      url: 'nats://h:4222',
      clientName: 'nsc_pull',
      timeoutMs: 7000,
      tls: { handshakeFirst: true, caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem', curves: ['X25519'] },
    },
  ]);
  expect(servers.identities[0]?.pair.publicKey).toBe(pub('u1'));
});

it('an operator without a URL is asked for one', async () => {
  const [code] = await refusal(
    command,
    { ...given, operators: [{ operator: operator(), accounts: [A] }], resolvers: cluster([]) },
    '-A',
  );
  expect(code).toBe('missing-option');
});

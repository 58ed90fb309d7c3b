import { describe, expect, it } from 'vitest';
import { decodeKind, parseDecorated } from '../../src/index.js';
import { Client, refusalOf } from './client.js';
import { skipsServer } from './find-server.js';
import { clock, Hierarchy } from './hierarchy.js';
import { NatsServer } from './nats-server.js';
import { WAYS } from './running.js';

/** Unix seconds as `--at` takes them. */
const rfc = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '');

const VIOLATION = 'Authorization Violation';

/** The clock of a {@link Hierarchy} stands still, so all of this happens in one second. */
describe.skipIf(skipsServer).each(WAYS)('revocations that a server learns of by $way', ({ start, othersStay }) => {
  it('shut a user out at once, and let in what is issued afterwards in the same second (E-49, S-56)', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice', 'add user bob');
    const creds = [await hierarchy.creds('alice')];
    const { server, tell } = await start(hierarchy);
    const bob = await Client.connect(server, await hierarchy.creds('bob'));
    for (const round of [1, 2, 3]) {
      const alice = await Client.connect(server, creds.at(-1) ?? '');
      await hierarchy.nsc('revocations add-user --name alice');
      await tell();
      expect(await alice.closing()).toMatch(/revoked/i);
      for (const old of creds) expect(await refusalOf(server, old)).toBe(VIOLATION);

      await hierarchy.nsc(`edit user alice --tag round-${round}`);
      creds.push(await hierarchy.creds('alice'));
    }
    await Client.connect(server, creds.at(-1) ?? '');
    if (othersStay) expect(await bob.delivers('orders')).toBe(true);
  });

  it('shut out all whose JWTs were issued before, and nobody whose JWT was issued after', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A', 'add user alice', 'add user bob');
    const before = [await hierarchy.creds('alice'), await hierarchy.creds('bob')];
    const { server, tell } = await start(hierarchy);
    const alice = await Client.connect(server, before[0] ?? '');
    await hierarchy.nsc(['revocations', 'add-user', '-u', '*']);
    await hierarchy.nsc('edit user bob --tag again');
    await hierarchy.nsc('add user eve');
    await tell();
    expect(await alice.closing()).toMatch(/revoked/i);
    for (const old of before) expect(await refusalOf(server, old)).toBe(VIOLATION);
    const after = [await hierarchy.creds('bob'), await hierarchy.creds('eve')];
    for (const fresh of after) await Client.connect(server, fresh);

    await hierarchy.nsc(['revocations', 'add-user', '-u', '*']);
    await tell();
    for (const old of [...before, ...after]) expect(await refusalOf(server, old)).toBe(VIOLATION);

    await hierarchy.nsc(['revocations', 'delete-user', '-u', '*']);
    await tell();
    for (const old of [...before, ...after]) await Client.connect(server, old);
  });

  it('go when they are deleted, and stay what they are when they are compacted', async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys', 'add account A');
    for (const user of ['alice', 'bob', 'eve']) await hierarchy.nsc(['add', 'user', user]);
    const [alice = '', bob = '', eve = ''] = await Promise.all(
      ['alice', 'bob', 'eve'].map((user) => hierarchy.creds(user)),
    );
    await hierarchy.nsc('revocations add-user alice');
    await hierarchy.nsc('revocations add-user bob');
    const { server, tell } = await start(hierarchy);
    for (const creds of [alice, bob]) expect(await refusalOf(server, creds)).toBe(VIOLATION);

    await hierarchy.nsc('revocations delete-user bob');
    await tell();
    expect(await refusalOf(server, alice)).toBe(VIOLATION);
    for (const creds of [bob, eve]) await Client.connect(server, creds);

    await hierarchy.nsc(['revocations', 'add-user', '-u', '*']);
    await hierarchy.nsc('revocations compact');
    expect(Object.keys(hierarchy.claims('A').nats.revocations ?? {})).toEqual(['*']);
    await tell();
    for (const creds of [alice, bob, eve]) expect(await refusalOf(server, creds)).toBe(VIOLATION);
  });
});

describe.skipIf(skipsServer)('revocations of any time', () => {
  const NOW = clock();
  /** Users by when their JWTs were issued. */
  const USERS = { old: NOW - 100, fresh: NOW };
  type Name = keyof typeof USERS | '*';
  /** What a revocation is made with, in this order, and who is shut out by all of them. */
  const CASES: [revoked: [user: Name, ...at: string[]][], shut: (keyof typeof USERS)[]][] = [
    [[['old', rfc(NOW - 101)]], []],
    [[['old', rfc(NOW - 100)]], ['old']],
    [[['old', rfc(NOW - 99)]], ['old']],
    [[['old']], ['old']],
    [[['*', rfc(NOW - 50)]], ['old']],
    [
      [
        ['*', rfc(NOW - 50)],
        ['fresh', rfc(NOW - 60)],
      ],
      ['old'],
    ],
    [
      [
        ['*', rfc(NOW - 50)],
        ['fresh', rfc(NOW + 5000)],
      ],
      ['old', 'fresh'],
    ],
    [
      [
        ['*', rfc(NOW - 200)],
        ['old', rfc(NOW - 150)],
      ],
      [],
    ],
    [[['*', rfc(NOW + 5000)]], ['old', 'fresh']],
    [
      [['*', rfc(NOW + 5000)], ['old'], ['fresh', rfc(NOW - 5)]],
      ['old', 'fresh'],
    ],
  ];

  it('shut out whom they should, before they are compacted and afterwards', { timeout: 60_000 }, async () => {
    const hierarchy = await Hierarchy.make('add operator O --sys');
    const users: { account: string; user: keyof typeof USERS; isShut: boolean }[] = [];
    for (const [at, [revoked, shut]] of CASES.entries()) {
      const account = `A${at}`;
      hierarchy.session.now = USERS.old;
      await hierarchy.nsc(['add', 'account', account]);
      for (const user of ['old', 'fresh'] as const) {
        hierarchy.session.now = USERS[user];
        await hierarchy.nsc(['add', 'user', '-a', account, user]);
        users.push({ account, user, isShut: shut.includes(user) });
      }
      for (const [user, ...moment] of revoked) {
        const who = user === '*' ? ['-u', '*'] : ['-n', user];
        const when = moment.flatMap((text) => ['--at', text]);
        await hierarchy.nsc(['revocations', 'add-user', '-a', account, ...who, ...when]);
      }
    }
    const server = await NatsServer.start(await hierarchy.config());
    const verdicts = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const { account, user } of users) {
        const creds = await hierarchy.creds(user, account);
        const isIn = await Client.connect(server, creds).then(
          () => true,
          () => false,
        );
        found.push(`${account} ${user}: ${isIn ? 'in' : 'shut out'}`);
      }
      return found;
    };
    const expected = users.map(({ account, user, isShut }) => `${account} ${user}: ${isShut ? 'shut out' : 'in'}`);
    expect(await verdicts()).toEqual(expected);
    const before = CASES.map((_case, at) => Object.keys(hierarchy.claims(`A${at}`).nats.revocations ?? {}).length);
    for (const at of CASES.keys()) await hierarchy.nsc(['revocations', 'compact', `A${at}`]);
    const after = CASES.map((_case, at) => Object.keys(hierarchy.claims(`A${at}`).nats.revocations ?? {}).length);
    expect(before.map((count, at) => count - (after[at] ?? 0))).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
    await server.restart(await hierarchy.config());
    expect(await verdicts()).toEqual(expected);
  });
});

it.skipIf(skipsServer)('a server takes a JWT that is dated a little ahead of its clock', async () => {
  const hierarchy = await Hierarchy.make('add operator O', 'add account A', 'add user alice');
  for (let round = 0; round < 30; round += 1) {
    await hierarchy.nsc('revocations add-user alice');
    await hierarchy.nsc('edit user alice --tag again');
  }
  const creds = await hierarchy.creds('alice');
  const { iat } = decodeKind(parseDecorated(creds).token, 'user').claims;
  expect(Number(iat) - hierarchy.session.now).toBe(30);
  const server = await NatsServer.start(await hierarchy.config());
  await Client.connect(server, creds);
});

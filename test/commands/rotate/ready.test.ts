import { describe, expect, it } from 'vitest';
import type { Changed } from '../../../src/app/result.js';
import { command as activate } from '../../../src/commands/rotate/activate.js';
import { command as auto } from '../../../src/commands/rotate/auto.js';
import { command as finish } from '../../../src/commands/rotate/finish.js';
import type { KeyRecord } from '../../../src/domain/keyring/keyring.js';
import { NscError } from '../../../src/errors.js';
import { activation, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { FakeAccountServer, FakeCluster, type FakeServer } from '../../support/fake-resolver.js';
import { type Given, NOW, planRaw, refusal } from '../../support/plan.js';
import { OPERATOR, READER, record, ring, SIGNING, USER } from '../keys/rings.js';

/** Steps that wait until servers are ready for them. */

const DAY = 86_400;
const aged = (
  name: Parameters<typeof record>[0],
  slot: KeyRecord['slot'],
  state: KeyRecord['state'],
  days: number,
  more: Partial<KeyRecord> = {},
) => record(name, slot, state, { since: { [state]: NOW - days * DAY }, ...more });

const O = operator({ nats: { signing_keys: [pub('o2'), pub('o3')], system_account: pub('a4') } });
const O_BEFORE = operator({ nats: { signing_keys: [pub('o2')], system_account: pub('a4') } });
const exporting = { exports: [stream('news', { token_req: true })] };
/** Announced: the new role key, `ax`. */
const A = account('A', 'a1', {
  by: 'o2',
  nats: { ...exporting, signing_keys: [pub('a2'), scope('a3', 'reader'), scope('ax', 'reader')] },
});
const A_BEFORE = account('A', 'a1', {
  by: 'o2',
  nats: { ...exporting, signing_keys: [pub('a2'), scope('a3', 'reader')] },
});
const importing = (by: 'a2' | 'a3') =>
  account('B', 'b1', {
    by: 'o2',
    nats: { imports: [{ ...streamFrom('a1', 'news'), token: activation('news', { by, issuer_account: pub('a1') }) }] },
  });
const B = importing('a2');
const SYS = account('SYS', 'a4', { by: 'o2' });

const announcedRole = [aged('a3', READER, 'active', 50), aged('ax', READER, 'next', 3, { replaces: pub('a3') })];
const announcedOperator = [aged('o2', OPERATOR, 'active', 50), aged('o3', OPERATOR, 'next', 3)];

const store = (records: readonly KeyRecord[], servers: readonly FakeServer[], accounts = [A, B, SYS]): Given => ({
  operators: [
    { operator: O, accounts, users: [user('A/u', 'u1', { by: 'a3', nats: under('a1') })], keyring: ring(...records) },
  ],
  stored: ['o1', 'o2', 'o3', 'a1', 'a2', 'a3', 'ax', 'b1', 'a4', 'u1'],
  resolvers: new FakeCluster(servers),
});
const server = (more: Partial<FakeServer> = {}): FakeServer => ({
  name: 'S1',
  holds: [A.token, B.token, SYS.token],
  trusts: [O.token],
  ...more,
});
const PUSH = '--push --account-jwt-server-url nats://h:4222';

async function run(given: Given, target: string) {
  const { plan, shown } = await planRaw(auto, given, `${target} ${PUSH}`);
  const { failure } = plan.result as Changed;
  return { changes: shown.changes, steps: shown.steps, warnings: shown.warnings, sent: plan.push?.accounts, failure };
}

const ROLE = '--account A --role reader';

describe('rotate auto --push', () => {
  it.each<[what: string, target: string, records: readonly KeyRecord[]]>([
    ['a key of an account', ROLE, announcedRole],
    ['a key of the operator', '--operator', announcedOperator],
  ])('lets %s sign that all servers know', async (_what, target, records) => {
    const { changes, failure, sent } = await run(store(records, [server(), server({ name: 'S2' })]), target);
    expect(changes[0]).toMatch(/^put-keyring .*(ax|o3) active/);
    expect(failure).toBeUndefined();
    expect(sent).toContain('A');
  });

  const gone = { name: 'S2', down: 'connection refused' };
  const LACKS = 'account "A" does not list ax yet';
  it.each<
    [what: string, target: string, records: readonly KeyRecord[], servers: readonly FakeServer[], reason: string]
  >([
    ['one did not get it', ROLE, announcedRole, [server(), server({ name: 'S2', holds: [A_BEFORE.token] })], LACKS],
    ['none got it', ROLE, announcedRole, [server({ holds: [A_BEFORE.token] })], `S1: ${LACKS}`],
    ['none has the account', ROLE, announcedRole, [server({ holds: [SYS.token] })], 'S1: it does not have account "A"'],
    [
      'one lacks the account',
      ROLE,
      announcedRole,
      [server(), server({ name: 'S2', holds: [SYS.token] })],
      'S2: it does not have account "A"',
    ],
    ['one is away', ROLE, announcedRole, [server(), gone], 'S2: connection refused'],
    ['all are away', ROLE, announcedRole, [gone], 'cannot connect to nats://h:4222: connection refused'],
    ['one is silent', ROLE, announcedRole, [server({ ignores: ['list'] })], 'S1: it did not say which accounts it has'],
    [
      'one does not show its copy',
      ROLE,
      announcedRole,
      [server({ ignores: ['copies'] })],
      '1 of 1 servers did not show account "A"',
    ],
    [
      'one was not restarted',
      '--operator',
      announcedOperator,
      [server(), server({ name: 'S2', trusts: [O_BEFORE.token] })],
      'S2: its operator JWT does not have o3 yet',
    ],
    ['one does not say', '--operator', announcedOperator, [server({ trusts: 'not allowed' })], 'S1: not allowed'],
  ])('leaves the step where %s, fails, and sends what they lack', async (_what, target, records, servers, reason) => {
    const { changes, steps, failure, sent } = await run(store(records, servers), target);
    expect(changes).toEqual([]);
    expect(steps[0]).toContain(`activate is due and cannot be done: servers are not ready for it: `);
    expect(steps[0]).toContain(reason);
    expect(failure?.code).toBe('remote-partial');
    expect(failure?.exitCode).toBe(7);
    expect(sent).toEqual(target === ROLE ? ['A'] : undefined);
  });

  it('says what to do about it', async () => {
    const unsent = await run(store(announcedRole, [server({ holds: [A_BEFORE.token] })]), ROLE);
    expect(unsent.failure?.hint).toBe('this run sends servers the accounts they lack: run it again');
    const unknown = await run(store(announcedOperator, [server({ trusts: [O_BEFORE.token] })]), '--operator');
    expect(unknown.failure?.hint).toBe(
      'put the JWT of operator "O" into the configuration of these servers (nsc generate config), and restart them: a reload does not do',
    );
  });

  it('does not wait without --push, and asks nobody', async () => {
    const given = store(announcedRole, [server({ holds: [A_BEFORE.token] })]);
    const { shown } = await planRaw(auto, given, ROLE);
    expect(shown.changes[0]).toMatch(/^put-keyring .*ax active/);
    expect((given.resolvers as FakeCluster).requests).toEqual([]);
  });

  it.each<[what: string, records: readonly KeyRecord[], target: string, sent: readonly string[] | undefined]>([
    ['an announced key', [aged('a3', READER, 'active', 5), aged('ax', READER, 'next', 1)], ROLE, ['A']],
    [
      'one that retires, with those who import by activations',
      [aged('ax', READER, 'active', 1), aged('a3', READER, 'retiring', 1)],
      ROLE,
      ['A', 'B'],
    ],
    ['one that is out', [aged('a3', READER, 'active', 5), aged('a2', READER, 'removed', 4)], ROLE, ['A']],
    [
      'one of the operator that retires: all accounts',
      [aged('o2', OPERATOR, 'active', 1), aged('o3', OPERATOR, 'retiring', 1)],
      '--operator',
      ['A', 'B', 'SYS'],
    ],
    [
      'one of the operator that servers have in their configuration',
      [aged('o2', OPERATOR, 'active', 5), aged('o3', OPERATOR, 'next', 1)],
      '--operator',
      undefined,
    ],
    ['none at all', [aged('a3', READER, 'active', 5)], ROLE, undefined],
  ])('sends accounts again when nothing is due: of %s', async (_what, records, target, sent) => {
    const result = await run(store(records, [server()]), target);
    expect(result.changes.filter((change) => !change.startsWith('put-keyring'))).toEqual([]);
    expect(result.sent).toEqual(sent);
  });

  describe('lets an old key go', () => {
    const retiring = [aged('a2', SIGNING, 'retiring', 8, { replacedBy: pub('ax') }), aged('ax', SIGNING, 'active', 8)];
    const now = account('A', 'a1', { by: 'o2', nats: { ...exporting, signing_keys: [pub('a2'), pub('ax')] } });
    const after = account('B', 'b1', {
      by: 'o2',
      nats: {
        imports: [{ ...streamFrom('a1', 'news'), token: activation('news', { by: 'ax', issuer_account: pub('a1') }) }],
      },
    });
    const target = '--account A';
    const here = [now, after, SYS];

    it('when no account that servers hold depends on it', async () => {
      const holds = here.map(({ token }) => token);
      const { changes, failure } = await run(store(retiring, [server({ holds })], here), target);
      expect([changes[0], failure]).toEqual(['put-keyring a2 removed', undefined]);
    });

    it.each<[what: string, holds: readonly { token: string }[], reason: string]>([
      ['an importer', [now, B, SYS], 'account "B" imports "news" from account "A" with an activation that a2 signed'],
      ['the account', [A_BEFORE, after, SYS], 'account "A" does not list ax yet'],
    ])('not while %s does', async (_what, holds, reason) => {
      const servers = [server({ holds: holds.map(({ token }) => token) })];
      const { changes, steps, failure, sent } = await run(store(retiring, servers, here), target);
      expect([changes, failure?.code, sent]).toEqual([[], 'remote-partial', ['A', 'B']]);
      expect(steps[0]).toContain(reason);
    });

    it('of the operator: not while servers have an account that it signed', async () => {
      const records = [
        aged('o2', OPERATOR, 'retiring', 8, { replacedBy: pub('o3') }),
        aged('o3', OPERATOR, 'active', 8),
      ];
      const signed = [account('A', 'a1', { by: 'o3' }), account('SYS', 'a4', { by: 'o3' })];
      const [held] = signed;
      const servers = [server({ holds: [held?.token ?? '', SYS.token] })];
      const { steps, failure } = await run(store(records, servers, signed), '--operator');
      expect(failure?.code).toBe('remote-partial');
      expect(steps[0]).toContain('S1: account "SYS" is signed by o2');
    });
  });

  it('goes on past what cannot be trusted', async () => {
    const stray = account('X', 'b1', { by: 'ox' });
    const records = [aged('o2', OPERATOR, 'active', 1), aged('o3', OPERATOR, 'retiring', 1)];
    expect((await run(store(records, [server()], [A, stray, SYS]), '--operator')).sent).toEqual(['A', 'SYS']);
  });
});

describe('rotate activate', () => {
  const blind = server({ trusts: [O_BEFORE.token] });

  it.each<[line: string, records: readonly KeyRecord[], server: FakeServer, refused: string]>([
    [
      `--operator ${PUSH}`,
      announcedOperator,
      blind,
      'servers do not all know o3 of the signing keys of operator "O" yet: S1: its operator JWT does not have o3 yet',
    ],
    [
      '--operator --check-servers --account-jwt-server-url nats://h:4222',
      announcedOperator,
      blind,
      'servers do not all know o3 of the signing keys of operator "O" yet: S1: its operator JWT does not have o3 yet',
    ],
    [
      `${ROLE} --check-servers ${PUSH}`,
      announcedRole,
      server({ holds: [A_BEFORE.token] }),
      'servers do not all know ax of the role "reader" of account "A" yet: S1: account "A" does not list ax yet',
    ],
  ])('%s refuses what servers do not know', async (line, records, one, refused) => {
    expect(await refusal(activate, store(records, [one]), line)).toEqual(['rotation-state', refused]);
  });

  it('hints at what helps', async () => {
    const error = await planRaw(activate, store(announcedOperator, [blind]), `--operator ${PUSH}`).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(NscError);
    expect((error as NscError).hint).toBe(
      'put the JWT of operator "O" into the configuration of these servers (nsc generate config), and restart them: a reload does not do; --check-servers=false lets it sign all the same',
    );
  });

  it.each<[line: string, records: readonly KeyRecord[], server: FakeServer, asked: boolean]>([
    [`--operator ${PUSH}`, announcedOperator, server(), true],
    [`--operator --check-servers=false ${PUSH}`, announcedOperator, blind, false],
    ['--operator', announcedOperator, blind, false],
    [`${ROLE} ${PUSH}`, announcedRole, server({ holds: [A_BEFORE.token] }), false],
    [`${ROLE} --check-servers ${PUSH}`, announcedRole, server(), true],
  ])('%s activates', async (line, records, one, asked) => {
    const given = store(records, [one]);
    const { shown } = await planRaw(activate, given, line);
    expect(shown.changes[0]).toMatch(/^put-keyring .*(ax|o3) active/);
    expect((given.resolvers as FakeCluster).requests.length > 0).toBe(asked);
  });

  it('sends a step again without asking', async () => {
    const done = [aged('o3', OPERATOR, 'active', 1), aged('o2', OPERATOR, 'retiring', 1)];
    const { plan } = await planRaw(activate, store(done, [blind]), `--operator ${PUSH}`);
    expect(plan.push?.accounts).toEqual(['A', 'B', 'SYS']);
  });

  it.each<[line: string, records: readonly KeyRecord[], holds: readonly { token: string }[], warning: string]>([
    [
      '--operator',
      announcedOperator,
      [A],
      'nobody asked the servers which keys of the operator they trust: an account server does not know',
    ],
    [
      `${ROLE} --check-servers`,
      announcedRole,
      [A],
      'only the account server was asked, and not the servers that have accounts from it: see that they know the key',
    ],
  ])('%s warns where an account server stands between', async (line, records, holds, warning) => {
    const resolvers = new FakeAccountServer({ holds: holds.map(({ token }) => token) });
    const given = { ...store(records, []), resolvers };
    const { plan } = await planRaw(activate, given, `${line} --push --account-jwt-server-url http://h:9090`);
    expect(plan.warnings).toContain(warning);
  });

  it('asks about a user only where it does the auth callout of its account', async () => {
    const records = [aged('u1', USER, 'active', 9), aged('u2', USER, 'next', 3, { replaces: pub('u1') })];
    const world = (auth: readonly string[] | undefined, holds: readonly string[]): Given => {
      const nats = { ...A.claims.nats, ...(auth && { authorization: { auth_users: [...auth] } }) };
      const given = store(records, [server({ holds })], [account('A', 'a1', { by: 'o2', nats }), B, SYS]);
      return { ...given, stored: [...(given.stored ?? []), 'u2'] };
    };
    const line = `--account A --user u --check-servers ${PUSH}`;
    const plain = world(undefined, []);
    await planRaw(activate, plain, line);
    expect((plain.resolvers as FakeCluster).requests).toEqual([]);
    expect(await refusal(activate, world([pub('u1'), pub('u2')], [A.token]), line)).toEqual([
      'rotation-state',
      'servers do not all know u2 of the key of user "u" of account "A" yet: S1: account "A" does not list u2 yet',
    ]);
  });

  it('names what is the matter when nobody can be reached, and changes nothing', async () => {
    const away = store(announcedOperator, [{ name: 'S1', down: 'connection refused' }]);
    expect(await refusal(activate, away, `--operator ${PUSH}`)).toEqual([
      'remote-failed',
      'cannot connect to nats://h:4222: connection refused',
    ]);
  });
});

describe('rotate finish --check-servers hints at what fits the reason', () => {
  const records = [aged('o2', OPERATOR, 'retiring', 8, { replacedBy: pub('o3') }), aged('o3', OPERATOR, 'active', 8)];
  const signed = [account('A', 'a1', { by: 'o3' }), account('SYS', 'a4', { by: 'o3' })];
  const holds = signed.map(({ token }) => token);
  const RESTART =
    'put the JWT of operator "O" into the configuration of these servers (nsc generate config), and restart them: a reload does not do';
  const SEND = 'send servers the accounts as they are here: nsc push --all';

  it.each<[what: string, server: FakeServer, hint: string]>([
    ['an operator JWT that is old', server({ holds, trusts: [O_BEFORE.token] }), RESTART],
    ['accounts that are old', server(), SEND],
    ['both', server({ trusts: [O_BEFORE.token] }), `${RESTART}; ${SEND}`],
    [
      'silence',
      server({ holds, ignores: ['list'] }),
      'see that every server runs and answers; --timeout 10 gives them more time',
    ],
  ])('%s', async (_what, one, hint) => {
    const line = '--operator --check-servers --account-jwt-server-url nats://h:4222';
    const error = await planRaw(finish, store(records, [one], signed), line).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'still-in-use', hint });
  });
});

import { describe, expect, it } from 'vitest';
import type { Changed, Checked } from '../../../src/app/result.js';
import { command } from '../../../src/commands/rotate/auto.js';
import type { KeyRecord } from '../../../src/domain/keyring/keyring.js';
import { activation, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, NOW as ISSUED, operator, pub } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { alter } from '../../support/forged-token.js';
import { answer, type Given, NOW, plan, planRaw } from '../../support/plan.js';
import { Session } from '../../support/session.js';
import { IDENTITY, OPERATOR, READER, record, SIGNING, USER } from '../keys/rings.js';
import { rotating } from './world.js';

const DAY = 86_400;

/** A record that is so many days old. */
const aged = (name: Parameters<typeof record>[0], slot: KeyRecord['slot'], state: KeyRecord['state'], days: number) =>
  record(name, slot, state, { since: { [state]: NOW - days * DAY } });

const fresh = [aged('o2', OPERATOR, 'active', 1), aged('a2', SIGNING, 'active', 1), aged('a3', READER, 'active', 1)];
const twoKeys = { operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }) };

const steps = async (given: Given, line: string) => (await plan(command, given, line)).steps;
const changes = async (given: Given, line: string) => (await plan(command, given, line)).changes;

describe('rotate auto', () => {
  it('says of each key what comes next and when, and when to come back; nothing changes', async () => {
    expect(await plan(command, rotating(fresh), '--all')).toEqual({
      changes: [],
      steps: [
        'signing keys of operator "O": start is due 2024-02-11 22:14:20 UTC',
        'signing keys of account "A": start is due 2024-02-11 22:14:20 UTC',
        'role "reader" of account "A": start is due 2024-02-11 22:14:20 UTC',
        'next due 2024-02-11 22:14:20 UTC: start of signing keys of operator "O"',
      ],
    });
  });

  it('dates keys that nobody has dated', async () => {
    expect(await changes(rotating(), '--all')).toEqual(['put-keyring o2 active, a2 active, a3 active']);
  });

  it.each<[what: string, given: Given, line: string, changes: readonly string[], last: string]>([
    [
      'starts',
      rotating([aged('a3', READER, 'active', 90)]),
      '--role reader',
      ['put-seed new1', 'put-keyring new1 next', 'put-account A by o2'],
      'next due 2023-11-16 22:14:20 UTC: activate of role "reader" of account "A"',
    ],
    [
      'starts what expires soon',
      rotating([record('a3', READER, 'active', { since: { active: NOW }, expires: NOW + 2 * DAY })]),
      '--role reader',
      ['put-seed new1', 'put-keyring new1 next', 'put-account A by o2'],
      'next due 2023-11-16 22:14:20 UTC: activate of role "reader" of account "A"',
    ],
    [
      'starts after another interval',
      rotating([aged('o2', OPERATOR, 'active', 30)]),
      '--operator --interval 4w',
      ['put-seed new1', 'put-keyring new1 next', 'put-operator O by o1'],
      'next due 2023-11-16 22:14:20 UTC: activate of signing keys of operator "O"',
    ],
    [
      'activates',
      rotating([aged('o3', OPERATOR, 'next', 2)], {}, twoKeys),
      '--operator',
      ['put-keyring o3 active, o2 retiring', 'put-account A by o3'],
      'next due 2023-11-21 22:14:20 UTC: finish of signing keys of operator "O"',
    ],
    [
      'finishes',
      rotating([aged('o2', OPERATOR, 'active', 7), aged('o3', OPERATOR, 'retiring', 7)], {}, twoKeys),
      '--operator',
      ['put-keyring o3 removed', 'put-operator O by o1'],
      'next due 2024-02-05 22:14:20 UTC: start of signing keys of operator "O"',
    ],
    [
      "rotates users' own keys when asked to",
      rotating([aged('u1', USER, 'active', 100)]),
      '--user u',
      ['put-seed new1', 'put-keyring new1 next'],
      'next due 2023-11-16 22:14:20 UTC: activate of key of user "u" of account "A"',
    ],
    [
      'rotates the identity when asked to',
      rotating([aged('o1', IDENTITY, 'active', 100), ...fresh]),
      '--all --identity',
      ['put-seed new1', 'put-keyring new1 next', 'put-operator O by o1'],
      'next due 2023-11-16 22:14:20 UTC: activate of identity of operator "O"',
    ],
  ])('%s', async (_what, given, line, expected, last) => {
    const planned = await plan(command, given, line);
    expect(planned.changes.map((change) => change.replace('put-keyring a3 active, new1', 'put-keyring new1'))).toEqual(
      expected,
    );
    expect(planned.steps.at(-1)).toBe(last);
    expect(planned.lost).toBeUndefined();
  });

  it.each([
    ['the identity', rotating([aged('o1', IDENTITY, 'active', 100), ...fresh])],
    ["users' own keys", rotating([aged('u1', USER, 'active', 100), ...fresh])],
  ])('leaves %s alone unless asked', async (_what, given) => {
    expect(await changes(given, '--all')).toEqual([]);
  });

  it('puts the steps of many keys into one commit, each token once', async () => {
    const old = rotating([
      aged('o2', OPERATOR, 'active', 90),
      aged('a2', SIGNING, 'active', 90),
      aged('a3', READER, 'active', 90),
    ]);
    expect(await changes(old, '--all')).toEqual([
      'put-seed new1',
      'put-operator O by o1',
      'put-seed new2',
      'put-seed new3',
      'put-keyring new1 next, new2 next, new3 next',
      'put-account A by o2',
    ]);
  });

  it('leaves an old key on which something depends, says so, and succeeds', async () => {
    const blocked = rotating([aged('a3', READER, 'retiring', 8)]);
    const { plan: made, shown } = await planRaw(command, blocked, '--role reader');
    expect(shown.changes).toEqual([]);
    expect(shown.steps[0]).toMatch(
      /^warn: role "reader" of account "A": finish is due and cannot be done: a3 cannot leave/,
    );
    expect((made.result as Changed).failure).toBeUndefined();
  });

  it('does what it can, and fails for what it cannot', async () => {
    const poor = rotating(
      [aged('o2', OPERATOR, 'active', 1), aged('a2', SIGNING, 'active', 90), aged('a3', READER, 'active', 1)],
      {
        stored: ['a1', 'a2', 'a3'],
      },
    );
    const { plan: made, shown } = await planRaw(command, poor, '--all');
    expect(shown.changes).toEqual([]);
    expect(shown.steps[1]).toMatch(/^warn: signing keys of account "A": start is due and cannot be done:/);
    expect((made.result as Changed).failure).toMatchObject({ code: 'no-signer' });
  });

  it('waits where a key is compromised', async () => {
    expect(await steps(rotating([aged('a3', READER, 'compromised', 100)]), '--role reader')).toEqual([
      'warn: role "reader" of account "A": one of its keys is compromised; replace it at once with: nsc compromise KEY',
      'nothing is due',
    ]);
  });

  it('has nothing to do for an account without signing keys', async () => {
    expect(await plan(command, rotating(), '--account B')).toEqual({
      changes: [],
      steps: ['signing keys of account "B": there is no key to rotate', 'nothing is due'],
    });
  });

  it('tells whoever runs the servers what to do and until when, and pushes with --push', async () => {
    const old = rotating([aged('o2', OPERATOR, 'active', 90), aged('a3', READER, 'active', 90)]);
    expect((await plan(command, old, '--operator')).warnings).toEqual([
      'put the new JWT of operator "O" into the configuration of every server, and restart it, before 2023-11-16 22:14:20 UTC',
    ]);
    expect((await plan(command, old, '--role reader')).warnings).toEqual([
      'servers need "A" before the next step: nsc push --all',
    ]);
    const { plan: made, shown } = await planRaw(
      command,
      old,
      '--role reader --push --account-jwt-server-url nats://h:4222',
    );
    expect(shown.warnings).toBeUndefined();
    expect(made.push).toMatchObject({ accounts: ['A'], reach: { url: 'nats://h:4222' } });
    expect((await planRaw(command, rotating(fresh), '--all --push')).plan.push).toBeUndefined();
  });

  it.each<[what: string, given: Given, line: string, ok: boolean, rules: readonly string[]]>([
    ['nothing is due', rotating(fresh), '--all', true, []],
    ['keys have no date yet', rotating(), '--all', true, []],
    ['a step is due', rotating([aged('a3', READER, 'active', 91)]), '--role reader', false, ['due']],
    ['a step is blocked', rotating([aged('a3', READER, 'retiring', 8)]), '--role reader', false, ['blocked']],
    ['a key is compromised', rotating([aged('a3', READER, 'compromised', 8)]), '--role reader', false, ['blocked']],
    ['an account cannot be read', rotating(fresh, { unreadable: ['A'] }), '--all', false, ['unreadable']],
  ])('--check when %s', async (_what, given, line, ok, rules) => {
    const { plan: made } = await planRaw(command, given, `${line} --check`);
    expect(made.changes).toEqual([]);
    const result = made.result as Checked;
    expect([result.ok, result.sections.flatMap(({ findings }) => findings.map(({ rule }) => rule))]).toEqual([
      ok,
      rules,
    ]);
  });

  it('answers programs with the next date', async () => {
    expect(await answer(command, rotating(fresh), '--role reader')).toMatchObject({
      data: {
        nextDue: '2024-02-11T22:14:20Z',
        slots: [
          {
            slot: 'role "reader" of account "A"',
            done: null,
            blocked: null,
            next: { step: 'start', due: '2024-02-11T22:14:20Z' },
          },
        ],
      },
    });
  });

  itRefuses(command, rotating(), {
    'without a word which keys': ['', ['missing-option', 'nothing says which keys are meant']],
    'an interval of nothing': [
      '--all --interval 0',
      ['bad-value', 'with an interval of 0 keys would be replaced at every run'],
    ],
    'a span that is none': ['--all --retention soon', ['bad-value', '--retention: "soon" is not a time span']],
    'how to reach servers without --push': [
      '--all --timeout 3',
      ['missing-option', '--timeout says how servers are reached, so it needs --push'],
    ],
  });
});

describe('rotate auto as cron runs it', () => {
  it('writes nothing when nothing is due, exits 1 with --check when something is, and does not depend on the clock going on', async () => {
    const session = new Session({ now: ISSUED });
    for (const line of ['add operator O', 'edit operator --sk generate', 'add account A', 'add user u'])
      await session.ok(line);
    await session.ok('rotate auto --all');
    expect((await session.run('rotate auto --all --check')).exit).toBe(0);
    session.now += 90 * DAY;
    expect((await session.run('rotate auto --all --check')).exit).toBe(1);
    expect((await session.run('rotate auto --all')).exit).toBe(0);
    const { stdout } = await session.run('rotate auto --all --json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, changes: [], nextDue: '2024-02-14T22:13:20Z' });
    session.now -= 80 * DAY;
    expect(JSON.parse((await session.run('rotate auto --all --json')).stdout)).toMatchObject({ changes: [] });
  });
});

it('gives an account that was altered no signature, and goes on with the others', async () => {
  const OTHERS = { kind: 'account-signing', account: pub('b1') } as const;
  const token = activation('news', { by: 'a4', sub: 'a1', issuer_account: pub('b1') });
  const imports = [{ ...streamFrom('b1', 'news'), token }];
  const importer = account('A', 'a1', { nats: { signing_keys: [pub('a2')], imports } });
  const exports = [stream('news', { token_req: true })];
  const exporter = account('B', 'b1', { nats: { signing_keys: [pub('a4'), pub('a3')], exports } });
  const records = [
    aged('a2', SIGNING, 'active', 90),
    aged('a4', OTHERS, 'active', 90),
    aged('a3', OTHERS, 'next', 2),
    aged('o2', OPERATOR, 'active', 1),
  ];
  const given = (accounts: Parameters<typeof alter<typeof importer>>[0][]) =>
    rotating(records, {}, { accounts, users: [] });
  expect(await changes(given([importer, exporter]), '--all')).toContain('put-account A by o2');
  const { plan: made, shown } = await planRaw(command, given([alter(importer), exporter]), '--all');
  expect(shown.changes).toEqual(['put-keyring a4 retiring, a3 active']);
  expect(made.result).toMatchObject({ failure: { code: 'bad-token' } });
});

import { describe, expect, it } from 'vitest';
import type { Listed } from '../../src/app/result.js';
import { command } from '../../src/commands/expirations.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { Secret } from '../../src/lib/secret.js';
import { account, NOW as ISSUED, KEYS, operator, user } from '../domain/trust/hierarchy.js';
import { itRefuses } from '../support/cases.js';
import { FakeWorld } from '../support/fake-world.js';
import { answer, type Given, NOW, rowsOf } from '../support/plan.js';
import { Session } from '../support/session.js';

const DAY = 86_400;
const u = user('A/u', 'u1', { exp: NOW + 2 * DAY });
const late = user('A/late', 'u2', { exp: 978_307_200 });
const given: Given = {
  operators: [
    {
      operator: operator({ exp: NOW + 400 * DAY }),
      accounts: [account('A', 'a1')],
      users: [u, late],
      creds: [
        { account: 'A', user: 'u', creds: formatCreds(user('A/u', 'u1', { exp: NOW + DAY }).token, KEYS.u1.seed) },
      ],
    },
  ],
};

const row = (resource: string, id: string, more: object = {}) => ({
  resource,
  id,
  when: 'Never',
  expiry: 0,
  expiration_date: '',
  expires_soon: false,
  expired: false,
  ...more,
});
const operatorRow = row('O', 'o1', {
  when: 'In 1 Year',
  expiry: NOW + 400 * DAY,
  expiration_date: '2024-12-18T22:14:20Z',
});
const lateRow = row('O/A/late', 'u2', {
  when: '23 Years Ago',
  expiry: 978_307_200,
  expiration_date: '2001-01-01T00:00:00Z',
  expires_soon: true,
  expired: true,
});
const userRow = row('O/A/u', 'u1', {
  when: 'In 2 Days',
  expiry: NOW + 2 * DAY,
  expiration_date: '2023-11-16T22:14:20Z',
  expires_soon: true,
});
const credsRow = row('/keys/creds/O/A/u.creds', 'u1', {
  when: 'In 1 Day',
  expiry: NOW + DAY,
  expiration_date: '2023-11-15T22:14:20Z',
  expires_soon: true,
});

const report = async (line: string, world: Given = given) =>
  (await answer(command, world, line)) as { rows: object[]; report: object; title: string; whenEmpty: string };

describe('expirations', () => {
  it('tell of the operator, accounts, users and their creds, in the order of the tree', async () => {
    expect((await report('')).rows).toEqual([operatorRow, row('O/A', 'a1'), lateRow, userRow, credsRow]);
  });

  it.each([
    ['a month without --within', '', '2023-12-14T22:14:20Z', true, true],
    ['a span', '--within 36h', '2023-11-16T10:14:20Z', false, true],
    ['a date', '-e 2023-11-17', '2023-11-17T00:00:00Z', true, true],
    ['nothing with 0', '--within 0', '1970-01-01T00:00:00Z', false, false],
    ['an empty text as if it were not given', "-e ''", '2023-12-14T22:14:20Z', true, true],
  ])('take for soon: %s', async (_what, line, threshold, user, creds) => {
    const { rows, report: members } = await report(line);
    expect(members).toEqual({ members: { expiration_threshold: threshold }, rows: 'report' });
    const soon = (resource: string) =>
      (rows as { resource: string; expires_soon: boolean }[]).find((one) => one.resource === resource)?.expires_soon;
    expect([soon('O/A/u'), soon(credsRow.resource), soon('O/A')]).toEqual([user, creds, false]);
  });

  it('leave out with --skip what is valid for longer', async () => {
    expect((await report('--skip -e 36h')).rows).toEqual([lateRow, credsRow]);
    const { rows, whenEmpty } = await report('--skip', { operators: [{ operator: operator() }] });
    expect(rows).toEqual([]);
    expect(whenEmpty).toBe('nothing has expired, and nothing expires before 2023-12-14 22:14:20 UTC');
  });

  it('show times in UTC, and never as never (E-64)', async () => {
    expect((await rowsOf(command, given, '')).map(({ cells }) => cells)).toEqual([
      ['No', 'O', '2024-12-18 22:14:20 UTC - In 1 Year'],
      ['No', 'O/A', 'Never'],
      ['Yes', 'O/A/late', '2001-01-01 00:00:00 UTC - 23 Years Ago'],
      ['Soon', 'O/A/u', '2023-11-16 22:14:20 UTC - In 2 Days'],
      ['Soon', '/keys/creds/O/A/u.creds', '2023-11-15 22:14:20 UTC - In 1 Day'],
    ]);
  });

  it('take a token that ends this second for valid', async () => {
    const edge = {
      operators: [{ operator: operator({ exp: NOW }), accounts: [account('A', 'a1', { exp: NOW - 1 })] }],
    };
    expect((await rowsOf(command, edge, '')).map(({ cells }) => cells[0])).toEqual(['Soon', 'Yes']);
  });

  it('go on after what cannot be read, and show it even with --skip', async () => {
    const [content = { operator: operator() }] = given.operators ?? [];
    const world: Given = {
      operators: [{ ...content, creds: [{ account: 'A', user: 'u', creds: new Secret('no creds') }] }],
      unreadable: ['A', 'A/late'],
    };
    expect((await rowsOf(command, world, '--skip')).map(({ cells }) => cells)).toEqual([
      ['?', 'O/A', 'account "A" is broken'],
      ['?', 'O/A/late', 'user "late" is broken'],
      ['Soon', 'O/A/u', '2023-11-16 22:14:20 UTC - In 2 Days'],
      ['?', '/keys/creds/O/A/u.creds', 'the JWT does not have three parts'],
    ]);
    expect((await report('--skip', world)).rows[0]).toEqual(
      row('O/A', '', { when: '', error: 'account "A" is broken' }),
    );
  });

  it('are read as they are shown, so that the length of the report does not matter', async () => {
    const world = new FakeWorld(given);
    const { context, input } = await world.prepare(command, '');
    let read = 0;
    const tree: Tree = {
      ...context.tree,
      operator: context.tree.operator,
      accountNames: () => ['A'],
      findAccount: () => undefined,
      userNames: () => Array.from({ length: 100_000 }, (_none, at) => `u${at}`),
      findUser: () => {
        read += 1;
        return u;
      },
      findCreds: () => undefined,
    };
    const result = command.run({ ...context, workspace: context.workspace, tree }, input as never);
    const rows = (result as Listed).rows[Symbol.iterator]();
    for (let at = 0; at < 5; at += 1) rows.next();
    expect(read).toBe(4);
  });

  itRefuses(command, given, {
    'a window that is no time': ['--within soon', ['bad-value', '--within: "soon" is not a date or a time span']],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

describe('in the program', () => {
  it('--json has the members of nsc, two blanks a level, and no rows are an empty list', async () => {
    const session = new Session({ now: ISSUED });
    await session.ok('add operator O');
    await session.ok('add account A --expiry 10d');
    const { stdout, stderr, exit } = await session.run('expirations --json --skip');
    const [, key] = /"id": "(A\w+)"/.exec(stdout) ?? [];
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe(
      [
        '{',
        '  "expiration_threshold": "2023-12-14T22:13:20Z",',
        '  "report": [',
        '    {',
        '      "resource": "O/A",',
        `      "id": "${key}",`,
        '      "when": "In 1 Week",',
        `      "expiry": ${ISSUED + 10 * DAY},`,
        '      "expiration_date": "2023-11-24T22:13:20Z",',
        '      "expires_soon": true,',
        '      "expired": false',
        '    }',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
    expect(await session.ok('expirations --json --skip -e 1d')).toBe(
      '{\n  "expiration_threshold": "2023-11-15T22:13:20Z",\n  "report": []\n}\n',
    );
  });

  it('answers on standard output, with exit code 0 whatever has expired', async () => {
    const session = new Session();
    await session.ok('add operator O --expiry 1d');
    session.advance(2 * DAY);
    expect(await session.run('expirations')).toEqual({
      exit: 0,
      stdout: 'Expired  Resource  Expiration\nYes      O         2023-11-15 22:13:20 UTC - 1 Day Ago\n',
      stderr: '',
    });
  });
});

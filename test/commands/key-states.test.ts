import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/app/command.js';
import { KEY_STATES, type KeyRecord, type KeyState } from '../../src/domain/keyring/keyring.js';
import { NscError } from '../../src/errors.js';
import { stream } from '../domain/sharing/accounts.js';
import { account, type KeyName, operator, pub, scope, under, user } from '../domain/trust/hierarchy.js';
import { findLeaves } from '../support/leaves.js';
import { answer, type Given, planRaw } from '../support/plan.js';
import { OPERATOR, READER, record, ring, SIGNING, USER } from './keys/rings.js';

/*
 * Every state of a key × every command that touches keys: `ok`, `nothing` where nothing changes, or the code of the refusal.
 * Lines with `?` name nobody who signs, and the cells have who does. `derived` is a key that only tokens speak of;
 * `still listed` one that is compromised and in a token all the same, because another program put it back.
 */

const commands = new Map<string, Command>();
for (const [path, leaf] of findLeaves()) commands.set(path, (await leaf.load()).command);

const STATES = ['derived', 'next', 'active', 'retiring', 'removed', 'compromised', 'still listed'] as const;
type Column = (typeof STATES)[number];

/** The record of the key in question, and of the one beside it. */
function records(key: KeyName, other: KeyName, slot: KeyRecord['slot'], column: Column): KeyRecord[] {
  const links = { replacedBy: pub(other) };
  const state: KeyState = column === 'still listed' ? 'compromised' : (column as KeyState);
  if (column === 'derived') return [];
  if (column === 'active') return [record(key, slot, 'active')];
  if (column === 'next') return [record(key, slot, 'next', { replaces: pub(other) }), record(other, slot, 'active')];
  return [record(key, slot, state, links), record(other, slot, 'active', { replaces: pub(key) })];
}
const isListed = (column: Column): boolean => column !== 'removed' && column !== 'compromised';
const hasOther = (column: Column): boolean => column !== 'derived' && column !== 'active';

const EXPORTS = [stream('x.>', { token_req: true })];
function ofAccount(column: Column): Given {
  const signing_keys = [...(isListed(column) ? [pub('a2')] : []), ...(hasOther(column) ? [pub('a3')] : [])];
  const by = isListed(column) && column !== 'next' ? 'a2' : 'a3';
  return given(
    [account('A', 'a1', { nats: { signing_keys, exports: EXPORTS } })],
    records('a2', 'a3', SIGNING, column),
    by,
  );
}
function ofRole(column: Column): Given {
  const signing_keys = [
    ...(isListed(column) ? [scope('a4', 'reader')] : []),
    ...(hasOther(column) ? [scope('a3', 'reader')] : []),
  ];
  const by = isListed(column) && column !== 'next' ? 'a4' : 'a3';
  return given(
    [account('A', 'a1', { nats: { signing_keys, exports: EXPORTS } })],
    records('a4', 'a3', READER, column),
    by,
  );
}
function ofOperator(column: Column): Given {
  const signing_keys = [...(isListed(column) ? [pub('o2')] : []), ...(hasOther(column) ? [pub('o3')] : [])];
  const by = isListed(column) && column !== 'next' ? 'o2' : 'o3';
  const accounts = [account('A', 'a1', { by }), account('B', 'b1', { by })];
  return {
    operators: [
      {
        operator: operator({ nats: { signing_keys } }),
        accounts,
        keyring: ring(...records('o2', 'o3', OPERATOR, column)),
      },
    ],
  };
}
function ofUser(column: Column): Given {
  const isOwn = column === 'derived' || column === 'active' || column === 'still listed';
  const users = [user('A/u', isOwn ? 'u1' : 'u2')];
  return {
    operators: [
      {
        operator: operator(),
        accounts: [account('A', 'a1')],
        users,
        keyring: ring(...records('u1', 'u2', USER, column)),
      },
    ],
  };
}
const given = (accounts: ReturnType<typeof account>[], all: KeyRecord[], by: KeyName): Given => ({
  operators: [
    {
      operator: operator(),
      accounts: [...accounts, account('B', 'b1')],
      users: [
        user('A/u', 'u1', {
          by,
          nats: under(
            'a1',
            by === 'a2' || (by === 'a3' && all[0]?.slot.kind !== 'role') ? { subs: -1, data: -1, payload: -1 } : {},
          ),
        }),
      ],
      keyring: ring(...all),
    },
  ],
});

/** What comes of a line: `ok`, `nothing` where nothing changes, who signs (of a line with `?`), or the code of the refusal. */
async function outcome(world: Given, line: string): Promise<string> {
  const text = line.replace(/^\? /, '');
  const words = text.split(' ');
  const path = [2, 1].map((count) => words.slice(0, count).join(' ')).find((name) => commands.has(name)) ?? '';
  const command = commands.get(path);
  if (!command) throw new Error(`no command: ${text}`);
  const rest = text.slice(path.length + 1);
  try {
    if (command.kind !== 'mutation') {
      const { content } = (await answer(command, world, rest)) as { content?: string };
      if (path !== 'generate jwks') return 'ok';
      return /"kid":"(a2|a4|o2)"/.test(content ?? '') ? 'in' : 'out';
    }
    const { shown, plan } = await planRaw(command, world, rest);
    if (plan.changes.length === 0 && !plan.files) return 'nothing';
    if (text === line) return 'ok';
    return [...new Set(shown.changes.flatMap((change) => / by (\w+)/.exec(change)?.[1] ?? []))].join(' ');
  } catch (error) {
    if (error instanceof NscError && error.code !== 'bug') return error.code;
    throw error;
  }
}

const ACCOUNT_TABLE = `
                                              | derived        | next           | active         | retiring       | removed            | compromised        | still listed
  add user x -K $a2                           | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  edit user u --tag t -K $a2                  | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? edit user u --tag t                       | a2             | a3             | a2             | a3             | a3                 | a3                 | a3
  generate activation -a A -t B -K $a2        | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  edit account A --sk $a2                     | ok             | ok             | ok             | ok             | ok                 | key-compromised    | ok
  edit account A --rm-sk $a2                  | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  edit signing-key $a2 --role r               | ok             | ok             | ok             | ok             | ok                 | key-compromised    | ok
  generate jwks --account A                   | in             | in             | in             | in             | out                | out                | out
  export keys --accounts --filter $a2 --dir d | ok             | ok             | ok             | ok             | item-not-found     | item-not-found     | ok
  resign --account A -K $a2                   | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? resign --account A                        | a2             | a3             | a2             | a3             | a3                 | a3                 | a3
  rotate start $a2                            | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate activate $a2                         | rotation-state | ok             | rotation-state | rotation-state | rotation-state     | rotation-state     | rotation-state
  rotate finish $a2                           | rotation-state | rotation-state | rotation-state | still-in-use   | rotation-state     | rotation-state     | rotation-state
  rotate abort $a2                            | rotation-state | ok             | rotation-state | ok             | rotation-state     | rotation-state     | rotation-state
  rotate now $a2                              | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate plan $a2                             | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  compromise $a2                              | ok             | ok             | ok             | ok             | ok                 | nothing-to-do      | ok
  resign --issuer $a2                         | ok             | nothing        | ok             | ok             | nothing            | nothing            | ok
  keys show $a2                               | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys alias $a2 x                            | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys note $a2 x                             | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys expire $a2 --in 1y                     | ok             | ok             | ok             | ok             | rotation-state     | rotation-state     | rotation-state
`;

const ROLE_TABLE = `
                                       | derived        | next           | active         | retiring       | removed            | compromised        | still listed
  add user x -K $a4                    | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? add user x -K reader               | a4             | a3             | a4             | a3             | a3                 | a3                 | a3
  ? add user x --role reader           | a4             | a3             | a4             | a3             | a3                 | a3                 | a3
  ? edit user u --tag t                | a4             | a3             | a4             | a3             | a3                 | a3                 | a3
  edit user u --tag t -K $a4           | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  generate activation -a A -t B -K $a4 | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  edit account A --sk $a4              | ok             | ok             | ok             | ok             | ok                 | key-compromised    | ok
  edit account A --rm-sk $a4           | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  edit signing-key $a4 --subs 5        | ok             | ok             | ok             | ok             | ok                 | key-compromised    | ok
  edit signing-key reader --subs 5     | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  describe role reader                 | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  generate jwks --account A            | in             | in             | in             | in             | out                | out                | out
  ? resign --role reader               | a4             | a3             | a4             | a3             | a3                 | a3                 | a3
  rotate start $a4                     | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate activate $a4                  | rotation-state | ok             | rotation-state | rotation-state | rotation-state     | rotation-state     | rotation-state
  rotate finish $a4                    | rotation-state | rotation-state | rotation-state | still-in-use   | rotation-state     | rotation-state     | rotation-state
  rotate abort $a4                     | rotation-state | ok             | rotation-state | ok             | rotation-state     | rotation-state     | rotation-state
  rotate now $a4                       | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate plan $a4                      | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  compromise $a4                       | ok             | ok             | ok             | ok             | ok                 | nothing-to-do      | ok
  resign --issuer $a4                  | ok             | nothing        | ok             | ok             | nothing            | nothing            | ok
  keys show $a4                        | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys alias $a4 x                     | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys note $a4 x                      | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys expire $a4 --in 1y              | ok             | ok             | ok             | ok             | rotation-state     | rotation-state     | rotation-state
`;

const OPERATOR_TABLE = `
                                              | derived        | next           | active         | retiring       | removed            | compromised        | still listed
  add account C -K $o2                        | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? add account C                             | o1             | o3             | o2             | o3             | o3                 | o3                 | o3
  ? edit account A --tag t                    | o2             | o3             | o2             | o3             | o3                 | o3                 | o3
  edit account A --tag t -K $o2               | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  edit operator --tag t -K $o2                | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? edit operator --tag t                     | o1             | o1             | o1             | o1             | o1                 | o1                 | o1
  edit operator --sk $o2                      | ok             | ok             | ok             | ok             | ok                 | key-compromised    | ok
  edit operator --rm-sk $o2                   | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  reissue operator -K $o2                     | ok             | ok             | ok             | ok             | ok                 | key-compromised    | key-compromised
  generate jwks                               | in             | in             | in             | in             | out                | out                | out
  export keys --operator --filter $o2 --dir d | ok             | ok             | ok             | ok             | item-not-found     | item-not-found     | ok
  resign --all -K $o2                         | ok             | key-not-active | ok             | key-not-active | signer-not-allowed | signer-not-allowed | key-compromised
  ? resign --all                              | o2             | o3             | o2             | o3             | o3                 | o3                 | o3
  rotate start $o2                            | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate activate $o2                         | rotation-state | ok             | rotation-state | rotation-state | rotation-state     | rotation-state     | rotation-state
  rotate finish $o2                           | rotation-state | rotation-state | rotation-state | still-in-use   | rotation-state     | rotation-state     | rotation-state
  rotate abort $o2                            | rotation-state | ok             | rotation-state | ok             | rotation-state     | rotation-state     | rotation-state
  rotate now $o2                              | ok             | rotation-state | ok             | rotation-state | ok                 | ok                 | ok
  rotate plan $o2                             | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  compromise $o2                              | ok             | ok             | ok             | ok             | ok                 | nothing-to-do      | ok
  resign --issuer $o2                         | ok             | nothing        | ok             | ok             | nothing            | nothing            | ok
  keys show $o2                               | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys alias $o2 x                            | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys note $o2 x                             | ok             | ok             | ok             | ok             | ok                 | ok                 | ok
  keys expire $o2 --in 1y                     | ok             | ok             | ok             | ok             | rotation-state     | rotation-state     | rotation-state
`;

const USER_TABLE = `
                                           | derived        | next           | active         | retiring       | removed        | compromised     | still listed
  add user x -k $u1                        | ok             | ok             | ok             | ok             | ok             | key-compromised | key-compromised
  ? edit user u --tag t                    | a1             | a1             | a1             | a1             | a1             | a1              | a1
  delete user u --revoke                   | ok             | ok             | ok             | ok             | ok             | ok              | ok
  export keys --users --filter $u1 --dir d | ok             | item-not-found | ok             | item-not-found | item-not-found | item-not-found  | ok
  rotate start $u1                         | ok             | rotation-state | ok             | rotation-state | ok             | ok              | key-compromised
  rotate activate $u1                      | rotation-state | ok             | rotation-state | rotation-state | rotation-state | rotation-state  | rotation-state
  rotate finish $u1                        | rotation-state | rotation-state | rotation-state | ok             | rotation-state | rotation-state  | rotation-state
  rotate abort $u1                         | rotation-state | ok             | rotation-state | ok             | rotation-state | rotation-state  | rotation-state
  rotate now $u1                           | ok             | rotation-state | ok             | rotation-state | ok             | ok              | key-compromised
  rotate plan $u1                          | ok             | ok             | ok             | ok             | ok             | ok              | ok
  compromise $u1                           | ok             | ok             | ok             | ok             | ok             | nothing-to-do   | ok
  resign --issuer $u1                      | wrong-key-kind | wrong-key-kind | wrong-key-kind | wrong-key-kind | wrong-key-kind | wrong-key-kind  | wrong-key-kind
  keys show $u1                            | ok             | ok             | ok             | ok             | ok             | ok              | ok
  keys alias $u1 x                         | ok             | ok             | ok             | ok             | ok             | ok              | ok
  keys note $u1 x                          | ok             | ok             | ok             | ok             | ok             | ok              | ok
  keys expire $u1 --in 1y                  | ok             | ok             | ok             | ok             | rotation-state | rotation-state  | rotation-state
`;

/** The lines of a table, and what is expected of each in every state. */
function readTable(table: string): [line: string, cells: string[]][] {
  const [, ...rows] = table.trim().split('\n');
  return rows.map((row) => {
    const [line = '', ...cells] = row.split('|').map((text) => text.trim());
    return [line, cells];
  });
}

describe.each<[string, (column: Column) => Given, string]>([
  ['a signing key of an account', ofAccount, ACCOUNT_TABLE],
  ['the key of a role', ofRole, ROLE_TABLE],
  ['a signing key of an operator', ofOperator, OPERATOR_TABLE],
  ['the own key of a user', ofUser, USER_TABLE],
])('%s', (_what, make, table) => {
  it.each(readTable(table))('%s', async (line, expected) => {
    const cells: [Column, string][] = [];
    for (const column of STATES) cells.push([column, await outcome(make(column), line)]);
    expect(cells).toEqual(STATES.map((column, at) => [column, expected[at]]));
  });

  it('every command that names a key is there', () => {
    const lines = readTable(table).map(([line]) => line.replace(/^\? /, ''));
    const life = ['start', 'activate', 'finish', 'abort', 'now', 'plan'].map((step) => `rotate ${step} `);
    const asked = [
      ...life,
      'compromise ',
      'resign --issuer ',
      'keys show ',
      'keys alias ',
      'keys note ',
      'keys expire ',
    ];
    expect(asked.filter((start) => !lines.some((line) => line.startsWith(start)))).toEqual([]);
  });
});

it('every state is a column', () => {
  expect(KEY_STATES.filter((state) => !(STATES as readonly string[]).includes(state))).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/keys/list.js';
import type { KeyRecord } from '../../../src/domain/keyring/keyring.js';
import { activation, streamFrom } from '../../domain/sharing/accounts.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { answer, type Given, NOW, rowsOf } from '../../support/plan.js';
import { IDENTITY, OPERATOR, READER, record, ring, SIGNING, USER } from './rings.js';

const token = activation('b1', { subject: 'news', by: 'a2', issuer_account: pub('a1') });
const plain: Given = {
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      accounts: [
        account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader'), scope('a3', 'reader')] } }),
        account('B', 'b1', { by: 'o2', nats: { imports: [{ ...streamFrom('a1', 'news'), token }] } }),
      ],
      users: [
        user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
        user('A/v', 'u2', { by: 'a2', nats: under('a1') }),
        user('B/w', 'u3', { by: 'b1' }),
      ],
    },
  ],
};
const ringed = (...records: readonly KeyRecord[]): Given => ({
  operators: plain.operators?.map((content) => ({ ...content, keyring: ring(...records) })) ?? [],
});

/** What people see, without the columns that stay empty: mark, key, kind, entity, seed, listed, state, used by. */
async function shown(given: Given, line: string): Promise<string[]> {
  const rows = await rowsOf(command, given, line);
  return rows.map(({ cells }) => cells.filter((_cell, at) => at !== 7 && at !== 8).join('|'));
}

const OF_OPERATOR = ['*||o1|operator identity||*|*|active|1 account', '||o2|operator signing||*|*|active|1 account'];
const OF_A = [
  '*||a1|account identity|A|*|*|active|',
  '*||a4|role reader|A|*|*|active|1 user',
  '||a2|account signing|A|*|*|active|1 user, 1 activation',
  '||a3|role reader|A|*|*|active|',
];
const OF_B = ['*||b1|account identity|B|*|*|active|1 user'];

describe('the keys of a store that nsc wrote are active, as far as tokens list them', () => {
  it.each([
    ['of the operator and the selected account', '', [...OF_OPERATOR, ...OF_A]],
    ['of the operator', '--operator', OF_OPERATOR],
    ['of an account', '--account B', OF_B],
    ['of the operator and an account', '-o -a B', [...OF_OPERATOR, ...OF_B]],
    ['of an account by its key', '-a $b1', OF_B],
    ['of all', '--all', [...OF_OPERATOR, ...OF_A, ...OF_B]],
    ["with users' own keys", '-a A -u', [...OF_A, '*||u1|user|A/u|*|*|active|', '*||u2|user|A/v|*|*|active|']],
    ['in no state they have', '--all --state next', []],
  ])('%s', async (_what, line, rows) => {
    expect(await shown(plain, line)).toEqual(rows);
  });

  it('leaves out what nobody knows', async () => {
    expect(await answer(command, plain, '-a B --json')).toMatchObject({
      rows: [
        {
          publicKey: 'b1',
          kind: 'account',
          use: 'identity',
          account: 'B',
          state: 'active',
          active: true,
          private: true,
          public: true,
          usedBy: { accounts: 0, users: 1, activations: 0 },
        },
      ],
    });
  });

  it('marks nobody as signing whose seed is elsewhere', async () => {
    expect(await shown({ ...plain, stored: ['a2'] }, '')).toEqual([
      '||o1|operator identity|||*|active|1 account',
      '||o2|operator signing|||*|active|1 account',
      '||a1|account identity|A||*|active|',
      '||a4|role reader|A||*|active|1 user',
      '*||a2|account signing|A|*|*|active|1 user, 1 activation',
      '||a3|role reader|A||*|active|',
    ]);
  });
});

describe('the keyring tells more', () => {
  const given = ringed(
    record('o2', OPERATOR, 'active', { alias: 'prod', since: { created: NOW - 10, active: NOW }, expires: NOW - 1 }),
    record('o3', OPERATOR, 'removed'),
    record('a4', READER, 'retiring', { replacedBy: pub('a3') }),
    record('a3', READER, 'active', { replaces: pub('a4'), expires: NOW + 60 }),
    record('ax', SIGNING, 'compromised'),
    record('u3', USER, 'next'),
    record('u2', { ...USER, user: 'v' }, 'active'),
    record('b1', { ...SIGNING, account: pub('x1') }, 'active'),
  );

  it('who signs, what is coming, going and lost', async () => {
    expect(await shown(given, '')).toEqual([
      '*||o1|operator identity||*|*|active|1 account',
      '*|prod|o2|operator signing||*|*|active|1 account',
      OF_A[0],
      '||a4|role reader|A|*|*|retiring|1 user',
      OF_A[2],
      '*||a3|role reader|A|*|*|active|',
      '||ax|account signing|A|||compromised|',
      '||u3|user|A/u|*||next|',
    ]);
  });

  it.each([
    ['removed keys when asked', '-o --removed', ['o1', 'o2', 'o3']],
    ['removed keys alone', '-o --state removed', ['o3']],
    ['active keys alone', '--state active', ['o1', 'o2', 'a1', 'a2', 'a3']],
    ['users once', '-a A --users --removed', ['a1', 'a4', 'a2', 'a3', 'ax', 'u1', 'u2', 'u3']],
    ['keys of accounts that are gone with all others', '--all --state removed', ['o3', 'b1']],
  ])('%s', async (_what, line, keys) => {
    expect((await rowsOf(command, given, line)).map(({ cells }) => cells[2])).toEqual(keys);
  });

  it('when a key was made, and when it should go', async () => {
    const rows = await rowsOf(command, given, '-o');
    expect(rows.map(({ cells }) => cells.slice(7, 9))).toEqual([
      ['', ''],
      ['2023-11-14 22:14:10 UTC', '2023-11-14 22:14:19 UTC (overdue)'],
    ]);
    expect(await answer(command, given, '-a A --state active --json')).toMatchObject({
      rows: [
        {},
        {},
        { publicKey: 'a3', role: 'reader', expires: NOW + 60, replaces: 'a4', since: { active: NOW - 60 } },
      ],
    });
  });

  it('an identity that is coming is one although the token lists it among the signing keys', async () => {
    const coming = ringed(record('o2', IDENTITY, 'next'));
    expect(await shown(coming, '-o')).toEqual([OF_OPERATOR[0], '||o2|operator identity||*|*|next|1 account']);
  });
});

describe('what cannot be read', () => {
  it('is a row of its own, once', async () => {
    const given = { ...plain, unreadable: ['A/u', 'B'] };
    const errors = async (line: string) => (await shown(given, line)).filter((row) => row.includes('broken'));
    const [ofUser, ofAccount] = ['||user "u" is broken||||||', '||account "B" is broken||||||'];
    expect(await errors('')).toEqual([ofAccount, ofUser]);
    expect(await errors('--all --users')).toEqual([ofUser, ofAccount]);
    expect(await errors('--all')).toEqual([ofAccount, ofUser]);
    expect(await errors('-o')).toEqual([ofAccount]);
  });
});

itRefuses(command, plain, {
  'a state that is none': ['--state old', ['bad-value', '--state: "old" is not a state of a key']],
  'an account that is not there': ['-a X', ['account-not-found', 'account "X" does not exist under operator "O"']],
  'one account of all': ['--all -a A', ['conflicting-options', '--all and --account exclude each other']],
  'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
});

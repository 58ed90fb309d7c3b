import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/keys/show.js';
import { renderJson } from '../../../src/render/json.js';
import { render } from '../../../src/render/render.js';
import { activation, streamFrom } from '../../domain/sharing/accounts.js';
import { account, KEYS, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { piped as style } from '../../render/styles.js';
import { Aliases } from '../../support/aliases.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { answer, type Given, NOW, refusal } from '../../support/plan.js';
import { OPERATOR, READER, record, ring, USER } from './rings.js';

const token = activation('news', { by: 'a2', issuer_account: pub('a1') });
const keyring = ring(
  record('o2', OPERATOR, 'retiring', { alias: 'old', note: 'in the safe', replacedBy: pub('o3'), expires: NOW - 9 }),
  record('o3', OPERATOR, 'active', { since: { created: NOW - 90, next: NOW - 80, active: NOW - 70 }, expires: NOW }),
  record('a4', READER, 'retiring'),
  record('u3', USER, 'next'),
  record('ax', READER, 'removed'),
  record('a3', { kind: 'account-signing', account: pub('a1') }, 'compromised'),
);
const given: Given = {
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }),
      accounts: [
        account('A', 'a1', {
          by: 'o2',
          nats: { signing_keys: [pub('a2'), pub('a3'), scope('a4', 'reader'), scope('ax', 'writer', { subs: 5 })] },
        }),
        account('B', 'b1', { by: 'o2', nats: { imports: [{ ...streamFrom('a1', 'news'), token }] } }),
      ],
      users: [
        user('A/u', 'u1', { by: 'a4', nats: under('a1') }),
        user('A/v', 'u2', { by: 'a2', nats: under('a1') }),
        user('B/w', 'u2', { by: 'b1' }),
      ],
      keyring,
    },
  ],
};
const none = { accounts: [], users: [], activations: [], unreadable: [] };
const unused = { accounts: 0, users: 0, activations: 0 };
const present = { private: true, public: true };

describe('all about one key', () => {
  itAnswers(command, given, {
    'one that is retiring, by its alias': [
      'old',
      {
        kind: 'key',
        report: {
          publicKey: 'o2',
          kind: 'operator',
          use: 'signing',
          state: 'retiring',
          active: false,
          ...present,
          expires: NOW - 9,
          alias: 'old',
          note: 'in the safe',
          since: { retiring: NOW - 60 },
          replacedBy: 'o3',
          usedBy: { accounts: 2, users: 0, activations: 0 },
        },
        slot: 'signing keys of operator "O"',
        seedPath: '/keys/keys/o2.nk',
        signed: { ...none, accounts: ['A', 'B'] },
        next: 'nsc rotate finish o2',
      },
    ],
    'one that is overdue, by its seed': [
      '$o3.seed',
      {
        kind: 'key',
        report: {
          publicKey: 'o3',
          kind: 'operator',
          use: 'signing',
          state: 'active',
          active: true,
          ...present,
          created: NOW - 90,
          expires: NOW,
          since: { next: NOW - 80, active: NOW - 70 },
          usedBy: unused,
        },
        slot: 'signing keys of operator "O"',
        seedPath: '/keys/keys/o3.nk',
        signed: none,
        next: 'nsc rotate start o3',
      },
    ],
    'one that only tokens speak of': [
      '$a2',
      {
        kind: 'key',
        report: {
          publicKey: 'a2',
          kind: 'account',
          use: 'signing',
          account: 'A',
          state: 'active',
          active: false,
          ...present,
          usedBy: { accounts: 0, users: 1, activations: 1 },
        },
        slot: 'signing keys of account "A"',
        seedPath: '/keys/keys/a2.nk',
        signed: { ...none, users: ['A/v'], activations: [{ importer: 'B', subject: 'news' }] },
      },
    ],
    'the key of a role, with what it gives': [
      'writer --account A',
      {
        kind: 'key',
        report: {
          publicKey: 'ax',
          kind: 'account',
          use: 'role',
          role: 'writer',
          account: 'A',
          state: 'active',
          active: false,
          private: false,
          public: true,
          since: { removed: NOW - 60 },
          usedBy: unused,
        },
        slot: 'role "writer" of account "A"',
        seedPath: '/keys/keys/ax.nk',
        signed: none,
        scope: {
          kind: 'user_scope',
          key: 'ax',
          role: 'writer',
          description: '',
          template: { pub: {}, sub: {}, subs: 5, data: -1, payload: -1 },
        },
      },
    ],
    'a key that a user is to get': [
      '$u3',
      {
        kind: 'key',
        report: {
          publicKey: 'u3',
          kind: 'user',
          use: 'identity',
          account: 'A',
          user: 'u',
          state: 'next',
          active: false,
          private: true,
          public: false,
          since: { next: NOW - 60 },
          usedBy: unused,
        },
        slot: 'key of user "u" of account "A"',
        seedPath: '/keys/keys/u3.nk',
        signed: none,
        next: 'nsc rotate activate u3',
      },
    ],
  });

  it('a role of the selected account needs no --account; an alias comes before it', async () => {
    const [first] = given.operators ?? [];
    const called = (alias: string): Given => ({
      operators: first ? [{ ...first, keyring: ring(record('o2', OPERATOR, 'active', { alias })) }] : [],
    });
    const keyOf = async (line: string, world = given) =>
      ((await answer(command, world, line)) as { report: { publicKey: string } }).report.publicKey;
    expect(await keyOf('reader')).toBe('a4');
    expect(await keyOf('reader', called('reader'))).toBe('o2');
    expect(await keyOf('reader -a A', called('reader'))).toBe('a4');
  });

  itRefuses(command, given, {
    nothing: ['', ['missing-option', 'a key is needed']],
    'a text that is no key': ['nothing', ['key-not-found', '"nothing" is neither a key, a key file nor an alias']],
    'a key of somebody else': [
      '$b1',
      ['key-not-found', 'operator "O" has nothing to do with b1'],
      { operators: [{ operator: operator() }] },
    ],
    'a seed that is mistyped': [
      KEYS.o1.seed.reveal().slice(0, -1),
      ['bad-key', '--key: a seed was given that is not valid'],
    ],
  });
});

describe('what people see', () => {
  const show = async (line: string, world = given): Promise<string> => {
    const fake = new FakeWorld(world);
    const { context, input } = await fake.prepare(command, line);
    const text = [...(await render(command.run(context, input as never), { ...style, now: NOW }))].join('');
    return new Aliases().name(text);
  };

  it('a table, and the scope below it', async () => {
    const text = await show('$o2');
    expect(text).toMatch(/Alias +\| old/);
    expect(text).toMatch(/State +\| retiring \(trusted, signs nothing any more\)/);
    expect(text).toMatch(/Overdue since +\| 2023-11-14 22:14:11 UTC \(9 seconds ago\)/);
    expect(text).toMatch(/Replaced by +\| o3/);
    expect(text).toMatch(/Accounts \(2\) +\| A/);
    expect(text).toMatch(/Go on with +\| nsc rotate finish o2/);
    expect(await show('writer -a A')).toMatch(/Seed +\| not in the keystore[\s\S]*Role +\| writer/);
    expect(await show('$u1')).toMatch(/State +\| active \(the user connects with it\)/);
  });

  it('no more than ten names, and all of them as JSON', async () => {
    const users = Array.from({ length: 12 }, (_, at) => user(`A/u${10 + at}`, 'u1'));
    const many: Given = { operators: [{ operator: operator(), accounts: [account('A', 'a1')], users }] };
    expect(await show('$a1', many)).toMatch(/Users \(12\) +\| A\/u10[\s\S]*A\/u19 [\s\S]*… and 2 others/);
    const { context, input } = await new FakeWorld(many).prepare(command, '$a1');
    const json = JSON.parse([...renderJson(command.run(context, input as never))].join(''));
    expect(json).toMatchObject({ publicKey: pub('a1'), keyPath: `/keys/keys/${pub('a1')}.nk`, usedBy: { users: 12 } });
    expect(json.signed.users).toHaveLength(12);
  });

  it('never the seed', async () => {
    for (const line of ['$o1', '$o1.seed', '$a4', '$u1']) expect(await show(line)).not.toMatch(/S[OAU][A-Z2-7]{40}/);
  });
});

it('tells what to do about a key that is compromised while it is listed', async () => {
  expect(await answer(command, given, '$a3')).toMatchObject({ next: 'nsc compromise a3', report: { active: false } });
  expect(await refusal(command, given, 'reader -a B')).toEqual([
    'key-not-found',
    '"reader" is neither a key, a key file nor an alias',
  ]);
});

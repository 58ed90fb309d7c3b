import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/list/keys.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { answer, type Given, rowsOf } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', {
  nats: {
    signing_keys: [pub('a2'), scope('a4', 'reader')],
    authorization: { auth_users: [pub('u1')], xkey: pub('x1') },
  },
});
const users = [user('A/u', 'u1'), user('A/v', 'u2', { by: 'a2', nats: under('a1') }), user('B/w', 'u3', { by: 'b1' })];
const given: Given = {
  operators: [{ operator: O, accounts: [A, account('B', 'b1')], users }],
  stored: ['o1', 'a1', 'a2', 'u1', 'u2', 'x1', 'n1'],
};

/** Entity and key of every row, as `A: a1`; signing keys with a star. */
async function listed(line: string, world: Given = given): Promise<string[]> {
  const { rows } = (await answer(command, world, line)) as { rows: { name: string; pub: string; signing: boolean }[] };
  return rows.map(({ name, pub: key, signing }) => `${name}: ${key}${signing ? '*' : ''}`);
}

describe('which keys', () => {
  const ofOperator = ['O: o1', 'O: o2*'];
  const ofA = ['A: a1', 'A: a2*', 'A: a4*', 'A: x1'];
  const sorted = (keys: string[]) => [...keys].sort();
  it.each<[what: string, line: string, expected: string[], world?: Given]>([
    ['operator, selected account and its users', '', [...ofOperator, ...ofA, 'u: u1', 'v: u2']],
    ['of the account named', '--account B', [...ofOperator, 'B: b1', 'w: u3']],
    ['of the account named by its key', '--account $b1', [...ofOperator, 'B: b1', 'w: u3']],
    ['of the operator', '--operator', ofOperator],
    ['of all accounts, with their curve keys', '-a', [...ofA, 'B: b1']],
    ['of users of all accounts', '-u', ['u: u1', 'v: u2', 'w: u3']],
    ['of users of one account', '-u --account B', ['w: u3']],
    ['of curves and nothing else (E-60)', '-x', ['A: x1']],
    ['of kinds together', '-o -x', [...ofOperator, 'A: x1']],
    ['everything', '-A', [...ofOperator, ...ofA, 'B: b1', 'u: u1', 'v: u2', 'w: u3']],
    ['of one user', '--user v', [...ofOperator, ...ofA, 'v: u2']],
    ['of one user by key', '-u --account A --user $u2', ['v: u2']],
    ['of the operator when no account is selected', '', ofOperator, { operators: [{ operator: O }] }],
    ['that nothing refers to', '--not-referenced', ['?: n1']],
    ['that nothing refers to, without operator', '--not-referenced', ['?: a1', '?: o1'], { stored: ['a1', 'o1'] }],
  ])('%s: %s', async (_what, line, expected, world) => {
    expect(sorted(await listed(line, world))).toEqual(sorted(expected));
  });

  it('whose text contains a text, in any letter case', async () => {
    const part = pub('o2').slice(5, 15).toLowerCase();
    expect(await listed(`-A --filter ${part}`)).toEqual(['O: o2*']);
    expect(await listed('-A -f 0')).toEqual([]);
  });
});

it('refuses what it cannot read before the first row, so that no half a list is written', async () => {
  const { context, input } = await new FakeWorld({ ...given, unreadable: ['A/v'] }).prepare(command, '-A');
  expect(() => command.run(context, input as never)).toThrow('user "v" is broken');
});

describe('what is told about a key', () => {
  async function row(line: string, world: Given = given): Promise<unknown> {
    return ((await answer(command, world, line)) as { rows: unknown[] }).rows[0];
  }
  const stored = (key: string) => ({ key_path: `/keys/keys/${key}.nk`, invalid: false });

  it('of an operator', async () => {
    expect(await row('-o')).toEqual({
      name: 'O',
      pub: 'o1',
      signing: false,
      curve: false,
      ...stored('o1'),
      jwt: Buffer.from(O.token).toString('base64'),
      expected_kind: 'operator',
    });
  });

  it('of an account', async () => {
    expect(await row('-a --account A')).toEqual({
      name: 'A',
      pub: 'a1',
      parent: 'o1',
      signing: false,
      curve: false,
      ...stored('a1'),
      jwt: Buffer.from(A.token).toString('base64'),
      expected_kind: 'account',
    });
  });

  it('of a key that is not stored', async () => {
    expect(await row('-o', { ...given, stored: [] })).toMatchObject({ pub: 'o1', key_path: '', invalid: false });
  });

  it('of a key file that holds another key (E-09)', async () => {
    const world: Given = { ...given, swapped: { o1: 'a1' } };
    expect(await row('-o', world)).toMatchObject({ pub: 'o1', key_path: '/keys/keys/o1.nk', invalid: true });
    expect(await row('-o -S', world)).not.toHaveProperty('seed');
    expect((await rowsOf(command, world, '-o'))[0]?.cells).toEqual(['O', 'o1', '', 'BAD']);
  });

  it('seeds only when asked for', async () => {
    expect(await row('-o')).not.toHaveProperty('seed');
    expect(await row('-o --show-seeds')).toMatchObject({ pub: 'o1', seed: 'seed of o1' });
    expect((await rowsOf(command, given, '-o -S')).map(({ cells }) => cells)).toEqual([
      ['O', 'o1', '', '*', 'seed of o1'],
      ['O', 'o2', '*', '', '[not stored]'],
    ]);
  });

  it('of a curve key: it counts as one of its account, and as such when nothing refers to it', async () => {
    expect(await row('-x')).toMatchObject({ name: 'A', pub: 'x1', curve: true, expected_kind: 'account' });
    const loose: Given = { operators: [{ operator: O }], stored: ['x1'] };
    expect(await row('--not-referenced', loose)).toMatchObject({ name: '?', curve: false, expected_kind: 'x25519' });
    expect((await rowsOf(command, given, '-x')).map(({ cells }) => cells)).toEqual([['A', 'x1', 'T', '*']]);
  });

  it('is the same as JSON', async () => {
    const { rows } = (await answer(command, given, '-A')) as { rows: unknown[] };
    expect(await rowsOf(command, given, '-A')).toHaveLength(rows.length);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'seeds of keys that nothing refers to': [
      '--not-referenced -S',
      ['conflicting-options', '--not-referenced and --show-seeds exclude each other'],
    ],
    'an account that is not there': [
      '--account X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'a user that is not there': ['--user X', ['user-not-found', 'user "X" does not exist in account "A"']],
    'no operator': ['', ['operator-not-found', 'there is no operator'], {}],
    'an argument': ['A', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

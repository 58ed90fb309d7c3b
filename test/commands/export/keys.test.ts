import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/export/keys.js';
import { account, operator, pub, scope, under, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, plan } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const A = account('A', 'a1', {
  nats: {
    signing_keys: [pub('a2'), scope('a4', 'reader')],
    authorization: { auth_users: [pub('u1')], xkey: pub('x1') },
  },
});
const B = account('B', 'b1');
const users = [user('A/u', 'u1'), user('A/v', 'u2', { by: 'a2', nats: under('a1') }), user('B/w', 'u3', { by: 'b1' })];
const given: Given = {
  operators: [{ operator: O, accounts: [A, B], users }],
  stored: ['o1', 'o2', 'o3', 'a1', 'a2', 'a3', 'a4', 'b1', 'u1', 'u2', 'u3', 'n1', 'x1'],
};
const seed = (key: string, dir = 'D') => `${dir}/${key}.nk: seed of ${key}`;
const exported = (key: string, owner: string) => `exported ${key} of "${owner}"`;
const moved = (key: string, owner: string) => `moved ${key} of "${owner}"`;

/** The keys whose seeds are written. */
async function keysOf(line: string, world: Given = given): Promise<string[]> {
  const { files = [] } = await plan(command, world, line);
  return files.map((file) => file.replace(/^D\/(\w+)\.nk: .*$/, '$1'));
}

describe('which keys', () => {
  it.each<[what: string, line: string, keys: string[], world?: Given]>([
    ['those of operator, selected account and its users', '', ['o1', 'o2', 'a1', 'a2', 'a4', 'x1', 'u1', 'u2']],
    ['of the account that is named', '--account B', ['o1', 'o2', 'b1', 'u3']],
    ['of the operator', '--operator', ['o1', 'o2']],
    ['of the operator, in short', '-o', ['o1', 'o2']],
    ['of accounts, their curve keys with them (E-65)', '--accounts', ['a1', 'a2', 'a4', 'x1', 'b1']],
    ['of one account', '-a --account $b1', ['b1']],
    ['of users', '--users', ['u1', 'u2', 'u3']],
    ['of one user', '-u --user w', ['u3']],
    ['of one user by its key', '-u --user $u2', ['u2']],
    ['curve keys and nothing else (E-65)', '--curves', ['x1']],
    ['one curve key (E-65)', '--curve $x1', ['x1']],
    ['one curve key beside another kind', '--curve $x1 -o', ['o1', 'o2', 'x1']],
    ['a curve key that nothing refers to', '--curve $x1', ['x1'], { ...given, operators: [{ operator: O }] }],
    ['all of them', '--all', ['o1', 'o2', 'a1', 'a2', 'a4', 'x1', 'b1', 'u1', 'u2', 'u3']],
    ['with a part of the key', `-A --filter ${pub('u3').slice(10, 20).toLowerCase()}`, ['u3']],
    ['that nothing refers to', '--not-referenced', ['a3', 'n1', 'o3']],
    ['of a kind that nothing refers to', '--not-referenced --operator', ['o3']],
    [
      'one curve key that nothing refers to',
      '--not-referenced --curve $x1',
      ['x1'],
      { ...given, operators: [{ operator: O }] },
    ],
    [
      'of the account that is named, where none is selected',
      '-u --account B',
      ['u3'],
      { ...given, selected: { account: '' } },
    ],
    [
      'of the account that is named, and the operator, where none is selected',
      '--account B',
      ['o1', 'o2', 'b1', 'u3'],
      { ...given, selected: { account: '' } },
    ],
    ['that nothing refers to, without an operator', '--not-referenced', ['a1', 'o1'], { stored: ['a1', 'o1'] }],
  ])('%s: %s', async (_what, line, keys, world) => {
    expect((await keysOf(`--dir D ${line}`, world)).sort()).toEqual([...keys].sort());
  });
});

describe('the files', () => {
  itPlans(command, given, {
    'are named by the key and replace nothing': [
      '-d D -o',
      { changes: [], files: [seed('o1'), seed('o2')], steps: [exported('o1', 'O'), exported('o2', 'O')] },
    ],
    'may replace others with --force': [
      '-d D/ -o -F',
      {
        changes: [],
        files: [`${seed('o1')} (may replace)`, `${seed('o2')} (may replace)`],
        steps: [exported('o1', 'O'), exported('o2', 'O')],
      },
    ],
    'with JWTs beside them': [
      '-d /D -a --account A --include-jwts',
      {
        changes: [],
        files: [...['a1', 'a4', 'a2', 'x1'].map((key) => seed(key, '/D')), '/D/a1.jwt: <account A by o1>'],
        steps: [...['a1', 'a4', 'a2', 'x1'].map((key) => exported(key, 'A')), 'exported a1.jwt, the JWT of "A"'],
      },
    ],
    'with a JWT for each of several users that share a key': [
      '-d D -u --include-jwts',
      {
        changes: [],
        files: [seed('u1'), 'D/u1.jwt: <user u by a1>', 'D/u1-2.jwt: <user v by a1>', 'D/u1-3.jwt: <user u by b1>'],
        steps: [
          exported('u1', 'u'),
          'exported u1.jwt, the JWT of "u"',
          'exported u1-2.jwt, the JWT of "v"',
          'exported u1-3.jwt, the JWT of "u"',
        ],
      },
      {
        ...given,
        operators: [
          {
            operator: O,
            accounts: [A, B],
            users: [user('A/u', 'u1'), user('A/v', 'u1'), user('B/u', 'u1', { by: 'b1' })],
          },
        ],
      },
    ],
    'of what is in the keystore: the rest is told': [
      '-d D -o',
      {
        changes: [],
        files: [seed('o1')],
        steps: [exported('o1', 'O'), 'warn: skipped o2 of "O": its seed is not in the keystore'],
      },
      { ...given, stored: ['o1'] },
    ],
    'without a seed that is not the one its file name says (E-09)': [
      '-d D -o --remove --force',
      {
        changes: ['delete-seed o2'],
        files: [`${seed('o2')} (may replace)`],
        steps: ['warn: skipped o1 of "O": the seed stored for o1 is the one of o3', moved('o2', 'O')],
      },
      { ...given, swapped: { o1: 'o3' } },
    ],
    'JWTs without any seed': [
      '-d D -o --include-jwts',
      {
        changes: [],
        files: ['D/o1.jwt: <operator O by o1>'],
        steps: [
          'warn: skipped o1 of "O": its seed is not in the keystore',
          'warn: skipped o2 of "O": its seed is not in the keystore',
          'exported o1.jwt, the JWT of "O"',
        ],
      },
      { ...given, stored: [] },
    ],
  });
});

describe('with --remove', () => {
  const noUser = (name: string) =>
    `no key of account "${name}" is left in the keystore: no user of it can be signed here`;
  itPlans(command, given, {
    'seeds leave the keystore, and nothing else does (E-65)': [
      '-d D -u --user u --remove --include-jwts',
      {
        changes: ['delete-seed u1'],
        files: [seed('u1'), 'D/u1.jwt: <user u by a1>'],
        steps: [moved('u1', 'u'), 'exported u1.jwt, the JWT of "u"'],
        warnings: ['the seed of user "u" of account "A" leaves the keystore: its creds cannot be written here again'],
      },
    ],
    'it is said when an operator has no key left': [
      '-d D -o -R',
      {
        changes: ['delete-seed o1', 'delete-seed o2'],
        files: [seed('o1'), seed('o2')],
        steps: [moved('o1', 'O'), moved('o2', 'O')],
        warnings: ['no key of operator "O" is left in the keystore: nothing can be signed with it here'],
      },
    ],
    'nothing is said while it has one': [
      `-d D -o -R -f ${pub('o1')}`,
      { changes: ['delete-seed o1'], files: [seed('o1')], steps: [moved('o1', 'O')] },
    ],
    'it is said when the other key of the operator is elsewhere': [
      '-d D -o -R',
      {
        changes: ['delete-seed o1'],
        files: [seed('o1')],
        steps: [moved('o1', 'O'), 'warn: skipped o2 of "O": its seed is not in the keystore'],
        warnings: ['no key of operator "O" is left in the keystore: nothing can be signed with it here'],
      },
      { ...given, stored: ['o1'] },
    ],
    'it is said when all that stays of an account is a curve key, which signs nothing': [
      `-d D -a -R -f ${pub('a1')}`,
      { changes: ['delete-seed a1'], files: [seed('a1')], steps: [moved('a1', 'A')], warnings: [noUser('A')] },
      { ...given, stored: ['a1', 'x1'] },
    ],
    'nothing is said of an account while it has one': [
      `-d D -a -R -f ${pub('a1')}`,
      { changes: ['delete-seed a1'], files: [seed('a1')], steps: [moved('a1', 'A')] },
    ],
    'it is said of accounts and users, too': [
      '-d D -a -u --account B -R',
      {
        changes: ['delete-seed b1', 'delete-seed u3'],
        files: [seed('b1'), seed('u3')],
        steps: [moved('b1', 'B'), moved('u3', 'w')],
        warnings: [
          noUser('B'),
          'the seed of user "w" of account "B" leaves the keystore: its creds cannot be written here again',
        ],
      },
    ],
    'nothing is said of keys that nothing refers to': [
      '-d D --not-referenced -R -o',
      { changes: ['delete-seed o3'], files: [seed('o3')], steps: ['moved o3'] },
    ],
  });

  it('names a few users and counts the others', async () => {
    const many = Array.from({ length: 7 }, (_, at) => user(`A/n${at}`, 'u1'));
    const { warnings } = await plan(
      command,
      { operators: [{ operator: O, accounts: [A], users: many }], stored: ['u1'] },
      '-d D -u -R',
    );
    expect(warnings).toEqual([
      'the seeds of users "n0" of account "A", "n1" of account "A", "n2" of account "A", "n3" of account "A", ' +
        '"n4" of account "A" and 2 more leave the keystore: their creds cannot be written here again',
    ]);
  });

  it.each([
    ['-d D -o -R', 'Take 2 seeds out of the keystore once written to "D"?'],
    [`-d D -o -R -f ${pub('o1')}`, 'Take one seed out of the keystore once written to "D"?'],
    ['-d D -o', undefined],
  ])('it asks first: %s', async (line, question) => {
    const { context, input } = await new FakeWorld(given).prepare(command, line);
    expect(command.confirm?.(context, input as never, command.plan(context, input as never))).toBe(question);
    expect(command.readsOnly?.(input as never)).toBe(question === undefined);
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no directory': ['--all', ['missing-option', 'no directory to write to was named']],
    'a filter that nothing passes': ['-d D -A -f 0', ['item-not-found', 'no keys match']],
    'keys whose seeds are elsewhere': [
      '-d D -o',
      ['key-not-found', 'none of the seeds that are meant can be read from the keystore'],
      { ...given, stored: [] },
    ],
    'a curve key that nobody has': [
      '-d D --curve $x1',
      ['key-not-found', 'no account refers to x1, and it is not in the keystore'],
      { operators: [{ operator: O }], stored: [] },
    ],
    'a curve key that is none': ['-d D --curve $o1', ['wrong-key-kind', '"o1" is not the public key of a curve key']],
    'a user that no account has': ['-d D -u --user x', ['user-not-found', 'no account of operator "O" has a user "x"']],
    'an account that is not there': [
      '-d D --account X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
    'no operator': ['-d D', ['operator-not-found', 'there is no operator'], {}],
    'an argument': ['D', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/add-user.js';
import { account, operator, pub, NOW as THEN, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, NOW, type Planned } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const [u, v] = [user('A/u', 'u1'), user('A/v', 'u2')];

const world = (revocations: Record<string, number | bigint> = {}, more: Partial<Given> = {}): Given => ({
  operators: [
    {
      operator: O,
      accounts: [account('A', 'a1', { nats: { revocations } }), account('B', 'b1')],
      users: [u, v, user('B/w', 'u3', { by: 'b1' })],
    },
  ],
  files: { 'u.nk': '$u1.seed', v: '$u1' },
  ...more,
});
const given = world();

const listed = (keys: object, steps: string[], more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: {
    A: Object.fromEntries(Object.entries(keys).map(([key, change]) => [`nats.revocations${key}`, change])),
  },
  steps,
  ...more,
});
const revoked = (who: string, until: string) => `revoked ${who} of account "A": JWTs issued up to ${until} are refused`;
/** NOW, as people read it. */
const now = '2023-11-14 22:14:20 UTC';
const now1 = '2023-11-14 22:14:21 UTC';

describe('a user', () => {
  const one = listed({ '.u1': { added: NOW } }, [revoked('user "u" [u1]', now)]);
  itPlans(command, given, {
    'is named': ['--name u', one],
    'is named as the argument': ['u', one],
    'is named by key': ['-u $u1', one],
    'is named by seed, file or name where a key is wanted': ['--user-public-key $u1.seed', one],
    'is named by file': ['-u u.nk', one],
    'is named by name where a key is wanted, though there is such a file': [
      '-u v',
      listed({ '.u2': { added: NOW } }, [revoked('user "v" [u2]', now)]),
    ],
    'is not in the store': ['-u $u3', listed({ '.u3': { added: NOW } }, [revoked('user u3', now)])],
    'is the only one of the account that is named, signed by the key that is named': [
      '-a B -K $o2',
      {
        changes: ['put-account B by o2'],
        claims: { B: { iss: ['o1', 'o2'], 'nats.revocations.u3': { added: NOW } } },
        steps: [`revoked user "w" [u3] of account "B": JWTs issued up to ${now} are refused`],
      },
    ],
  });
});

describe('the time', () => {
  itPlans(command, given, {
    'is given in seconds, and a JWT issued later is told of': [
      `u --at 1000000000`,
      listed({ '.u1': { added: 1_000_000_000 } }, [revoked('user "u" [u1]', '2001-09-09 01:46:40 UTC')], {
        warnings: ['the JWT of user "u" was issued later, at 2023-11-14 22:13:20 UTC, and stays valid'],
      }),
    ],
    'is given as RFC 3339': [
      '-u $u3 --at 2010-01-01T00:00:00+02:00',
      listed({ '.u3': { added: 1_262_296_800 } }, [revoked('user u3', '2009-12-31 22:00:00 UTC')]),
    ],
    'is now when it is 0': ['u --at 0', listed({ '.u1': { added: NOW } }, [revoked('user "u" [u1]', now)])],
    'is far ahead, which shuts the user out until then, and that is told (S-56)': [
      `u --at 2030-01-31T12:00:00Z`,
      listed({ '.u1': { added: 1_896_091_200 } }, [revoked('user "u" [u1]', '2030-01-31 12:00:00 UTC')], {
        warnings: ['JWTs issued from now on are refused, too, until 2030-01-31 12:00:00 UTC'],
      }),
    ],
    'moves forward (E-30)': [
      'u',
      listed({ '.u1': [THEN, NOW] }, [revoked('user "u" [u1]', now)]),
      world({ [pub('u1')]: THEN }),
    ],
    'takes in what was issued again since a revocation of this second (E-49)': [
      'u',
      listed({ '.u1': [NOW, NOW + 1] }, [revoked('user "u" [u1]', now1)]),
      world({ [pub('u1')]: NOW }),
    ],
    'takes in what was issued again since everyone was revoked this second (E-49)': [
      'u',
      listed({ '.u1': { added: NOW + 1 } }, [revoked('user "u" [u1]', now1)]),
      world({ '*': NOW }),
    ],
    'never moves back': [
      `u --at ${NOW}`,
      {
        changes: [],
        steps: ['warn: user "u" [u1] of account "A": revoked up to 2023-11-14 22:15:50 UTC already'],
      },
      world({ [pub('u1')]: NOW + 90 }),
    ],
    'stays when it is there already, and nothing is signed': [
      `u --at ${NOW}`,
      { changes: [], steps: ['warn: user "u" [u1] of account "A": revoked up to 2023-11-14 22:14:20 UTC already'] },
      world({ [pub('u1')]: NOW }),
    ],
    'is ahead by no more than clocks differ, which goes untold': [
      `u --at ${NOW + 60}`,
      listed({ '.u1': { added: NOW + 60 } }, [revoked('user "u" [u1]', '2023-11-14 22:15:20 UTC')]),
    ],
    'never moves back by a revocation now': [
      'u',
      {
        changes: [],
        steps: ['warn: user "u" [u1] of account "A": revoked up to 2023-11-14 22:15:50 UTC already'],
      },
      world({ [pub('u1')]: NOW + 90 }),
    ],
  });

  it('takes in the JWT of the store, though a clock ahead has dated it', async () => {
    const ahead = { ...u, claims: { ...u.claims, iat: NOW + 500 } };
    const [content] = given.operators ?? [];
    const { context, input } = await new FakeWorld({
      operators: content ? [{ ...content, users: [ahead] }] : [],
    }).prepare(command, 'u');
    expect(command.plan(context, input as never).changes).toMatchObject([
      { claims: { nats: { revocations: { [pub('u1')]: NOW + 500 } } } },
    ]);
  });
});

describe('all users', () => {
  const lost = 'users no longer accepted: "u", "v"';
  itPlans(command, given, {
    'are revoked, and those of the store are named': [
      "-u '*'",
      listed({ '["*"]': { added: NOW } }, [revoked('all users', now)], { warnings: [lost] }),
    ],
    'are revoked who have JWTs of before': [
      "-u '*' --at 1300000000",
      listed({ '["*"]': { added: 1_300_000_000 } }, [revoked('all users', '2011-03-13 07:06:40 UTC')], {
        warnings: ['users still accepted, because their JWTs were issued later: "u", "v"'],
      }),
    ],
    'are revoked with those that were issued again this second (E-49)': [
      "-u '*'",
      listed({ '["*"]': { added: NOW + 4 } }, [revoked('all users', '2023-11-14 22:14:24 UTC')], {
        warnings: ['users no longer accepted: "v"'],
      }),
      world({ [pub('u1')]: NOW + 3 }),
    ],
    'cannot be read all': [
      "-u '*'",
      listed({ '["*"]': { added: NOW } }, [revoked('all users', now)], {
        warnings: ['users no longer accepted: "v"'],
      }),
      world({}, { unreadable: ['A/u'] }),
    ],
    'are revoked until later already': [
      "-u '*' --at 5",
      { changes: [], steps: ['warn: all users of account "A": revoked up to 2023-11-14 22:14:20 UTC already'] },
      world({ '*': NOW }),
    ],
  });

  it('are not shut out for long by one JWT that another clock dated far ahead', async () => {
    const ahead = (seconds: number) => ({ ...u, claims: { ...u.claims, iat: NOW + seconds } });
    const untilOf = async (seconds: number) => {
      const [content] = given.operators ?? [];
      const operators = content ? [{ ...content, users: [ahead(seconds), v] }] : [];
      const { context, input } = await new FakeWorld({ operators }).prepare(command, "-u '*'");
      return command.plan(context, input as never);
    };
    expect(await untilOf(60)).toMatchObject({ changes: [{ claims: { nats: { revocations: { '*': NOW + 60 } } } }] });
    expect(await untilOf(61)).toMatchObject({
      changes: [{ claims: { nats: { revocations: { '*': NOW } } } }],
      warnings: ['users no longer accepted: "v"', 'users still accepted, because their JWTs were issued later: "u"'],
    });
  });

  it('are asked for on a terminal, and so is one user that loses something', async () => {
    const questionOf = async (line: string, store = given) => {
      const { context, input } = await new FakeWorld(store).prepare(command, line);
      return command.confirm?.(context, input as never, command.plan(context, input as never));
    };
    expect(await questionOf("-u '*' -a B")).toBe('Revoke all users of account "B"?');
    expect(await questionOf("-u '*'")).toBe('Revoke all users of account "A"?');
    expect(await questionOf('u')).toBe('Revoke user "u" of account "A"?');
    expect(await questionOf('-u $u3')).toBeUndefined();
    expect(await questionOf('u', world({ [pub('u1')]: NOW }))).toBeUndefined();
    expect(await questionOf("-u '*' --at 1", world({ '*': NOW }))).toBeUndefined();
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'nobody, where there are several': ['', ['missing-option', 'a user of account "A" is needed']],
    'a user that is not there': ['-n three', ['user-not-found', 'user "three" does not exist in account "A"']],
    'a user that is not there, for a key': [
      '-u three',
      ['user-not-found', 'user "three" does not exist in account "A"'],
    ],
    'all users, by name': ["-n '*'", ['user-not-found', 'user "*" does not exist in account "A"']],
    'an empty key': ["-u ''", ['missing-option', 'a user of account "A" is needed']],
    'a name and a key': ['-n u -u $u1', ['conflicting-options', '--name and --user-public-key exclude each other']],
    'a key of another kind': ['-u $a2', ['wrong-key-kind', 'a2 is a key of kind account, not user']],
    'an account that is not there': [
      '-n u -a C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'a time that is none': [
      'u --at yesterday',
      ['bad-value', '--at: "yesterday" is neither an RFC 3339 time nor a number of Unix seconds'],
    ],
    'a signer of another kind': [
      'u -K $a1',
      ['wrong-key-kind', 'a1 is of kind account, but account "A" must be signed by one of kind operator'],
    ],
  });
});

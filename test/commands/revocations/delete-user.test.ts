import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/delete-user.js';
import { account, operator, pub, NOW as THEN, user } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, NOW } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const world = (revocations: Record<string, number>, b: Record<string, number> = {}): Given => ({
  operators: [
    {
      operator: O,
      accounts: [account('A', 'a1', { nats: { revocations } }), account('B', 'b1', { nats: { revocations: b } })],
      users: [user('A/u', 'u1'), user('A/v', 'u2'), user('B/w', 'u3', { by: 'b1' })],
    },
  ],
});
const both = world({ [pub('u1')]: NOW, [pub('u3')]: 7 });
const deleted = (who: string, name = 'A') => [`deleted the revocation of ${who} of account "${name}"`];
const now = '2023-11-14 22:14:20 UTC';

describe('a revocation', () => {
  const one = {
    changes: ['put-account A by o1'],
    claims: { A: { 'nats.revocations.u1': { removed: NOW } } },
    steps: deleted('user "u" [u1]'),
    warnings: [`JWTs issued to user "u" [u1] up to ${now} are accepted again`],
  };
  itPlans(command, both, {
    'goes by name': ['--name u', one],
    'goes by argument': ['u', one],
    'goes by key': ['-u $u1', one],
    'goes by name where a key is wanted': ['--user-public-key u', one],
    'goes for a user that is not in the store': [
      '-u $u3 -K $o2',
      {
        changes: ['put-account A by o2'],
        claims: { A: { iss: ['o1', 'o2'], 'nats.revocations.u3': { removed: 7 } } },
        steps: deleted('user u3'),
        warnings: ['JWTs issued to user u3 up to 1970-01-01 00:00:07 UTC are accepted again'],
      },
    ],
    'goes for the only user of the account that is named': [
      '-a B',
      {
        changes: ['put-account B by o1'],
        claims: { B: { 'nats.revocations.u3': { removed: NOW } } },
        steps: deleted('user "w" [u3]', 'B'),
        warnings: [`JWTs issued to user "w" [u3] up to ${now} are accepted again`],
      },
      world({}, { [pub('u3')]: NOW }),
    ],
    'goes, and the user stays revoked with everyone': [
      'u',
      {
        ...one,
        warnings: [`user "u" [u1] stays revoked, as all users are, up to ${now}`],
      },
      world({ [pub('u1')]: NOW, '*': NOW }),
    ],
    'goes, and the user stays revoked with everyone for a part': [
      'u',
      {
        ...one,
        warnings: [`JWTs issued to user "u" [u1] after 2023-11-14 22:13:20 UTC and up to ${now} are accepted again`],
      },
      world({ [pub('u1')]: NOW, '*': THEN }),
    ],
  });
});

describe('the revocation of all users', () => {
  const all = {
    changes: ['put-account A by o1'],
    claims: { A: { 'nats.revocations["*"]': { removed: NOW } } },
    steps: deleted('all users'),
  };
  const again = `JWTs that account "A" issued up to ${now} are accepted again, unless their users are revoked by themselves`;
  itPlans(command, both, {
    'goes, and whom it lets in is named': [
      "-u '*'",
      { ...all, warnings: [again, 'users accepted again: "u", "v"'] },
      world({ '*': NOW }),
    ],
    'goes, and who is revoked by itself stays so': [
      "-u '*'",
      { ...all, warnings: [again, 'users accepted again: "v"'] },
      world({ '*': NOW, [pub('u1')]: THEN }),
    ],
    'goes, and nobody of the store is affected': [
      "-u '*'",
      {
        ...all,
        claims: { A: { 'nats.revocations["*"]': { removed: 5 } } },
        warnings: [again.replace(now, '1970-01-01 00:00:05 UTC')],
      },
      world({ '*': 5 }),
    ],
  });

  it('is asked about on a terminal, that of one user is not', async () => {
    const questionOf = async (line: string) => {
      const { context, input } = await new FakeWorld(world({ '*': 1, [pub('u1')]: 1 })).prepare(command, line);
      return command.confirm?.(context, input as never, command.plan(context, input as never));
    };
    expect(await questionOf("-u '*'")).toBe('Accept old JWTs of all users of account "A" again?');
    expect(await questionOf('u')).toBeUndefined();
  });
});

describe('refused', () => {
  itRefuses(command, both, {
    'a user that is not revoked': ['v', ['item-not-found', 'account "A" has no revocation of user "v" [u2]']],
    'all users, who are not revoked': ["-u '*'", ['item-not-found', 'account "A" has no revocation of all users']],
    'an account without revocations': ['w -a B', ['item-not-found', 'account "B" has no revoked users']],
    'a user that is not there': ['-n x', ['user-not-found', 'user "x" does not exist in account "A"']],
    'nobody, where there are several': ['', ['missing-option', 'a user of account "A" is needed']],
    'a name and a key': ['-n u -u $u1', ['conflicting-options', '--name and --user-public-key exclude each other']],
    'nobody to sign': [
      'u',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...both, stored: [] },
    ],
  });
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/revocations/add_activation.js';
import { formatDate } from '../../../src/lib/moment.js';
import { activation, service, stream, streamFrom } from '../../domain/sharing/accounts.js';
import { pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { NOW, type Planned } from '../../support/plan.js';
import { withExports } from './activations.js';

const orders = stream('orders.>', { name: 'orders', token_req: true });
const given = withExports([orders, service('pay.*', { name: 'pay', token_req: true })]);

const streamOfA = 'the private stream export "orders" of account "A"';
const revoked = (
  who: string,
  until: number,
  [key, what]: readonly [key: string, difference: unknown],
  more: Partial<Planned> = {},
): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: { [`nats.exports[orders.>].revocations${key}`]: what } },
  steps: [`revoked activations of ${who} for ${streamOfA}: those issued up to ${formatDate(until)} are refused`],
  ...more,
});
const B = 'account "B" [b1]';

describe('activations are revoked', () => {
  itPlans(command, given, {
    'up to now': ["--subject 'orders.>' --target-account B", revoked(B, NOW, ['.b1', { added: NOW }])],
    'of an account that is not here': ['-t $a3', revoked('account a3', NOW, ['.a3', { added: NOW }])],
    'of all accounts': ["-t '*'", revoked('all accounts', NOW, ['["*"]', { added: NOW }])],
    'for the export that covers a subject': ['-s orders.eu.new -t B', revoked(B, NOW, ['.b1', { added: NOW }])],
    'up to a time in the past': ['-t B --at 1100000000', revoked(B, 1_100_000_000, ['.b1', { added: 1_100_000_000 }])],
    'up to now, which is 0 in nsc': ['-t B --at 0', revoked(B, NOW, ['.b1', { added: NOW }])],
    'up to a time to come, which is told': [
      '-t B --at 2050-01-01T00:00:00Z',
      revoked(B, 2_524_608_000, ['.b1', { added: 2_524_608_000 }], {
        warnings: ['activations issued from now on are refused, too, until 2050-01-01 00:00:00 UTC'],
      }),
    ],
    'of a service, of the account that is named, by the key that is named': [
      '-a A --service -s pay.card -t B -K $o2',
      {
        changes: ['put-account A by o2'],
        claims: { A: { iss: ['o1', 'o2'], 'nats.exports[pay.*].revocations.b1': { added: NOW } } },
        steps: [
          'revoked activations of account "B" [b1] for the private service export "pay" of account "A": those issued ' +
            `up to ${formatDate(NOW)} are refused`,
        ],
      },
      { ...given, selected: { account: 'B' } },
    ],
  });
});

describe('a revocation that is there', () => {
  const at = (revocations: Record<string, number>) => withExports([{ ...orders, revocations }]);
  const already = (until: number): Planned => ({
    changes: [],
    steps: [`warn: activations of ${B} for ${streamOfA}: revoked up to ${formatDate(until)} already`],
  });
  itPlans(command, at({ [pub('b1')]: 1_100_000_000 }), {
    'moves on': ['-t B', revoked(B, NOW, ['.b1', [1_100_000_000, NOW]])],
    'never moves back (S-56)': ['-t B --at 1000000000', already(1_100_000_000)],
    'is this one already': ['-t B --at 1100000000', already(1_100_000_000)],
    'of this second takes in what was issued after it (S-56)': [
      '-t B',
      revoked(B, NOW + 1, ['.b1', [NOW, NOW + 1]]),
      at({ [pub('b1')]: NOW }),
    ],
    'of everyone, too': ['-t B', revoked(B, NOW + 1, ['.b1', { added: NOW + 1 }]), at({ '*': NOW })],
    'of years to come stays': ['-t B', already(2_524_608_000), at({ [pub('b1')]: 2_524_608_000 })],
  });
});

describe('an activation that an account imports with', () => {
  const imports = (iat: number) =>
    withExports([orders], [streamFrom('a1', 'orders.eu', { token: activation('orders.>', { iat }) })]);
  const lost = 'account "B" imports "orders.>" with an activation that is refused from then on';
  itPlans(command, imports(NOW - 60), {
    'is named when it is refused': ['-t B', revoked(B, NOW, ['.b1', { added: NOW }], { warnings: [lost] })],
    'is refused though it was dated ahead by another clock': [
      "-t '*'",
      revoked('all accounts', NOW + 60, ['["*"]', { added: NOW + 60 }], { warnings: [lost] }),
      imports(NOW + 60),
    ],
    'and is dated far ahead stays valid, which is told': [
      '-t B',
      revoked(B, NOW, ['.b1', { added: NOW }], {
        warnings: [`the activation of account "B" was issued later, at ${formatDate(NOW + 61)}, and stays valid`],
      }),
      imports(NOW + 61),
    ],
    'is not named when it was refused before': [
      '-t B',
      revoked(B, NOW, ['.b1', [NOW - 60, NOW]]),
      withExports(
        [{ ...orders, revocations: { [pub('b1')]: NOW - 60 } }],
        [streamFrom('a1', 'orders.eu', { token: activation('orders.>', { iat: NOW - 60 }) })],
      ),
    ],
    'is not named when somebody else is meant': ['-t $a3', revoked('account a3', NOW, ['.a3', { added: NOW }])],
  });
});

describe('a public export', () => {
  itPlans(command, withExports([stream('news')]), {
    'shuts nobody out, which is told': [
      '-t B',
      {
        changes: ['put-account A by o1'],
        claims: { A: { 'nats.exports[news].revocations.b1': { added: NOW } } },
        steps: [
          'revoked activations of account "B" [b1] for the public stream export "news" of account "A": those issued up ' +
            `to ${formatDate(NOW)} are refused`,
        ],
        warnings: ['the public stream export "news" takes no activation, so nobody is shut out while it is public'],
      },
    ],
  });
});

it('for all accounts is asked about on a terminal, where anything changes', async () => {
  const questionOf = async (line: string, world = given) => {
    const { context, input } = await new FakeWorld(world).prepare(command, line);
    return command.confirm?.(context, input as never, command.plan(context, input as never));
  };
  expect(await questionOf("-t '*'")).toBe('Revoke the activations of all accounts?');
  expect(await questionOf('-t B')).toBeUndefined();
  const done = withExports([{ ...orders, revocations: { '*': NOW } }]);
  expect(await questionOf("-t '*' --at 1", done)).toBeUndefined();
});

describe('refused', () => {
  itRefuses(command, given, {
    nobody: ['', ['missing-option', 'the account that imports was not named']],
    'an empty name': ["-t ''", ['missing-option', 'the account that imports was not named']],
    'an account that is not there': ['-t X', ['account-not-found', 'account "X" does not exist under operator "O"']],
    'a key that is no account': ['-t $u1', ['wrong-key-kind', 'u1 is a key of kind user, not account']],
    'a time that is none': [
      '-t B --at soon',
      ['bad-value', '--at: "soon" is neither an RFC 3339 time nor a number of Unix seconds'],
    ],
    'a subject that is not exported': ['-s x -t B', ['item-not-found', 'account "A" has no stream export "x"']],
    'a service without saying so': [
      '-s pay.card -t B',
      ['item-not-found', 'account "A" has no stream export "pay.card"'],
    ],
    'an account without exports': ['-a B -t A', ['item-not-found', 'account "B" has no exports']],
  });
  itRefuses(command, withExports([stream('a'), stream('b')]), {
    'none of several': ['-t B', ['missing-option', 'account "A" has 2 exports to choose from: stream "a", stream "b"']],
    'a type that is not exported': ['--service -t B', ['item-not-found', 'account "A" has no service export']],
  });
});

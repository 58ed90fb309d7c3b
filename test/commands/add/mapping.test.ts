import { describe } from 'vitest';
import { command } from '../../../src/commands/add/mapping.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { added, type Given, type Planned } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const world = (nats: AccountBody = {}): Given => ({
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats }), account('B', 'b1')] }],
});
const given = world();

const mapped = (claims: object, step: string, more: Partial<Planned> = {}): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [step],
  ...more,
});
const half = { subject: 'left', weight: 50 };

describe('a mapping', () => {
  itPlans(command, given, {
    'takes everything': [
      '--from foo --to bar',
      mapped(added('nats.mappings', { foo: [{ subject: 'bar' }] }), 'added mapping "foo" -> "bar", weight 100 %'),
    ],
    'takes everything with a weight of 0': [
      '-f foo -t bar --weight 0',
      mapped(added('nats.mappings', { foo: [{ subject: 'bar' }] }), 'added mapping "foo" -> "bar", weight 100 %'),
    ],
    'takes a share': [
      '--from foo --to bar --weight 30',
      mapped(
        added('nats.mappings', { foo: [{ subject: 'bar', weight: 30 }] }),
        'added mapping "foo" -> "bar", weight 30 %',
      ),
    ],
    'comes beside another one': [
      '-f foo -t right --weight 50',
      mapped(
        added('nats.mappings.foo[right]', { subject: 'right', weight: 50 }),
        'added mapping "foo" -> "right", weight 50 %',
      ),
      world({ mappings: { foo: [half] } }),
    ],
    'replaces the one to the same subject': [
      '-f foo -t left --weight 80',
      mapped(
        { 'nats.mappings.foo[left].weight': [50, 80] },
        'changed the weight of mapping "foo" -> "left" from 50 % to 80 %',
      ),
      world({ mappings: { foo: [half] } }),
    ],
    'is for one cluster, whose weights count apart': [
      '-f foo -t east --cluster c1',
      mapped(
        added('nats.mappings.foo[east@c1]', { subject: 'east', cluster: 'c1' }),
        'added mapping "foo" -> "east" in cluster "c1", weight 100 %',
        {
          warnings: [
            'servers before 2.10.18 refuse the whole account: the weights of "foo" add up to 200 % over all clusters',
          ],
        },
      ),
      world({ mappings: { foo: [half, { subject: 'right', weight: 50 }] } }),
    ],
    'is signed by the key that is named, in the account that is named': [
      '-f foo -t bar -a B -K $o2',
      {
        changes: ['put-account B by o2'],
        claims: { B: { iss: ['o1', 'o2'], ...added('nats.mappings', { foo: [{ subject: 'bar' }] }) } },
        steps: ['added mapping "foo" -> "bar", weight 100 %'],
      },
    ],
    'is added although the account was invalid before (E-34)': [
      '-f foo -t bar',
      mapped(added('nats.mappings', { foo: [{ subject: 'bar' }] }), 'added mapping "foo" -> "bar", weight 100 %', {
        warnings: ['account "A" is invalid, as it was before: authorization callout allows accounts but has no users'],
      }),
      world({ authorization: { allowed_accounts: [pub('b1')] } }),
    ],
  });
});

describe('a warning tells', () => {
  itPlans(command, given, {
    'what servers would ignore': [
      '-f orders.* -t v2.{{wildcard(2)}}',
      mapped(
        added('nats.mappings', { 'orders.*': [{ subject: 'v2.{{wildcard(2)}}' }] }),
        'added mapping "orders.*" -> "v2.{{wildcard(2)}}", weight 100 %',
        {
          warnings: [
            'servers ignore all mappings of "orders.*": destination "v2.{{wildcard(2)}}": "{{wildcard(2)}}" refers to a "*" that "orders.*" does not have',
          ],
        },
      ),
    ],
    'that servers want a destination once, though for two clusters': [
      '-f foo -t left --cluster c1 --weight 7',
      mapped(
        added('nats.mappings.foo[left@c1]', { subject: 'left', weight: 7, cluster: 'c1' }),
        'added mapping "foo" -> "left" in cluster "c1", weight 7 %',
        {
          warnings: [
            'servers ignore all mappings of "foo": destination "left" occurs twice, be it for several clusters',
          ],
        },
      ),
      world({ mappings: { foo: [half] } }),
    ],
    'that messages are lost where a subject is mapped to itself': [
      '-f foo -t foo --weight 20',
      mapped(
        added('nats.mappings.foo[foo]', { subject: 'foo', weight: 20 }),
        'added mapping "foo" -> "foo", weight 20 %',
        { warnings: ['30 % of the messages to "foo" are lost, because it is mapped to itself'] },
      ),
      world({ mappings: { foo: [half] } }),
    ],
  });
});

describe('refused', () => {
  const hasHalf = world({ mappings: { foo: [half, { subject: 'c', cluster: 'c1', weight: 60 }] } });
  itRefuses(command, given, {
    'no source': ['--to bar', ['missing-option', 'the subject that is mapped is needed']],
    'no destination': ['--from foo', ['missing-option', 'the subject that "foo" is mapped to is needed']],
    'a source with a blank': ["--from 'a b' --to c", ['bad-value', '--from: subject "a b" has a space in it']],
    'an empty source': ["--from '' --to c", ['bad-value', '--from: subject "" is empty']],
    'a destination that ends with a dot': ['-f a -t c.', ['bad-value', '--to: subject "c." ends with a dot']],
    'a wildcard as destination': ['-f a.* -t c.*', ['bad-value', 'destination "c.*" has a wildcard']],
    'no partitions, which no server survives': [
      '-f a.* -t c.{{partition(0,1)}}',
      ['bad-value', 'destination "c.{{partition(0,1)}}": "{{partition(0,1)}}" has nothing to choose from'],
    ],
    'a weight that is no number': [
      '-f a -t b --weight half',
      ['bad-value', '--weight: "half" is not an integer from 0 to 100'],
    ],
    'a weight of more than everything': [
      '-f a -t b --weight 101',
      ['bad-value', '--weight: "101" is not an integer from 0 to 100'],
    ],
    'a sum of more than everything': [
      '-f foo -t right --weight 51',
      ['invalid-claims', 'account "A" would be invalid: mapping "foo": weights add up to 101 %'],
      hasHalf,
    ],
    'a sum of more than everything in a cluster': [
      '-f foo -t right --weight 41 --cluster c1',
      ['invalid-claims', 'account "A" would be invalid: mapping "foo": weights in cluster "c1" add up to 101 %'],
      hasHalf,
    ],
    'an account that is not there': [
      '-f a -t b -a C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
    'nobody to sign': [
      '-f a -t b',
      [
        'no-signer',
        'no key that may sign account "A" is in the keystore: o1 (identity of operator "O"), o2 (signing key of operator "O")',
      ],
      { ...given, stored: ['a1'] },
    ],
  });
});

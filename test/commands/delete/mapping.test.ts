import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/delete/mapping.js';
import type { AccountBody } from '../../../src/domain/claims/types.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { FakeWorld } from '../../support/fake-world.js';
import { type Given, type Planned, removed } from '../../support/plan.js';

const O = operator({ nats: { signing_keys: [pub('o2')] } });
const mappings: NonNullable<AccountBody['mappings']> = {
  a: [
    { subject: 'b', weight: 10 },
    { subject: 'c', weight: 20 },
    { subject: 'd', weight: 30 },
    { subject: 'e', cluster: 'east', weight: 30 },
    { subject: 'c', cluster: 'east', weight: 40 },
  ],
  x: [{ subject: 'y' }],
  z: [
    { subject: 'z', weight: 60 },
    { subject: 'y', weight: 40 },
    { subject: 'w', cluster: 'east', weight: 40 },
  ],
};
const given: Given = {
  operators: [{ operator: O, accounts: [account('A', 'a1', { nats: { mappings } }), account('B', 'b1')] }],
};

const edited = (claims: object, ...steps: string[]): Planned => ({
  changes: ['put-account A by o1'],
  claims: { A: claims },
  steps: [...steps, 'edited account "A"'],
});
const nothing = (what: string, name = 'A'): Planned => ({
  changes: [],
  steps: [`warn: account "${name}" has no such mapping: ${what}`],
});

describe('of the mappings of a subject', () => {
  itPlans(command, given, {
    'all go': [
      '--from x',
      {
        ...edited(removed('nats.mappings.x', [{ subject: 'y' }]), 'deleted mapping "x" -> "y"'),
        warnings: ['messages to "x" keep their subject from then on'],
      },
    ],
    'what goes may be what kept messages from being lost': [
      '--from z --to y',
      {
        ...edited(removed('nats.mappings.z[y]', { subject: 'y', weight: 40 }), 'deleted mapping "z" -> "y"'),
        warnings: ['40 % of the messages to "z" are lost, because it is mapped to itself'],
      },
    ],
    'a cluster without entries of its own has those of the others': [
      '--from z --to w --cluster east',
      edited(
        removed('nats.mappings.z[w@east]', { subject: 'w', cluster: 'east', weight: 40 }),
        'deleted mapping "z" -> "w" in cluster "east"',
      ),
    ],
    'the one to a subject goes, and no other (E-35)': [
      '-f a -t d',
      {
        ...edited(removed('nats.mappings.a[d]', { subject: 'd', weight: 30 }), 'deleted mapping "a" -> "d"'),
        warnings: ['servers ignore all mappings of "a": destination "c" occurs twice, be it for several clusters'],
      },
    ],
    'the one of a cluster goes, the same without a cluster stays': [
      '--from a --to c --cluster east',
      edited(
        removed('nats.mappings.a[c@east]', { subject: 'c', cluster: 'east', weight: 40 }),
        'deleted mapping "a" -> "c" in cluster "east"',
      ),
    ],
    'those of a cluster go': [
      '-f a --cluster east',
      edited(
        {
          ...removed('nats.mappings.a[e@east]', { subject: 'e', cluster: 'east', weight: 30 }),
          ...removed('nats.mappings.a[c@east]', { subject: 'c', cluster: 'east', weight: 40 }),
        },
        'deleted mapping "a" -> "e" in cluster "east"',
        'deleted mapping "a" -> "c" in cluster "east"',
      ),
    ],
    'one that is not there is told (E-47)': ['-f a -t n', nothing('"a" -> "n"')],
    'one that is in a cluster only is not there without it': ['-f a -t e', nothing('"a" -> "e"')],
    'none is there for a subject': ['-f n', nothing('"n"')],
    'none is there in an account': ['-f a -a B', nothing('"a"', 'B')],
  });
});

it('is signed by the key that is named', async () => {
  const world = new FakeWorld(given);
  const { context, input } = await world.prepare(command, '--from x -K $o2');
  expect(command.plan(context, input as never).changes).toMatchObject([{ claims: { iss: pub('o2') } }]);
});

it('asks before anything goes', async () => {
  const world = new FakeWorld(given);
  for (const [line, question] of [
    ['--from x', 'Delete that?'],
    ['--from n', undefined],
  ] as const) {
    const { context, input } = await world.prepare(command, line);
    expect(command.confirm?.(context, input as never, command.plan(context, input as never))).toBe(question);
  }
});

describe('refused', () => {
  itRefuses(command, given, {
    'no subject': ['', ['missing-option', 'the subject that is mapped is needed']],
    'what is no subject': ['-f a..b', ['bad-value', '--from: subject "a..b" has an empty token']],
    'an account that is not there': [
      '-f a -a C',
      ['account-not-found', 'account "C" does not exist under operator "O"'],
    ],
  });
});

it('offers the subjects that the account maps', () => {
  const { workspace } = new FakeWorld(given);
  const choices = command.options.from.ask?.choices;
  expect(choices?.(workspace, {})).toEqual(['a', 'x', 'z']);
  expect(choices?.(workspace, { account: 'B' })).toEqual([]);
});

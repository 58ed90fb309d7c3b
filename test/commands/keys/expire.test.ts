import { expect, it } from 'vitest';
import { command } from '../../../src/commands/keys/expire.js';
import { operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, NOW, planRaw } from '../../support/plan.js';
import { OPERATOR, record, ring } from './rings.js';

const given: Given = {
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      keyring: ring(record('o2', OPERATOR, 'active', { expires: NOW + 86_400 })),
    },
  ],
};
const due = (key: string, when: string): string =>
  `${key} is due to be replaced at ${when}; servers know nothing of it`;

itPlans(command, given, {
  'after a span': [
    '$o1 --in 90d',
    { changes: ['put-keyring o1 active'], steps: [due('o1', '2024-02-12 22:14:20 UTC (in 3 months)')] },
  ],
  'on a day': [
    '--key $o1 --at 2030-01-01',
    { changes: ['put-keyring o1 active'], steps: [due('o1', '2030-01-01 00:00:00 UTC (in 6 years)')] },
  ],
  'another day': [
    '$o2 --at 2d',
    { changes: ['put-keyring o2 active'], steps: [due('o2', '2023-11-16 22:14:20 UTC (in 2 days)')] },
  ],
  'never any more': [
    '$o2 --remove',
    { changes: ['put-keyring o2 active'], steps: ['o2 is no longer due to be replaced'] },
  ],
});

itRefuses(command, given, {
  'no day': ['$o1', ['missing-option', 'a due date is needed']],
  'the day it has': ['$o2 --in 1d', ['nothing-to-do', 'o2 has this due date already']],
  'to remove none': ['$o1 --remove', ['nothing-to-do', 'o1 has no due date']],
  'a day that is past': ['$o1 --at 2020-01-01', ['bad-value', '2020-01-01 00:00:00 UTC is past']],
  'this very moment': ["$o1 --at '2023-11-14 22:14:20 UTC'", ['bad-value', '2023-11-14 22:14:20 UTC is past']],
  'a span into the past': ['$o1 --at=-1d', ['bad-value', '2023-11-13 22:14:20 UTC is past']],
  'a negative span': ['$o1 --in=-1d', ['bad-value', '--in: "-1d" is not a time span to come']],
  'a date for a span': ['$o1 --in 2030-01-01', ['bad-value', '--in: "2030-01-01" is not a time span to come']],
  'no span at all': ['$o1 --in 0d', ['bad-value', '--in: "0d" is not a date or a time span']],
  'what stands for never elsewhere': ['$o1 --at 0', ['bad-value', '--at: no date is given']],
  'no date': ['$o1 --at soon', ['bad-value', '--at: "soon" is not a date or a time span']],
  'a day and a span': ['$o1 --at 2030-01-01 --in 1y', ['conflicting-options', '--at and --in exclude each other']],
});

it('changes nothing else about the key', async () => {
  const { after } = await planRaw(command, given, '$o2 --in 1y');
  expect(after.keyring.records.get(pub('o2'))).toEqual(
    record('o2', OPERATOR, 'active', { expires: NOW + 366 * 86_400 }),
  );
});

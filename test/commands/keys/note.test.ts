import { expect, it } from 'vitest';
import { command } from '../../../src/commands/keys/note.js';
import { KEYS, operator, pub } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import { type Given, planRaw } from '../../support/plan.js';
import { OPERATOR, record, ring } from './rings.js';

const given: Given = {
  operators: [
    {
      operator: operator({ nats: { signing_keys: [pub('o2')] } }),
      keyring: ring(record('o2', OPERATOR, 'next', { note: 'in the safe' })),
    },
  ],
};

itPlans(command, given, {
  'a note': ["$o1 'who has it: ops'", { changes: ['put-keyring o1 active'], steps: ['noted it about o1'] }],
  'in the place of another one': [
    '--key $o2 --text elsewhere',
    { changes: ['put-keyring o2 next'], steps: ['noted it about o2'] },
  ],
  'none any more': ['$o2 --remove', { changes: ['put-keyring o2 next'], steps: ['took the note about o2 away'] }],
});

itRefuses(command, given, {
  'no note': ['$o1', ['missing-option', 'a note is needed']],
  'the same again': ["$o2 'in the safe'", ['nothing-to-do', 'o2 has this note already']],
  'to remove none': ['$o1 --remove', ['nothing-to-do', 'o1 has no note']],
  'an empty note': ["$o2 ' '", ['bad-value', '--text: the note is empty']],
  'a note and none': ['$o2 x --remove', ['conflicting-options', '--text and --remove exclude each other']],
  'a line end': ["$o1 'a\nb'", ['bad-value', '--text: the note holds a control character']],
  'a seed': [`$o1 'it is ${KEYS.o1.seed.reveal()}'`, ['bad-value', '--text: the note holds a seed']],
  'a long text': [`$o1 ${'é'.repeat(1001)}`, ['bad-value', '--text: the note has more than 1000 characters']],
});

it('is kept as it was written', async () => {
  const text = `é${'x'.repeat(998)}"`;
  const { after } = await planRaw(command, given, `$o1 '${text}'`);
  expect(after.keyring.records.get(pub('o1'))?.note).toBe(text);
});

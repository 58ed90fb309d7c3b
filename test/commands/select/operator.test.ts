import { describe } from 'vitest';
import { command } from '../../../src/commands/select/operator.js';
import { operator } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const given: Given = { operators: [{ operator: operator() }, { operator: { ...operator(), name: 'P' } }] };

describe('an operator is selected', () => {
  itPlans(command, given, {
    'by name': ['P', { changes: ['select operator=P'], steps: ['selected operator "P"'] }],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no name': ['', ['missing-option', 'no operator was named']],
    'two names': ['O P', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'an operator that is not there': ['Q', ['operator-not-found', 'no operator "Q"']],
  });
});

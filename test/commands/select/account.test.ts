import { describe } from 'vitest';
import { command } from '../../../src/commands/select/account.js';
import { account, operator } from '../../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../../support/cases.js';
import type { Given } from '../../support/plan.js';

const given: Given = { operators: [{ operator: operator(), accounts: [account('A', 'a1'), account('Orders', 'b1')] }] };

describe('an account is selected', () => {
  const orders = { changes: ['select account=Orders'], steps: ['selected account "Orders"'] };
  itPlans(command, given, {
    'by name': ['Orders', orders],
    'by public key': ['$b1', orders],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no name': ['', ['missing-option', 'no account was named']],
    'two names': ['A Orders', ['too-many-arguments', '"nsc test" takes at most 1 argument, not 2']],
    'an account that is not there': [
      'Order',
      ['account-not-found', 'account "Order" does not exist under operator "O"'],
    ],
    'an account without operator': ['A', ['operator-not-found', 'there is no operator'], {}],
  });
});

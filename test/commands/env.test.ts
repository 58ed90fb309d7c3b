import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/env.js';
import { account, operator } from '../domain/trust/hierarchy.js';
import { itAnswers, itPlans, itRefuses } from '../support/cases.js';
import { type Given, planRaw } from '../support/plan.js';

const given: Given = {
  operators: [
    { operator: operator(), accounts: [account('A', 'a1')] },
    { operator: { ...operator(), name: 'P' }, accounts: [account('B', 'b1'), account('C', 'a2')] },
  ],
};

describe('without options', () => {
  itAnswers(command, given, {
    'it says where things are and what is selected': [
      '',
      {
        kind: 'listed',
        title: 'environment',
        columns: [
          { key: 'setting', title: 'Setting' },
          { key: 'value', title: 'Value' },
        ],
        rows: [
          { setting: 'configuration', value: '/config' },
          { setting: 'store', value: '/stores' },
          { setting: 'keystore', value: '/keys' },
          { setting: 'from the working directory', value: 'no' },
          { setting: 'operator', value: 'O' },
          { setting: 'account', value: 'A' },
          { setting: '$NKEYS_PATH', value: '' },
        ],
        whenEmpty: '',
      },
    ],
  });

  it('has richer JSON', async () => {
    const { plan } = await planRaw(command, { ...given, env: { NKEYS_PATH: '/nk' } }, '');
    expect(plan.changes).toEqual([]);
    expect(plan.result.kind === 'listed' && plan.result.json?.()).toEqual({
      config_dir: '/config',
      store_root: '/stores',
      keystore_dir: '/keys',
      from_working_directory: false,
      operator: 'O',
      account: 'A',
      environment: { NKEYS_PATH: '/nk' },
    });
  });

  it('takes no lock', () => {
    const nothing = { store: undefined, operator: undefined, account: undefined };
    expect(command.readsOnly?.(nothing)).toBe(true);
    expect(command.readsOnly?.({ ...nothing, store: '/s' })).toBe(false);
    expect(command.place?.({ ...nothing, store: '/s' })).toEqual({ storeRoot: '/s' });
  });
});

describe('with options', () => {
  itPlans(command, given, {
    'it selects a store': [
      '-s /stores',
      { changes: ['select storeRoot=/stores'], steps: ['selected store `/stores`'] },
    ],
    'it selects an operator': ['-o P', { changes: ['select operator=P'], steps: ['selected operator "P"'] }],
    'it selects an account': ['-a A', { changes: ['select account=A'], steps: ['selected account "A"'] }],
    'it selects an account by key': ['-a $a1', { changes: ['select account=A'], steps: ['selected account "A"'] }],
    'it selects an account of another operator': [
      '-o P -a C',
      { changes: ['select operator=P account=C'], steps: ['selected operator "P"', 'selected account "C"'] },
    ],
    'it selects everything': [
      '--store /stores --operator P --account B',
      {
        changes: ['select storeRoot=/stores operator=P account=B'],
        steps: ['selected store `/stores`', 'selected operator "P"', 'selected account "B"'],
      },
    ],
  });
  it.each([
    ['-a A', 'O'],
    ['-o P', 'P'],
  ])('it is about the operator it leads to: %s', async (line, operator) => {
    expect((await planRaw(command, given, line)).plan.operator).toBe(operator);
  });

  itRefuses(command, given, {
    'an operator that is not there': ['-o Q', ['operator-not-found', 'no operator "Q"']],
    'an account that is not there': ['-a B', ['account-not-found', 'account "B" does not exist under operator "O"']],
    'all of it when the account is not there (E-28)': [
      '-o P -a A',
      ['account-not-found', 'account "A" does not exist under operator "P"'],
    ],
    'an account without operator': [
      '-a A',
      ['missing-option', 'an account can only be selected under an operator'],
      {},
    ],
    'an argument': ['O', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
  });
});

import { describe, expect, it } from 'vitest';
import { getAccount, getUser, systemAccountName } from '../../../src/domain/tree/lookup.js';
import { memoryTree } from '../../../src/domain/tree/memory-tree.js';
import { NscError } from '../../../src/errors.js';
import { account, operator, pub, user } from '../trust/hierarchy.js';

const A = account('Orders', 'a1');
const B = account('Billing', 'b1');
const tree = memoryTree({
  operator: operator({ nats: { system_account: pub('b1') } }),
  accounts: [A, B],
  users: [user('Orders/alice', 'u1'), user('Orders/bob', 'u2'), user('Billing/carol', 'u3')],
});

/** The name, or [code, message, hint]. */
function attempt(find: () => { name: string }): unknown {
  try {
    return find().name;
  } catch (error) {
    if (error instanceof NscError) return [error.code, error.message, error.hint];
    throw error;
  }
}

describe('getAccount', () => {
  const cases: [what: string, wanted: string | undefined, selected: string, expected: unknown][] = [
    ['by name', 'Orders', '', 'Orders'],
    ['by public key', pub('b1'), 'Orders', 'Billing'],
    ['the selected one', undefined, 'Billing', 'Billing'],
    ['a name rather than the selected one', 'Orders', 'Billing', 'Orders'],
    [
      'none',
      undefined,
      '',
      [
        'missing-option',
        'an account is needed, and none is selected',
        'name one with --account NAME, or select it with: nsc select account NAME',
      ],
    ],
    ['an empty name', '', 'Orders', ['missing-option', expect.any(String), expect.any(String)]],
    [
      'a typing error',
      'Ordres',
      '',
      ['account-not-found', 'account "Ordres" does not exist under operator "O"', 'did you mean "Orders"?'],
    ],
    ['another case', 'BILLING', '', ['account-not-found', expect.any(String), 'did you mean "Billing"?']],
    ['another name', 'Nope', '', ['account-not-found', expect.any(String), 'see them all with: nsc list accounts']],
    [
      'a selected one that is gone',
      undefined,
      'Gone',
      ['account-not-found', 'the selected account "Gone" does not exist under operator "O"', expect.any(String)],
    ],
    [
      'an unknown key',
      pub('ax'),
      '',
      ['account-not-found', `account "${pub('ax')}" does not exist under operator "O"`, expect.any(String)],
    ],
    ['a user key', pub('u1'), '', ['account-not-found', expect.any(String), expect.any(String)]],
  ];
  it.each(cases)('%s', (_what, wanted, selected, expected) => {
    expect(attempt(() => getAccount(tree, wanted, selected))).toEqual(expected);
  });
});

describe('getUser', () => {
  const cases: [what: string, parent: typeof A, wanted: string | undefined, expected: unknown][] = [
    ['by name', A, 'bob', 'bob'],
    ['by public key', A, pub('u1'), 'alice'],
    ['the only one', B, undefined, 'carol'],
    [
      'one of two',
      A,
      undefined,
      [
        'missing-option',
        'a user of account "Orders" is needed',
        'name one with --name NAME; see them with: nsc list users --account "Orders"',
      ],
    ],
    ['an empty name', B, '', ['missing-option', expect.any(String), expect.any(String)]],
    [
      'a typing error',
      A,
      'alcie',
      ['user-not-found', 'user "alcie" does not exist in account "Orders"', 'did you mean "alice"?'],
    ],
    [
      'of another account',
      B,
      'bob',
      ['user-not-found', 'user "bob" does not exist in account "Billing"', expect.any(String)],
    ],
    ['a key of another account', B, pub('u1'), ['user-not-found', expect.any(String), expect.any(String)]],
  ];
  it.each(cases)('%s', (_what, parent, wanted, expected) => {
    expect(attempt(() => getUser(tree, parent, wanted))).toEqual(expected);
  });
});

describe('systemAccountName', () => {
  it('is the name of the account whose key the operator names', () => {
    expect(systemAccountName(tree)).toBe('Billing');
  });
  it('is undefined without a system account, and when it is elsewhere', () => {
    expect(systemAccountName(memoryTree({ operator: operator() }))).toBeUndefined();
    expect(systemAccountName(memoryTree({ operator: operator({ nats: { system_account: '' } }) }))).toBeUndefined();
    expect(
      systemAccountName(memoryTree({ operator: operator({ nats: { system_account: pub('ax') } }) })),
    ).toBeUndefined();
  });
});

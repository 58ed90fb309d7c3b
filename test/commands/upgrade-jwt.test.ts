import { describe, expect, it } from 'vitest';
import { command } from '../../src/commands/upgrade-jwt.js';
import { decodeKind } from '../../src/domain/token/decode.js';
import type { AccountEntry, OperatorEntry } from '../../src/domain/tree/tree.js';
import { account, KEYS, type KeyName, operator, pub } from '../domain/trust/hierarchy.js';
import { itPlans, itRefuses } from '../support/cases.js';
import { type Given, planRaw } from '../support/plan.js';

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64url');

/** A token as nsc wrote it before 2.0: the kind beside the body, and only the payload is signed. */
function version1(type: string, sub: KeyName, name: string, nats: object): string {
  const payload = base64(JSON.stringify({ iat: 1_500_000_000, iss: pub('o1'), name, sub: pub(sub), type, nats }));
  return `${base64('{"typ":"jwt","alg":"ed25519"}')}.${payload}.${base64(KEYS.o1.sign(payload))}`;
}

const token = version1('operator', 'o1', 'O', { signing_keys: [pub('o2')], system_account: pub('a1') });
const old: OperatorEntry = { name: 'O', token, claims: decodeKind(token, 'operator').claims };
const accountToken = version1('account', 'a1', 'A', { limits: { subs: -1 } });
const oldAccount: AccountEntry = { name: 'A', token: accountToken, claims: decodeKind(accountToken, 'account').claims };
const given: Given = { operators: [{ operator: old, accounts: [account('B', 'b1')] }] };

const upgraded = {
  files: ['O-jwtV1-upgrade-backup.jwt: <operator O by o1>'],
  changes: ['put-operator O by o1'],
  claims: { 'operator O': { 'nats.version': [1, 2] } },
  warnings: [
    'the operator JWT in the configuration of every server has to be replaced, and servers need to be 2.2.0 or newer',
  ],
};
const steps = ['kept the old JWT in "O-jwtV1-upgrade-backup.jwt"', 'operator "O" has a JWT of version 2'];

describe('an operator of version 1', () => {
  itPlans(command, given, {
    'gets a JWT of version 2': ['', { ...upgraded, steps }],
    'by the seed that -K gives': ['-K $o1.seed', { ...upgraded, steps }, { ...given, stored: [] }],
    'and leaves accounts of version 1 to the next edit': [
      '',
      { ...upgraded, steps: [...steps, 'an account of version 1 stays as it is, until the next edit'] },
      { operators: [{ operator: old, accounts: [oldAccount, account('B', 'b1')] }] },
    ],
    'however many there are': [
      '',
      { ...upgraded, steps: [...steps, '2 accounts of version 1 stay as they are, until the next edit'] },
      { operators: [{ operator: old, accounts: [oldAccount, { ...oldAccount, name: 'C' }] }] },
    ],
    'whatever an account holds': ['', { ...upgraded, steps }, { ...given, unreadable: ['B'] }],
  });

  it('is kept in a file, which must not be there yet', async () => {
    const { plan } = await planRaw(command, given, '');
    const { plan: elsewhere } = await planRaw(command, given, '--backup old.jwt');
    const replaceHint = 'name another file with --backup FILE';
    expect(plan.files).toEqual([{ path: 'O-jwtV1-upgrade-backup.jwt', content: token, replace: false, replaceHint }]);
    expect(elsewhere.files?.map(({ path }) => path)).toEqual(['old.jwt']);
  });

  it('is asked about on a terminal, when there is something to do', async () => {
    const { plan } = await planRaw(command, given, '');
    const context = { tree: { operator: old } } as never;
    expect(command.confirm?.(context, {} as never, plan)).toBe('Sign operator "O" anew as version 2?');
    expect(command.confirm?.(context, {} as never, { ...plan, changes: [] })).toBeUndefined();
  });
});

describe('an operator of version 2', () => {
  itPlans(command, given, {
    'stays as it is, also without its seed': [
      '',
      { changes: [], steps: ['the JWT of operator "O" is of version 2 already'] },
      { operators: [{ operator: operator(), managed: true }], stored: [] },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'a managed operator (E-54)': [
      '',
      ['managed-operator', 'operator "O" is managed elsewhere, and has to be upgraded there'],
      { operators: [{ operator: old, managed: true }] },
    ],
    'without the seed of its identity (E-54)': [
      '',
      ['key-not-found', 'the seed of o1, the identity of operator "O", is not in the keystore'],
      { ...given, stored: ['o2'] },
    ],
    'another key than its identity': [
      '-K $o2',
      ['signer-not-allowed', 'only the identity o1 can sign operator "O" anew'],
    ],
    'a typing error in -K': ['-K O1', ['bad-key', '"O1" is neither a key nor a key file']],
    'an argument': ['O', ['too-many-arguments', '"nsc test" takes no arguments, not 1']],
    'without an operator': ['', ['operator-not-found', 'there is no operator'], {}],
  });
});

import { describe, expect, it } from 'vitest';
import { command } from '../../../src/commands/generate/config.js';
import { newAccount } from '../../../src/domain/claims/new.js';
import type { AccountEntry } from '../../../src/domain/tree/tree.js';
import { account, operator, pub } from '../../domain/trust/hierarchy.js';
import { itAnswers, itRefuses } from '../../support/cases.js';
import { answer, type Given } from '../../support/plan.js';

const SYS = account('SYS', 'a3');
const O = operator({ nats: { system_account: pub('a3') } });
const plain: Given = { operators: [{ operator: operator(), accounts: [account('A', 'a1'), account('B', 'b1')] }] };
const given: Given = { operators: [{ operator: O, accounts: [account('A', 'a1'), SYS] }] };

const emitted = (lines: string[], data: object, more: object = {}) => ({
  kind: 'emitted',
  what: 'server configuration',
  content: `${lines.join('\n')}\n`,
  replace: false,
  data: { operator: 'O', ...data },
  ...more,
});

describe('accounts in memory', () => {
  const withSystem = emitted(
    [
      '// Operator "O"',
      'operator: <operator O by o1>',
      '',
      'system_account: a3',
      '',
      'resolver: MEMORY',
      '',
      'resolver_preload: {',
      '  // Account "A"',
      '  a1: <account A by o1>',
      '',
      '  // Account "SYS"',
      '  a3: <account SYS by o1>',
      '',
      '}',
    ],
    { system_account: 'a3' },
  );
  itAnswers(command, given, {
    'are all of them, by public key': ['--mem-resolver', withSystem],
    'are written to a file that must not be there (S-38)': [
      '--mem-resolver --config-file server.conf',
      { ...withSystem, file: 'server.conf' },
    ],
    'are written to a file that may be there': [
      '--mem-resolver --config-file server.conf --force',
      { ...withSystem, file: 'server.conf', replace: true },
    ],
    'go to standard output': ['--mem-resolver --config-file --', withSystem],
    'do without a system account': [
      '--mem-resolver',
      emitted(
        [
          '// Operator "O"',
          'operator: <operator O by o1>',
          '',
          'resolver: MEMORY',
          '',
          'resolver_preload: {',
          '  // Account "A"',
          '  a1: <account A by o1>',
          '',
          '  // Account "B"',
          '  b1: <account B by o1>',
          '',
          '}',
        ],
        {},
      ),
      plain,
    ],
    'have the system account that is named': [
      '--mem-resolver --sys-account B',
      expect.objectContaining({
        content: expect.stringContaining('\nsystem_account: b1\n'),
        data: { operator: 'O', system_account: 'b1' },
      }),
      plain,
    ],
    'have the system account of the operator though its JWT is elsewhere': [
      '--mem-resolver',
      expect.objectContaining({ content: expect.stringContaining('\nsystem_account: a3\n'), data: { operator: 'O' } }),
      { operators: [{ operator: O, accounts: [account('A', 'a1')] }] },
    ],
  });

  it('are ordered by public key', async () => {
    const { content } = (await answer(command, plain, '--mem-resolver')) as { content: string };
    expect(content).toMatch(/^ {2}a1: [\s\S]*^ {2}b1: |^ {2}b1: [\s\S]*^ {2}a1: /m);
    expect(pub('a1') < pub('b1')).toBe(content.indexOf('a1:') < content.indexOf('b1:'));
  });
});

describe('accounts in a directory', () => {
  const before = [
    '# Operator "O"',
    'operator: <operator O by o1>',
    '# System account "SYS"',
    'system_account: a3',
    '',
    '# Where the server keeps account JWTs. A user of the system account sends them, each as a request to',
    '# $SYS.REQ.CLAIMS.UPDATE.',
    'resolver {',
  ];
  const after = [
    '}',
    '',
    '# What has to be known before anything was sent',
    'resolver_preload: {',
    '\ta3: <account SYS by o1>,',
    '}',
  ];
  itAnswers(command, given, {
    'are all kept, a deleted one under the suffix that servers use (S-28)': [
      '--nats-resolver',
      emitted(
        [
          ...before,
          '    # keep every account JWT',
          '    type: full',
          '    # where they are kept; each server needs a directory of its own',
          "    dir: './jwt'",
          '    # whether a request may delete accounts; a deleted one is kept with the suffix .deleted',
          '    allow_delete: false',
          '    # how often servers compare what they have',
          '    interval: "2m"',
          '    # how long to wait for an account that another server has to send',
          '    timeout: "1.9s"',
          ...after,
        ],
        { system_account: 'a3' },
      ),
    ],
    'are kept while they are in use': [
      '--nats-resolver-cache --sys-account $a3',
      emitted(
        [
          ...before,
          '    # keep the account JWTs that are in use',
          '    type: cache',
          '    # where they are kept; each server needs a directory of its own',
          "    dir: './jwt'",
          '    # how long one is kept',
          '    ttl: "1h"',
          '    # how long to wait for an account that another server has to send',
          '    timeout: "1.9s"',
          ...after,
        ],
        { system_account: 'a3' },
      ),
    ],
  });
});

describe('nothing in a JWT or a name becomes a line of the configuration (S-45)', () => {
  const evil = 'A\nport: 1';
  const named: Given = {
    operators: [{ operator: { ...O, name: evil }, accounts: [{ ...SYS, name: evil }] }],
  };
  it.each(['--mem-resolver', '--nats-resolver', '--nats-resolver-cache'])('a name: %s', async (line) => {
    const { content } = (await answer(command, named, line)) as { content: string };
    expect(content).toContain('"A\\nport: 1"');
    expect(content).not.toMatch(/^port: 1/m);
  });

  const claimed: AccountEntry = { ...SYS, claims: { ...newAccount(evil, 'SYS') } };
  itRefuses(command, given, {
    'the system account that an operator claims': [
      '--mem-resolver',
      ['bad-token', 'a JWT names "A\\nport: 1" as an account, which is not the public key of one'],
      {
        operators: [
          {
            operator: { ...O, claims: { ...O.claims, nats: { system_account: evil } } },
            accounts: [account('A', 'a1')],
          },
        ],
      },
    ],
    'the subject that an account claims': [
      '--mem-resolver',
      ['bad-token', 'a JWT names "A\\nport: 1" as an account, which is not the public key of one'],
      { operators: [{ operator: operator(), accounts: [claimed] }] },
    ],
    'the subject that the system account claims': [
      '--nats-resolver --sys-account SYS',
      ['bad-token', 'a JWT names "A\\nport: 1" as an account, which is not the public key of one'],
      { operators: [{ operator: operator(), accounts: [claimed] }] },
    ],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no kind of resolver': ['', ['missing-option', 'no kind of resolver was chosen']],
    'two kinds of resolver': [
      '--mem-resolver --nats-resolver',
      ['conflicting-options', '--mem-resolver and --nats-resolver exclude each other'],
    ],
    'an operator without accounts': [
      '--mem-resolver',
      ['account-not-found', 'operator "O" has no accounts, so no user could connect'],
      { operators: [{ operator: operator() }] },
    ],
    'a directory without system account': [
      '--nats-resolver',
      ['account-not-found', 'a NATS resolver needs a system account, and the operator has none in this store'],
      plain,
    ],
    'a system account that is not there': [
      '--nats-resolver --sys-account X',
      ['account-not-found', 'account "X" does not exist under operator "O"'],
    ],
  });
});

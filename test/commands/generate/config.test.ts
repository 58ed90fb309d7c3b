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
    '# $SYS.REQ.CLAIMS.UPDATE: nsc push -A does that for all of them.',
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

  const claimed: AccountEntry = { ...SYS, claims: { ...newAccount(evil, 'SYS'), iss: pub('o1') } };
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

describe('accounts of an account server', () => {
  const config = (...system: string[]) =>
    emitted(
      [
        '// Operator "O"',
        'operator: <operator O by o1>',
        '',
        ...system,
        "resolver: 'URL(http://127.0.0.1:9090/jwt/v1/accounts/)'",
      ],
      system.length > 0 ? { system_account: 'a3' } : {},
    );
  const line = '--url-resolver http://127.0.0.1:9090/jwt/v1/accounts/';
  itAnswers(command, given, {
    'are asked for': [line, config(), plain],
    'are asked for, the system account too': [line, config('system_account: a3', '')],
  });
});

describe('one server of several', () => {
  const begins = (...lines: string[]) => ({
    asymmetricMatch: ({ content }: { content: string }) =>
      content.startsWith(`${lines.join('\n')}\n\n# Operator "O"\n`),
  });
  itAnswers(command, given, {
    'has a name and an address': [
      '--nats-resolver --server-name S1 --listen 127.0.0.1:4222',
      begins("server_name: 'S1'", "listen: '127.0.0.1:4222'"),
    ],
    'has a cluster': [
      '--nats-resolver --cluster-name C --cluster-listen [::1]:6222 --route nats://a:6222,tls://b:6222 --route nats-route://u:p@c:1',
      begins(
        'cluster {',
        "    name: 'C'",
        "    listen: '[::1]:6222'",
        '    routes: [',
        "        'nats://a:6222'",
        "        'tls://b:6222'",
        "        'nats-route://u:p@c:1'",
        '    ]',
        '}',
      ),
    ],
    'may be the first one, on any port': [
      '--nats-resolver --cluster-listen 127.0.0.1:-1',
      begins('cluster {', "    listen: '127.0.0.1:-1'", '}'),
    ],
    'keeps streams': [
      ['--nats-resolver --server-name S --cluster-name C --cluster-listen a:1', "--jetstream-dir '/it''s \\here'"].join(
        ' ',
      ),
      begins(
        "server_name: 'S'",
        'jetstream {',
        '    store_dir: "/it\'s \\\\here"',
        '}',
        'cluster {',
        "    name: 'C'",
        "    listen: 'a:1'",
        '}',
      ),
    ],
    'keeps accounts elsewhere, and may be told to delete them': [
      '--nats-resolver --resolver-dir /var/nats/jwt --allow-delete',
      expect.objectContaining({
        content: expect.stringMatching(/\n {4}dir: '\/var\/nats\/jwt'\n[\s\S]*\n {4}allow_delete: true\n/),
      }),
    ],
  });

  it('comes before what is there without', async () => {
    const { content: alone } = (await answer(command, given, '--mem-resolver')) as { content: string };
    const { content } = (await answer(command, given, '--mem-resolver --server-name S1')) as { content: string };
    expect(content).toBe(`server_name: 'S1'\n\n${alone}`);
  });

  itRefuses(command, given, {
    'a cluster without address': [
      '--nats-resolver --route nats://a:6222',
      ['missing-option', 'a server of a cluster has to listen for the others'],
    ],
    'JetStream in a cluster without names': [
      '--nats-resolver --cluster-listen a:1 --jetstream-dir js --server-name S',
      ['missing-option', 'JetStream in a cluster needs a name of the server and one of the cluster'],
    ],
    'a directory for accounts that are elsewhere': [
      '--mem-resolver --resolver-dir jwt',
      ['conflicting-options', '--resolver-dir is for --nats-resolver and --nats-resolver-cache'],
    ],
    'deleting where it cannot be chosen': [
      '--nats-resolver-cache --allow-delete',
      ['conflicting-options', '--allow-delete is for --nats-resolver: no other one can be told that'],
    ],
    'an address without host': ['--mem-resolver --listen :4222', ['bad-value', '--listen: ":4222" is not HOST:PORT']],
    'an address with too much': [
      "--mem-resolver --listen 'a:1''x'",
      ['bad-value', `--listen: "a:1'x" is not HOST:PORT`],
    ],
    'an address with a port that there is not': [
      '--mem-resolver --listen a:65536',
      ['bad-value', '--listen: "a:65536" is not HOST:PORT'],
    ],
    'an address with the port that elsewhere stands for any': [
      '--mem-resolver --listen a:0',
      ['bad-value', '--listen: "a:0" is not HOST:PORT'],
    ],
    'a name with a blank': [
      "--mem-resolver --server-name 'a b'",
      ['bad-value', '--server-name: "a b" cannot be the name of a server or cluster'],
    ],
    'a directory without name': [
      '--nats-resolver --resolver-dir=',
      ['bad-value', '--resolver-dir: the directory has no name'],
    ],
    'a directory that would end the line': [
      "--nats-resolver --resolver-dir 'a\u2028b'",
      ['bad-value', '--resolver-dir: "a\\u{2028}b" cannot be a directory'],
    ],
    'a route without port': [
      '--nats-resolver --cluster-listen a:1 --route nats://a',
      ['bad-value', '--route: a route has to be a URL such as nats://HOST:6222'],
    ],
    'a route with a quote': [
      "--nats-resolver --cluster-listen a:1 --route 'nats://u:''p@a:1'",
      ['bad-value', '--route: a route has to be a URL such as nats://HOST:6222'],
    ],
    'a name of a cluster without an address': [
      '--nats-resolver --cluster-name C',
      ['missing-option', 'a server of a cluster has to listen for the others'],
    ],
    'a route that is none': [
      '--nats-resolver --cluster-listen a:1 --route http://a:1',
      ['bad-value', '--route: a route has to be a URL such as nats://HOST:6222'],
    ],
    'an account server that is none': [
      '--url-resolver nats://a:4222',
      ['bad-value', '--url-resolver: an account server has to be a URL such as http://HOST:9090/jwt/v1/accounts/'],
    ],
    'an account server without host': [
      '--url-resolver http:///jwt',
      ['bad-value', '--url-resolver: an account server has to be a URL such as http://HOST:9090/jwt/v1/accounts/'],
    ],
    'an account server that would end the text': [
      '--url-resolver "http://a/\'b"',
      ['bad-value', '--url-resolver: an account server has to be a URL such as http://HOST:9090/jwt/v1/accounts/'],
    ],
    'an account server that servers would take for something else': [
      '--url-resolver http://members/jwt/v1/accounts/',
      ['bad-value', '--url-resolver: servers take a URL with "mem" in it for the resolver MEMORY'],
    ],
  });
});

describe('accounts that servers refuse', () => {
  const waiting = { operator: O, managed: true, accounts: [account('A', 'a1', { by: 'a1' }), SYS] };
  const abandoned = {
    operator: O,
    accounts: [account('A', 'a1', { by: 'ox' }), account('B', 'b1', { by: 'ox' }), SYS],
  };

  it('stand in the configuration all the same, and are told (S-19)', async () => {
    expect(await answer(command, { operators: [abandoned] }, '--mem-resolver')).toMatchObject({
      content: expect.stringContaining('<account A by ox>'),
      warnings: [
        'account "A" is signed by ox, which operator "O" does not list, so servers refuse it',
        'account "B" is signed by ox, which operator "O" does not list, so servers refuse it',
      ],
    });
    expect(await answer(command, { operators: [waiting] }, '--mem-resolver')).toMatchObject({
      content: expect.stringContaining('<account A by a1>'),
      warnings: ['account "A" is signed by a1, which operator "O" does not list, so servers refuse it'],
    });
  });

  const foreign: Given = {
    operators: [{ operator: O, accounts: [account('A', 'a1'), account('SYS', 'a3', { by: 'ox' })] }],
  };
  const why = 'account "SYS" is signed by ox, which operator "O" does not list, so servers refuse it';
  itRefuses(command, foreign, {
    'no server starts with such a system account': ['--nats-resolver --force', ['broken-chain', why]],
    'in memory neither': ['--mem-resolver', ['broken-chain', why]],
  });
});

describe('refused', () => {
  itRefuses(command, given, {
    'no kind of resolver': ['', ['missing-option', 'no kind of resolver was chosen']],
    'an account server beside another resolver': [
      '--nats-resolver --url-resolver http://a/',
      ['conflicting-options', '--nats-resolver and --url-resolver exclude each other'],
    ],
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

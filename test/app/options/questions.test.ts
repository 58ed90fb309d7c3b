import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/app/command.js';
import { askForMissing } from '../../../src/cli/ask.js';
import { askForKey } from '../../../src/cli/ask-signer.js';
import { command as addAccount } from '../../../src/commands/add/account.js';
import { command as addImport } from '../../../src/commands/add/import.js';
import { command as addOperator } from '../../../src/commands/add/operator.js';
import { command as addUser } from '../../../src/commands/add/user.js';
import { command as deleteAccount } from '../../../src/commands/delete/account.js';
import { command as deleteExport } from '../../../src/commands/delete/export.js';
import { command as deleteMapping } from '../../../src/commands/delete/mapping.js';
import { command as deleteUser } from '../../../src/commands/delete/user.js';
import { command as describeJwt } from '../../../src/commands/describe/jwt.js';
import { command as describeOperator } from '../../../src/commands/describe/operator.js';
import { command as diff } from '../../../src/commands/diff.js';
import { command as editAccount } from '../../../src/commands/edit/account.js';
import { command as editOperator } from '../../../src/commands/edit/operator.js';
import { command as editUser } from '../../../src/commands/edit/user.js';
import { command as generateCreds } from '../../../src/commands/generate/creds.js';
import { command as importKeys } from '../../../src/commands/import/keys.js';
import { command as init } from '../../../src/commands/init.js';
import { command as listRoles } from '../../../src/commands/list/roles.js';
import { command as listUsers } from '../../../src/commands/list/users.js';
import { command as pull } from '../../../src/commands/pull.js';
import { command as push } from '../../../src/commands/push.js';
import { command as selectAccount } from '../../../src/commands/select/account.js';
import { command as selectOperator } from '../../../src/commands/select/operator.js';
import { command as validate } from '../../../src/commands/validate.js';
import { stream, streamFrom } from '../../domain/sharing/accounts.js';
import { account, KEYS, operator, pub, under, user } from '../../domain/trust/hierarchy.js';
import { type Answers, FakePrompter } from '../../support/fake-prompter.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';

/** What interactive mode asks, command by command (nsc-core.md §9), and what unchanged answers come to: no edit. */

const A = account('A', 'a1', {
  nbf: 1_600_000_000,
  nats: {
    tags: ['blue', 'red'],
    description: 'orders',
    info_url: 'https://h/a',
    trace: { dest: 'traces', sampling: 5 },
    limits: { conn: 5, leaf: 0, data: -1, exports: 1, imports: 2, payload: 1024, subs: 3 },
  },
});
const O = operator({
  exp: 2_000_000_000,
  nats: {
    tags: ['prod'],
    account_server_url: 'https://h/jwt',
    operator_service_urls: ['nats://h:4222', 'tls://h:4223'],
    system_account: pub('b1'),
  },
});
const world: Given = {
  operators: [
    {
      operator: O,
      accounts: [A, account('B', 'b1')],
      users: [
        user('A/u', 'u1', { nats: { pub: {}, sub: {}, subs: -1, data: -1, payload: 64 } }),
        user('A/v', 'u2', { by: 'a4', nats: under('a1') }),
        user('B/w', 'u3', { by: 'b1' }),
        user('B/x', 'u3', { by: 'b1' }),
      ],
    },
    { operator: { ...operator(), name: 'P' } },
  ],
};
const small: Given = { operators: [{ operator: operator(), accounts: [A], users: [user('A/u', 'u1')] }] };

interface Case {
  readonly command: Command;
  /** What was given on the command line. */
  readonly given?: Record<string, unknown>;
  readonly answers?: Answers;
  readonly world?: Given;
  readonly asked: readonly string[];
  /** What comes of the answers. */
  readonly input?: Record<string, unknown>;
}

const dates = ['Valid from (0 = at once) (0)', 'Valid until (0 = no end) (0)'];
const NAME_OF_USER = 'Name of the user (* makes one up)';
const NAME_OF_ACCOUNT = 'Name of the account (* makes one up)';
const NAME_OF_OPERATOR = 'Name of the operator (* makes one up)';
const IMPORT = 'JWT to import: file, URL or well-known operator (empty = make an operator)';
const TIER = 'JetStream tier to set limits of: 0 = all streams, N = streams of N replicas (empty = leave as it is)';
const NEW_SIGNING_KEY = 'Signing key to add: public key, seed or key file; "generate" makes a new one (empty = none)';
const ofAccount = (...jetStream: string[]) => [
  NEW_SIGNING_KEY,
  'Most client connections (-1 = unlimited) (5)',
  'Most leaf node connections (-1 = unlimited) (0)',
  'Most bytes of data (-1 = unlimited) (-1)',
  'Most exports (-1 = unlimited) (1)',
  'Most imports (-1 = unlimited) (2)',
  'Largest message in bytes (-1 = unlimited) (1024)',
  'Most subscriptions (-1 = unlimited) (3)',
  TIER,
  ...jetStream,
  'What the account is for (orders)',
  'URL to read about it (https://h/a)',
  'Subject that message traces are sent to (traces)',
  'Percentage of messages that is traced (0 = all) (5)',
  'Tag to add (empty = none)',
  'Tags to remove: [blue] [red]',
  'Valid from (0 = at once) (2020-09-13 12:26:40 UTC)',
  'Valid until (0 = no end) (0)',
];
const SERVER = 'Account server URL';
const SYSTEM_USER = 'User of the system account';
const MADE = 'one that is made for the occasion';
const WHERE = 'Directory that will hold the operator (/stores)';
const UNDER = 'Operator to work under: URL, file or well-known name (empty = make an operator)';
const NAMED = 'Name for operator, account and user (* makes one up)';

const CASES: Record<string, Case> = {
  'init, where and how it is called': {
    command: init,
    asked: [WHERE, UNDER, `${NAMED} (*)`],
    input: { name: '*' },
  },
  'init, until the name can be used': {
    command: init,
    answers: { [NAMED]: ['sys', 'a/b', 'o', 'Acme'] },
    asked: [
      WHERE,
      UNDER,
      `${NAMED} (*)`,
      '! the operator cannot be called "sys": its account would take the place of the system account',
      '! "a/b" cannot be the name of an operator: it holds a path separator',
      '! operator "O" already exists in /stores',
    ],
    input: { name: 'Acme' },
  },
  'init under an operator, not for another one': {
    command: init,
    given: { remoteOperator: { given: 'synadia' } },
    answers: { [NAMED]: 'Mine' },
    asked: [WHERE, `${NAMED} (*)`],
    input: { name: 'Mine' },
  },
  'an operator that is made': {
    command: addOperator,
    answers: { [NAME_OF_OPERATOR]: ['p', 'New'] },
    asked: [
      IMPORT,
      NAME_OF_OPERATOR,
      '! operator "P" already exists in /stores',
      'Add a signing key? yes',
      'Add a system account? yes',
      ...dates,
    ],
    input: { name: 'New', generateSigningKey: true, sys: true },
  },
  'an operator that is made, not imported, and with which key': {
    command: addOperator,
    given: { name: 'New', start: '0', expiry: '0' },
    answers: {
      'Add a signing key?': false,
      'Add a system account?': false,
      'Key of the operator: public key, seed or key file (empty = generate one)': [pub('a1'), pub('o3')],
    },
    asked: [
      'Add a signing key? yes',
      'Add a system account? yes',
      'Key of the operator: public key, seed or key file (empty = generate one)',
      '! a1 is a key of kind account, not operator',
    ],
    input: { generateSigningKey: false, sys: false, privateKey: 'o3' },
  },
  'an operator that is imported, and nothing more': {
    command: addOperator,
    world: { ...world, files: { 'o.jwt': operator().token } },
    answers: { [IMPORT]: ['nowhere', 'o.jwt'] },
    asked: [IMPORT, '! "nowhere" is neither a file nor an http(s) URL nor the name of a known operator'],
    input: { url: { given: 'o.jwt', token: '<operator O by o1>' } },
  },
  'a new account': {
    command: addAccount,
    answers: {
      [NAME_OF_ACCOUNT]: ['', 'b', 'C'],
      'Key of the account: public key, seed or key file (empty = generate one)': ['SAAA', '$u1', '$a3'],
      'Valid until (0 = no end)': ['soon', '1y'],
    },
    asked: [
      NAME_OF_ACCOUNT,
      '! an answer is needed',
      '! account "B" already exists under operator "O"',
      'Key of the account: public key, seed or key file (empty = generate one)',
      '! "SAAA" is neither a key nor a key file',
      '! u1 is a key of kind user, not account',
      ...dates,
      '! "soon" is not a date or a time span',
    ],
    input: { name: 'C', publicKey: { text: 'a3', publicKey: 'a3' }, expiry: '1y' },
  },
  'a new user, and of which account': {
    command: addUser,
    answers: { [NAME_OF_USER]: ['u', 'new'] },
    asked: [
      'Account: *A / B',
      NAME_OF_USER,
      '! user "u" already exists in account "A"',
      'Key of the user: public key, seed or key file (empty = generate one)',
      ...dates,
    ],
    input: { account: 'A', name: 'new' },
  },
  'a new user of the only account': {
    command: addUser,
    world: small,
    answers: { [NAME_OF_USER]: 'new' },
    asked: [NAME_OF_USER, 'Key of the user: public key, seed or key file (empty = generate one)', ...dates],
    input: { account: 'A', name: 'new' },
  },
  'what is to change about the operator': {
    command: editOperator,
    asked: [
      NEW_SIGNING_KEY,
      'Tag to add (empty = none)',
      'Tags to remove: [prod]',
      'URL where servers find account JWTs (https://h/jwt)',
      'System account: A / *B',
      'Address of the servers to add (nats, tls, ws, wss) (empty = none)',
      'Addresses of the servers to remove: [nats://h:4222] [tls://h:4223]',
      'Valid from (0 = at once) (0)',
      'Valid until (0 = no end) (2033-05-18 03:33:20 UTC)',
    ],
    input: {},
  },
  'about an operator that has nothing yet': {
    command: editOperator,
    world: small,
    answers: {
      [NEW_SIGNING_KEY]: ['$a1', 'generate'],
      'Tag to add (empty = none)': 'Prod',
      'URL where servers find account JWTs': 'https://h',
      'System account': 'A',
      'Address of the servers to add (nats, tls, ws, wss) (empty = none)': ['http://h', 'nats://h'],
    },
    asked: [
      NEW_SIGNING_KEY,
      '! a1 is a key of kind account, not operator',
      NEW_SIGNING_KEY.replace('(empty = none)', '(empty = no more)'),
      'Tag to add (empty = none)',
      'Tag to add (empty = no more)',
      'URL where servers find account JWTs',
      'System account: (leave as it is) / A',
      'Address of the servers to add (nats, tls, ws, wss) (empty = none)',
      '! service URL "http://h" has none of the schemes nats, tls, ws, wss',
      'Address of the servers to add (nats, tls, ws, wss) (empty = no more)',
      ...dates,
    ],
    input: {
      sk: ['generate'],
      tag: ['prod'],
      accountJwtServerUrl: 'https://h',
      systemAccount: 'A',
      serviceUrl: ['nats://h'],
    },
  },
  'what is to change about an account': {
    command: editAccount,
    asked: ['Account: *A / B', ...ofAccount()],
    input: { name: 'A' },
  },
  'limits of JetStream, when some are to be set': {
    command: editAccount,
    given: { name: 'A' },
    answers: { [TIER]: '3', 'JetStream: most bytes on disk (0 = none, -1 = unlimited)': ['much', '10gib'] },
    asked: ofAccount(
      'JetStream: most bytes in memory (0 = none, -1 = unlimited) (0)',
      'JetStream: most bytes on disk (0 = none, -1 = unlimited) (0)',
      '! "much" is not a number or size',
      'JetStream: most streams (-1 = unlimited) (-1)',
      'JetStream: most consumers (-1 = unlimited) (-1)',
      'JetStream: largest memory stream in bytes (-1 = unlimited) (-1)',
      'JetStream: largest disk stream in bytes (-1 = unlimited) (-1)',
      'JetStream: most unacknowledged messages of a consumer (-1 = unlimited) (-1)',
      'JetStream: must streams name a size limit? no',
    ),
    input: { name: 'A', jsTier: 3, jsDiskStorage: 10 * 2 ** 30 },
  },
  'where traces go, and the answers count (E-59)': {
    command: editAccount,
    world: { operators: [{ operator: operator(), accounts: [account('A', 'a1')] }] },
    given: { name: 'A', sk: ['generate'], conns: 1, leafConns: 1, data: 1, exports: 1, imports: 1, payload: 1 },
    answers: {
      'Subject that message traces are sent to': ['a.*', 'traces'],
      'Percentage of messages that is traced (0 = all)': ['101', '10'],
    },
    asked: [
      'Most subscriptions (-1 = unlimited) (-1)',
      TIER,
      'What the account is for',
      'URL to read about it',
      'Subject that message traces are sent to',
      '! traces go to one subject, and "a.*" has wildcards',
      'Percentage of messages that is traced (0 = all) (0)',
      '! "101" is not an integer from 0 to 100',
      'Tag to add (empty = none)',
      ...dates,
    ],
    input: { traceContextSubject: 'traces', traceContextSampling: 10 },
  },
  'what to import, but not what is imported already (E-70)': {
    command: addImport,
    world: {
      operators: [
        {
          operator: operator(),
          accounts: [
            account('A', 'a1', { nats: { imports: [streamFrom('b1', 'old')] } }),
            account('B', 'b1', { nats: { exports: [stream('old'), stream('new')] } }),
          ],
        },
      ],
    },
    given: { remoteSubject: undefined, name: 'n', localSubject: 'l', allowTrace: false },
    answers: { Import: '"new": public stream of account "B"' },
    asked: [
      'Account: *A / B',
      'Import: "new": public stream of account "B" / something else',
      'Subject in the account that exports (new)',
    ],
    input: { account: 'A', export: { account: 'B', type: 'stream', subject: 'new' }, remoteSubject: 'new' },
  },
  'what is to change about a user': {
    command: editUser,
    answers: { User: 'u' },
    asked: [
      'Account: *A / B',
      'User: u / v',
      'Tag to add (empty = none)',
      ...dates,
      'Largest message in bytes (-1 = unlimited) (64)',
    ],
    input: { account: 'A', name: 'u' },
  },
  'about a user under a role, which has no limits': {
    command: editUser,
    given: { name: 'v' },
    asked: ['Account: *A / B', 'Tag to add (empty = none)', ...dates],
    input: { account: 'A', name: 'v' },
  },
  'users of the account that was named by key': {
    command: editUser,
    given: { account: pub('b1'), start: '0', expiry: '0', tag: ['a'], payload: 1 },
    asked: ['User: w / x'],
    input: { name: 'w' },
  },
  'which account to delete, none of them by default (E-24)': {
    command: deleteAccount,
    answers: { 'Account to delete': 'A' },
    asked: ['Account to delete: A / B', 'Delete the seeds too? no', 'Delete the creds files too? no'],
    input: { name: 'A' },
  },
  'whether to delete the system account all the same': {
    command: deleteAccount,
    given: { name: 'B', rmNkey: true, rmCreds: true },
    answers: {
      'The operator is managed elsewhere, or this is its system account. Delete it here all the same?': true,
    },
    asked: ['The operator is managed elsewhere, or this is its system account. Delete it here all the same? no'],
    input: { force: true },
  },
  'which users to delete, and whether they may go on': {
    command: deleteUser,
    answers: { Account: 'B', 'Users to delete': ['w', 'x'] },
    asked: [
      'Account: *A / B',
      'Users to delete: [w] [x]',
      'Revoke the users first? yes',
      'Delete the seeds too? no',
      'Delete the creds files too? no',
    ],
    input: { account: 'B', name: ['w', 'x'], revoke: true },
  },
  'which export to delete, also when there is only one': {
    command: deleteExport,
    world: {
      operators: [{ operator: operator(), accounts: [account('A', 'a1', { nats: { exports: [stream('a')] } })] }],
    },
    asked: ['Export: a (public stream)'],
    input: { account: 'A', subject: 'a' },
  },
  'which mappings to delete, also when there is only one': {
    command: deleteMapping,
    world: {
      operators: [
        {
          operator: operator(),
          accounts: [account('A', 'a1', { nats: { mappings: { a: [{ subject: 'b', weight: 100 }] } } })],
        },
      ],
    },
    asked: ['Subject whose mappings go: a'],
    input: { account: 'A', from: 'a' },
  },
  'where the keys are': {
    command: importKeys,
    world: { files: { 'keys/a.nk': '$a1.seed' } },
    answers: { 'Directory with seed files (*.nk)': ['nowhere', 'keys'] },
    asked: ['Directory with seed files (*.nk)', '! there is no directory "nowhere"'],
    input: { dir: { path: 'keys', files: [{ path: 'keys/a.nk', content: 'seed of a1' }] } },
  },
  'which operator to select': {
    command: selectOperator,
    answers: { Operator: 'P' },
    asked: ['Operator: O / P'],
    input: { name: 'P' },
  },
  'which account to select, and not when there is one': {
    command: selectAccount,
    world: small,
    asked: [],
    input: { name: 'A' },
  },
  'whose creds': {
    command: generateCreds,
    answers: { User: 'v' },
    asked: ['Account: *A / B', 'User: u / v'],
    input: { account: 'A', name: 'v' },
  },
  'which operator to describe': { command: describeOperator, asked: ['Operator: *O / P'], input: { name: 'O' } },
  'which JWT': {
    command: describeJwt,
    world: { files: { 'a.jwt': A.token } },
    answers: { 'File or URL of the JWT': ['nowhere', 'a.jwt'] },
    asked: ['File or URL of the JWT', '! there is no file "nowhere"'],
    input: { file: { given: 'a.jwt', content: '<account A by o1>' } },
  },
  'whose users to list': { command: listUsers, asked: ['Account: *A / B'], input: { account: 'A' } },
  'whose users to list, but not of another operator': { command: listUsers, given: { operator: 'P' }, asked: [] },
  'whose roles to list, but not of another operator': { command: listRoles, given: { operator: 'P' }, asked: [] },
  'which account to validate': { command: validate, asked: ['Account: *A / B'], input: { account: 'A' } },
  'which account to validate, unless it is all of them': {
    command: validate,
    given: { allAccounts: true },
    asked: [],
  },
  'what to push where, and as whom where NATS is spoken': {
    command: push,
    answers: { [SERVER]: 'nats://h:4222', 'System account': 'B', [SYSTEM_USER]: 'x' },
    asked: [
      'Account: *A / B',
      `${SERVER} (https://h/jwt)`,
      'System account: A / *B',
      `${SYSTEM_USER}: ${MADE} / w / x`,
    ],
    input: { account: 'A', url: 'nats://h:4222', systemUser: 'x' },
  },
  'where to push, and nobody asks an account server who they are': {
    command: push,
    given: { all: true },
    answers: { [SERVER]: ['h:4222', ''] },
    asked: [`${SERVER} (https://h/jwt)`, '! the URL of an account server begins with a scheme and names a host'],
  },
  'as which user of the system account that was named to push': {
    command: push,
    given: { account: 'A', url: 'nats://h:4222', systemAccount: pub('b1') },
    asked: [`${SYSTEM_USER}: ${MADE} / w / x`],
  },
  'whether to pull all, and Enter is a yes': {
    command: pull,
    asked: ['Pull the operator and all accounts? yes'],
    input: { all: true },
  },
  'which account to pull, unless it is all of them': {
    command: pull,
    answers: { 'Pull the operator and all accounts?': false },
    asked: ['Pull the operator and all accounts? yes', 'Account: *A / B'],
    input: { all: false, account: 'A' },
  },
  'whether to compare all, and Enter is a yes': {
    command: diff,
    asked: ['Compare all accounts? yes'],
    input: { all: true },
  },
};

describe('interactive mode asks', () => {
  it.each(Object.entries(CASES))('%s', async (_what, { command, asked, answers = {}, ...more }) => {
    const { workspace, ports, aliases } = new FakeWorld(more.world ?? world);
    const told = Object.entries(answers).map(([message, given]) => [
      message,
      Array.isArray(given) ? given.map(aliases.expand) : given,
    ]);
    const prompter = new FakePrompter(Object.fromEntries(told));
    const given = more.given ?? {};
    const asking = { workspace, ports, prompter };
    const input = await askForMissing(command, given, asking);
    const key = command.keyQuestion && (await askForKey(command.keyQuestion, input, asking));
    expect(prompter.asked.map(aliases.name)).toEqual(asked);
    const answered = { ...input, ...(key && { privateKey: key.publicKey }) };
    const { pair: _pair, ...publicKey } = (answered as { publicKey?: { pair?: unknown } }).publicKey ?? {};
    expect(aliases.plain({ ...answered, ...('publicKey' in answered && { publicKey }) })).toEqual(
      aliases.plain({ ...given, ...more.input }),
    );
  });
});

it('a seed that is typed is the key', async () => {
  const { workspace, ports } = new FakeWorld(world);
  const message = 'Key of the account: public key, seed or key file (empty = generate one)';
  const prompter = new FakePrompter({ [NAME_OF_ACCOUNT]: 'C', [message]: KEYS.a3.seed.reveal() });
  const input = await askForMissing(addAccount, {}, { workspace, ports, prompter });
  expect(input.publicKey).toEqual({ text: pub('a3'), publicKey: pub('a3'), pair: KEYS.a3 });
});

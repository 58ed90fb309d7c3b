import type { Mutation, PlanContext } from '../../src/app/command.js';
import type { InputOf, OptionSet } from '../../src/app/option.js';
import { command as reissueOperator } from '../../src/commands/reissue/operator.js';
import { command as renameAccount } from '../../src/commands/rename/account.js';
import { applyChanges } from '../../src/domain/apply.js';
import type { Change } from '../../src/domain/change.js';
import type { Role } from '../../src/domain/nkey/prefix.js';
import { emptyTree } from '../../src/domain/tree/memory-tree.js';
import {
  createOperator,
  keepVersion,
  keyOf,
  NOW,
  putAccount,
  putCreds,
  putKeyring,
  putSeed,
  putUser,
  wholeUser,
} from '../store/fixtures.js';

/** What the store holds before each scenario: operator O, account A with users u and v, account B. */
export const BASE: readonly Change[] = [
  createOperator(),
  putSeed('operator', 1),
  putAccount('A', 1),
  putSeed('account', 1),
  ...wholeUser('A', 1, 'u', 1),
  ...wholeUser('A', 1, 'v', 2),
  putAccount('B', 2),
  { type: 'select', operator: 'O', account: 'A' },
];

/** What a command plans on that store. */
const plan = <Options extends OptionSet>(command: Mutation<Options>, input: Partial<InputOf<Options>>): Change[] => {
  const context = {
    tree: applyChanges(emptyTree('O'), BASE),
    now: NOW,
    newKey: (role: Role) => keyOf(role, 2),
    workspace: { credsPath: () => '', findKeyPair: () => undefined },
  };
  return [...command.plan(context as unknown as PlanContext, input as InputOf<Options>).changes];
};

/** Commits that are interrupted, by name: everything commands do, in small. */
export const SCENARIOS: Readonly<Record<string, readonly Change[]>> = {
  'edit of one file': [putAccount('A', 1, 'edited')],
  'deletion of one file': [{ type: 'delete-user', account: 'A', name: 'u' }],
  'pull of a newer version': [keepVersion('A', 1), putAccount('A', 1, 'pulled')],
  'first keyring': [putKeyring(2, 'next')],
  'account and keyring': [putAccount('A', 1, 'announced'), putKeyring(2, 'next')],
  'new user': wholeUser('A', 1, 'w', 3),
  'first user of an account': wholeUser('B', 2, 'w', 3),
  'new account': [putSeed('account', 3), putAccount('C', 3), { type: 'select', account: 'C' }],
  'edit with creds': [putUser('A', 1, 'u', 1, 'edited'), putCreds('A', 'u', putUser('A', 1, 'u', 1, 'edited'), 1)],
  'rename account': plan(renameAccount, { names: ['A', 'Z'] }),
  'delete everything of an account': [
    { type: 'delete-account', name: 'A' },
    ...['u', 'v'].map((user): Change => ({ type: 'delete-creds', account: 'A', user })),
    ...[1, 2].map((number): Change => ({ type: 'delete-seed', publicKey: keyOf('user', number).publicKey })),
    { type: 'delete-seed', publicKey: keyOf('account', 1).publicKey },
    { type: 'select', account: '' },
  ],
  'reissue operator': plan(reissueOperator, {}),
  'reissue operator, keeping the old identity': plan(reissueOperator, { convert: true }),
};

/** Users whose creds are compared. */
export const CREDS = ['A', 'B', 'Z'].flatMap((account) => ['u', 'v', 'w'].map((user) => [account, user] as const));

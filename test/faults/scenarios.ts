import type { Change } from '../../src/domain/change.js';
import {
  createOperator,
  keyOf,
  putAccount,
  putCreds,
  putOperator,
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

const moved = putUser('Z', 1, 'u', 1);

/** Commits that are interrupted, by name: everything commands do, in small. */
export const SCENARIOS: Readonly<Record<string, readonly Change[]>> = {
  'edit of one file': [putAccount('A', 1, 'edited')],
  'deletion of one file': [{ type: 'delete-user', account: 'A', name: 'u' }],
  'new user': wholeUser('A', 1, 'w', 3),
  'first user of an account': wholeUser('B', 2, 'w', 3),
  'new account': [putSeed('account', 3), putAccount('C', 3), { type: 'select', account: 'C' }],
  'edit with creds': [putUser('A', 1, 'u', 1, 'edited'), putCreds('A', 'u', putUser('A', 1, 'u', 1, 'edited'), 1)],
  rename: [
    putAccount('Z', 1),
    moved,
    putCreds('Z', 'u', moved, 1),
    { type: 'delete-creds', account: 'A', user: 'u' },
    { type: 'delete-creds', account: 'A', user: 'v' },
    { type: 'delete-account', name: 'A' },
    { type: 'select', account: 'Z' },
  ],
  'delete everything of an account': [
    { type: 'delete-account', name: 'A' },
    ...['u', 'v'].map((user): Change => ({ type: 'delete-creds', account: 'A', user })),
    ...[1, 2].map((number): Change => ({ type: 'delete-seed', publicKey: keyOf('user', number).publicKey })),
    { type: 'delete-seed', publicKey: keyOf('account', 1).publicKey },
    { type: 'select', account: '' },
  ],
  reissue: [putOperator('O', 'anew'), putAccount('A', 1, 'anew'), putAccount('B', 2, 'anew'), putSeed('operator', 2)],
};

/** Users whose creds are compared. */
export const CREDS = ['A', 'B', 'Z'].flatMap((account) => ['u', 'v', 'w'].map((user) => [account, user] as const));

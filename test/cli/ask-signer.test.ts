import { describe, expect, it } from 'vitest';
import type { Command, QueryContext } from '../../src/app/command.js';
import { askForSigner } from '../../src/cli/ask-signer.js';
import { command as addAccount } from '../../src/commands/add/account.js';
import { command as addUser } from '../../src/commands/add/user.js';
import { command as deleteUser } from '../../src/commands/delete/user.js';
import { command as editAccount } from '../../src/commands/edit/account.js';
import { command as editOperator } from '../../src/commands/edit/operator.js';
import { command as editUser } from '../../src/commands/edit/user.js';
import {
  account,
  KEYS,
  type KeyName,
  nameOfKey,
  operator,
  pub,
  scope,
  under,
  user,
} from '../domain/trust/hierarchy.js';
import { type Answers, FakePrompter } from '../support/fake-prompter.js';
import { FakeWorld, type Given, NOW } from '../support/fake-world.js';

const A = account('A', 'a1', { nats: { signing_keys: [pub('a2'), scope('a4', 'reader')] } });
const users = [user('A/u', 'u1'), user('A/v', 'u2', { by: 'a4', nats: under('a1') })];
const given = (stored: KeyName[], more: Parameters<typeof operator>[0] = {}): Given => ({
  operators: [
    {
      operator: operator({ ...more, nats: { signing_keys: [pub('o2'), pub('o3')], ...more.nats } }),
      accounts: [A],
      users,
    },
  ],
  stored,
  files: { 'a2.nk': '$a2.seed', junk: 'junk' },
});
const strict = { nats: { strict_signing_key_usage: true } };

/** What `-i` asks about the signer, and the key that comes of it, by the names of keys. */
async function ask(
  command: Command,
  world: Given,
  { input = {}, answers = {} }: { input?: Record<string, unknown>; answers?: Answers } = {},
): Promise<{ asked: string[]; signer: string | undefined }> {
  const { workspace, ports, aliases } = new FakeWorld(world);
  const tree = workspace.tree('O');
  const context: QueryContext = { workspace, tree, now: NOW };
  const prompter = new FakePrompter(answers);
  const signer = await askForSigner(command.signers?.(context, input as never) ?? [], tree, {
    workspace,
    ports,
    prompter,
  });
  return { asked: prompter.asked.map(aliases.name), signer: signer?.publicKey && nameOfKey(signer.publicKey) };
}

const OPERATOR = 'identity of operator "O" [o1]';
const O2 = 'signing key of operator "O" [o2]';
const O3 = 'signing key of operator "O" [o3]';
const IDENTITY = 'identity of account "A" [a1]';
const A2 = 'signing key of account "A" [a2]';
const READER = 'role "reader" of account "A" [a4]';
const SEED = 'Seed or key file to sign with';

describe('who signs', () => {
  const cases: Record<
    string,
    [command: Command, world: Given, input: Record<string, unknown>, asked: string[], signer: string | undefined]
  > = {
    'a user: its account or a signing key; the identity, unless told otherwise': [
      addUser,
      given(['a1', 'a2', 'a4']),
      {},
      [`Sign with: *${IDENTITY} / ${A2} / ${READER}`],
      'a1',
    ],
    'those whose seeds are stored, and others by their seed': [
      addUser,
      given(['a2', 'a4']),
      {},
      [`Sign with: *${A2} / ${READER} / Other…`],
      'a2',
    ],
    'one that is stored, or others': [addUser, given(['a2']), {}, [`Sign with: *${A2} / Other…`], 'a2'],
    'a user under a strict operator: a signing key': [
      addUser,
      given(['a1', 'a2', 'a4'], strict),
      {},
      [`Sign with: *${A2} / ${READER}`],
      'a2',
    ],
    'a user that is edited: who signed it before': [
      editUser,
      given(['a1', 'a2', 'a4']),
      { name: 'v' },
      [`Sign with: *${READER} / ${IDENTITY} / ${A2}`],
      'a4',
    ],
    'a new account: the operator or a signing key': [
      addAccount,
      given(['o1', 'o2', 'o3']),
      {},
      [`Sign with: *${OPERATOR} / ${O2} / ${O3}`],
      'o1',
    ],
    'an account that is edited: who signed it before': [
      editAccount,
      {
        ...given(['o1', 'o2', 'o3']),
        operators: [
          {
            operator: operator({ nats: { signing_keys: [pub('o2'), pub('o3')] } }),
            accounts: [account('A', 'a1', { by: 'o3' })],
          },
        ],
      },
      { name: 'A' },
      [`Sign with: *${O3} / ${OPERATOR} / ${O2}`],
      'o3',
    ],
    'an operator: itself or a signing key': [
      editOperator,
      given(['o1', 'o2', 'o3']),
      {},
      [`Sign with: *${OPERATOR} / ${O2} / ${O3}`],
      'o1',
    ],
    'a strict operator: a signing key, its identity only when it is chosen': [
      editOperator,
      given(['o1', 'o2', 'o3'], strict),
      {},
      [`Sign with: ${OPERATOR} / *${O2} / ${O3}`],
      'o2',
    ],
    'a strict operator whose signing keys are elsewhere: its identity only when it is chosen': [
      editOperator,
      given(['o1'], strict),
      {},
      [`Sign with: ${OPERATOR} / *Other…`, SEED],
      'o2',
    ],
    'nobody is asked when there is one and no other': [
      editAccount,
      { operators: [{ operator: operator(), accounts: [account('A', 'a1')] }] },
      { name: 'A' },
      [],
      'o1',
    ],
    'users that are revoked as they are deleted': [
      deleteUser,
      given(['o1', 'o2', 'o3']),
      { revoke: true },
      [`Sign with: *${OPERATOR} / ${O2} / ${O3}`],
      'o1',
    ],
    'nothing, when users are deleted and not revoked (E-66)': [deleteUser, given(['o1', 'o2']), {}, [], undefined],
    'an account of an operator that is managed elsewhere: as without questions': [
      editAccount,
      { operators: [{ operator: operator(), accounts: [A], managed: true }], stored: ['a1'] },
      { name: 'A' },
      [],
      undefined,
    ],
    'a new account there: itself': [
      addAccount,
      { operators: [{ operator: operator(), managed: true }], stored: [] },
      {},
      [],
      undefined,
    ],
  };
  it.each(Object.entries(cases))('%s', async (_what, [command, world, input, asked, signer]) => {
    const answers = { [SEED]: KEYS.o2.seed.reveal() };
    expect(await ask(command, world, { input, answers })).toEqual({ asked, signer });
  });
});

describe('another key', () => {
  const world = given(['a4']);
  const seed = KEYS.a2.seed.reveal();

  it.each([
    ['by its seed', seed],
    ['by a file that holds its seed', 'a2.nk'],
  ])('can be given %s', async (_what, answer) => {
    const answers = { 'Sign with': 'Other…', [SEED]: answer };
    expect(await ask(addUser, world, { answers })).toEqual({
      asked: [`Sign with: *${READER} / Other…`, SEED],
      signer: 'a2',
    });
  });

  it('is asked for at once when no seed is stored (E-36)', async () => {
    expect(await ask(addUser, given([]), { answers: { [SEED]: seed } })).toEqual({ asked: [SEED], signer: 'a2' });
  });

  it('is asked for again until it is one that may sign', async () => {
    const answers = { [SEED]: ['', 'nowhere.nk', 'junk', pub('a2'), KEYS.ax.seed.reveal(), 'a2.nk'] };
    const may = 'a1 (identity of account "A"), a2 (signing key of account "A"), a4 (role "reader" of account "A")';
    expect(await ask(addUser, given([]), { answers })).toEqual({
      asked: [
        SEED,
        '! an answer is needed',
        '! that is neither a seed nor a file with one',
        '! that is neither a seed nor a file with one',
        '! that is neither a seed nor a file with one',
        `! ax may not sign; these may: ${may}`,
      ],
      signer: 'a2',
    });
  });
});

import type { Mutation, PlanContext } from '../../src/app/command.js';
import { command as resign } from '../../src/commands/resign.js';
import { command as activate } from '../../src/commands/rotate/activate.js';
import { command as start } from '../../src/commands/rotate/start.js';
import { applyChanges } from '../../src/domain/apply.js';
import type { Change } from '../../src/domain/change.js';
import { newAccount, newOperator, newUser } from '../../src/domain/claims/new.js';
import { formatCreds } from '../../src/domain/creds/creds.js';
import type { Role } from '../../src/domain/nkey/prefix.js';
import { issue } from '../../src/domain/token/issue.js';
import { emptyTree } from '../../src/domain/tree/memory-tree.js';
import type { Tree } from '../../src/domain/tree/tree.js';
import { keyOf, NOW, OPERATOR_KEY } from '../store/fixtures.js';

/** When the key changes; the tokens are older. */
export const LATER = NOW + 100;

const accountKey = keyOf('account', 1);
const [oldKey, newKey] = [keyOf('account', 100), keyOf('account', 101)];
const [oldOperatorKey, newOperatorKey] = [keyOf('operator', 100), keyOf('operator', 101)];

type Context = Pick<PlanContext, 'tree' | 'workspace' | 'now'>;

const run = (command: Mutation<never>, { tree, workspace, now }: Context, input: object): Change[] => {
  const newKeys: Partial<Record<Role, typeof newKey>> = { account: newKey, operator: newOperatorKey };
  const context = {
    tree,
    now,
    workspace,
    newKey: (role: Role) => newKeys[role] ?? keyOf(role, 200),
  };
  return [...command.plan(context as PlanContext, input as never).changes];
};

const COMMANDS: Readonly<Record<string, (context: Context) => Change[]>> = {
  'resign everything': (context) => run(resign as never, context, { all: true }),
  'activate the key of an account': (context) => run(activate as never, context, { account: 'A' }),
  'activate the key of the operator': (context) => run(activate as never, context, { operator: true }),
};

/** What can be interrupted. */
export const ROTATIONS = Object.keys(COMMANDS);

/** What a command changes. */
export const planRotation = (command: string, context: Context): Change[] => COMMANDS[command]?.(context) ?? [];

/**
 * A store in which new keys are announced, for the operator and for account A: accounts A to D, and users of A with seeds
 * and creds, all signed by the old keys.
 */
export function announcedStore(users: number): Change[] {
  const operator = newOperator(OPERATOR_KEY.publicKey, 'O');
  const signed = issue(
    'operator',
    { ...operator, nats: { ...operator.nats, signing_keys: [oldOperatorKey.publicKey] } },
    OPERATOR_KEY,
    { now: NOW },
  );
  const accounts = ['A', 'B', 'C', 'D'].map((name, at): Change => {
    const { publicKey } = keyOf('account', at + 1);
    const claims = newAccount(publicKey, name);
    const nats = { ...claims.nats, ...(name === 'A' && { signing_keys: [oldKey.publicKey] }) };
    return { type: 'put-account', name, ...issue('account', { ...claims, nats }, oldOperatorKey, { now: NOW }) };
  });
  const seeds = [OPERATOR_KEY, oldOperatorKey, accountKey, oldKey];
  const changes: Change[] = [
    { type: 'put-operator', name: 'O', ...signed, managed: false },
    ...accounts,
    ...seeds.map(({ publicKey, seed }): Change => ({ type: 'put-seed', publicKey, seed })),
    ...Array.from({ length: users }, (_, at) => wholeUser(`u${at}`, at)).flat(),
    { type: 'select', operator: 'O', account: 'A' },
  ];
  const workspace = { selected: { operator: 'O', account: 'A' }, findKeyPair: () => undefined } as never;
  const announce = (known: readonly Change[], input: object): Change[] => {
    const tree: Tree = applyChanges(emptyTree('O'), known);
    return [...known, ...run(start as never, { tree, workspace, now: NOW + 1 }, input)];
  };
  return announce(announce(changes, { operator: true }), { account: 'A' });
}

function wholeUser(name: string, at: number): Change[] {
  const pair = keyOf('user', at + 1);
  const claims = newUser(pair.publicKey, name);
  const nats = { ...claims.nats, issuer_account: accountKey.publicKey };
  const issued = issue('user', { ...claims, nats }, oldKey, { now: NOW });
  return [
    { type: 'put-seed', publicKey: pair.publicKey, seed: pair.seed },
    { type: 'put-user', account: 'A', name, ...issued },
    { type: 'put-creds', account: 'A', user: name, creds: formatCreds(issued.token, pair) },
  ];
}

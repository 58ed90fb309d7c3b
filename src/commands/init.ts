import { mutation, type Plan, type PlanContext } from '../app/command.js';
import { reportCreds } from '../app/creds-report.js';
import { newName } from '../app/new-name.js';
import { readOperatorToken } from '../app/operator-token.js';
import { type InputOf, text } from '../app/option.js';
import { type OperatorSource, operatorSourceOption } from '../app/options/operator-source.js';
import { changed, ok, type Step } from '../app/result.js';
import { makeSystemAccount } from '../app/system-account.js';
import { putSeed } from '../app/take-key.js';
import { isTakenAccount, isTakenOperator, refuseTakenAccount, refuseTakenOperator } from '../app/taken-name.js';
import type { Workspace } from '../app/workspace.js';
import type { Change } from '../domain/change.js';
import { newAccount, newOperator, newUser } from '../domain/claims/new.js';
import { draftAccount, draftOperator, draftUser } from '../domain/draft.js';
import { checkName } from '../domain/name.js';
import type { KeyPair } from '../domain/nkey/key-pair.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const options = {
  dir: text('dir', {
    short: 'd',
    placeholder: 'DIR',
    help: 'directory that will hold the operator',
    defaultText: 'the current store',
    complete: 'directory',
    ask: {
      message: 'Directory that will hold the operator',
      type: 'input',
      default: (workspace) => workspace.storeRoot,
    },
  }),
  url: operatorSourceOption('url', {
    short: 'u',
    placeholder: 'URL',
    help: 'work under the operator whose JWT is found there',
    ask: { message: 'Operator to work under: URL, file or well-known name (empty = make an operator)', type: 'input' },
  }),
  name: text('name', {
    short: 'n',
    placeholder: 'NAME',
    help: 'name of the operator, its account and its user; * makes one up',
    ask: {
      message: 'Name for operator, account and user (* makes one up)',
      type: 'input',
      default: () => '*',
      takesDefault: true,
      check: (name, workspace, { url, remoteOperator, dir }) => {
        if (name === '*') return;
        if (url !== undefined || remoteOperator !== undefined) return void checkName('account', name);
        refuseSystemName(checkName('operator', name));
        if (dir === undefined) refuseTakenOperator(workspace, name);
      },
    },
  }),
  remoteOperator: operatorSourceOption('remote-operator', {
    short: 'o',
    placeholder: 'NAME',
    help: 'work under a well-known operator',
  }),
};

export const command = mutation({
  summary: 'Make an operator with a system account, an account and a user',
  description:
    'Everything a first server needs in one step: an operator, account SYS with user sys, and an account and a user ' +
    'that bear the name of the operator, with creds for both users. With --url or --remote-operator the operator is ' +
    'somebody else, and only the account and the user are made; its account server signs the account, where it has one.',
  options,
  conflicts: [['url', 'remoteOperator']],
  examples: [
    { command: 'nsc init --name Acme', what: 'a complete hierarchy' },
    {
      command: 'nsc generate config --mem-resolver --config-file server.conf',
      what: 'then, the configuration of a server for it',
    },
  ],

  place: (input) => ({ storeRoot: input.dir }),

  plan(context, input) {
    if (context.signer) {
      throw new NscError('conflicting-options', 'init makes all keys anew, so -K has no use there', {
        hint: 'nsc add operator NAME -K KEY takes a key that is there',
      });
    }
    const source = input.url ?? input.remoteOperator;
    if (source) return joinOperator(context, source, input);
    if (input.name === undefined && input.dir === undefined) {
      throw new NscError('missing-option', 'init needs a name for the operator', {
        hint: 'nsc init --name NAME, or nsc init -i to be asked',
      });
    }
    return makeHierarchy(context, input);
  },
});

type Input = InputOf<typeof options>;

function makeHierarchy(context: PlanContext, input: Input): Plan {
  const { workspace, now, newKey } = context;
  const name = newName('operator', input.name || '*', newKey, (made) => isTakenOperator(workspace, made));
  refuseSystemName(name);
  refuseTakenOperator(workspace, name);
  const identity = newKey('operator');
  const system = makeSystemAccount(name, identity, context);
  const fresh = newOperator(identity.publicKey, name);
  const nats = { ...fresh.nats, system_account: system.publicKey, operator_service_urls: ['nats://localhost:4222'] };
  const own = makeAccountAndUser(context, { operator: name, name, signer: identity });
  return {
    operator: name,
    changes: [
      putSeed(identity),
      { ...draftOperator(name, { ...fresh, nats }, { signer: identity, now }), managed: false },
      ...system.changes,
      ...own.changes,
      select(context, input, name, name),
    ],
    result: changed(ok(`created operator ${quote(name)} [${identity.publicKey}]`), ...system.steps, ...own.steps),
  };
}

function refuseSystemName(name: string): void {
  if (name.toUpperCase() !== 'SYS') return;
  throw new NscError(
    'bad-name',
    `the operator cannot be called ${quote(name)}: its account would take the place of the system account`,
    { hint: 'choose another name' },
  );
}

/** Under an operator of somebody else, who signs the account later (reference: nsc-core.md §8). */
function joinOperator(context: PlanContext, source: OperatorSource, input: Input): Plan {
  const { workspace, newKey } = context;
  const { token, claims } = readOperatorToken(source);
  const operator = checkName('operator', source.knownAs ?? claims.name ?? '');
  const tree = findKnownOperator(workspace, operator, claims.sub ?? '');
  const isTaken = (made: string): boolean => tree !== undefined && isTakenAccount(tree, made);
  const name = newName('account', input.name || '*', newKey, isTaken);
  if (tree) refuseTakenAccount(tree, name);
  const isStrict = claims.nats.strict_signing_key_usage ?? false;
  const own = makeAccountAndUser(context, { operator, name, isStrict });
  return {
    operator,
    changes: [
      { type: 'put-operator', name: operator, token, claims, ...(!tree && { managed: true }) },
      ...own.changes,
      select(context, input, operator, name),
    ],
    result: changed(ok(`imported operator ${quote(operator)}`), ...own.steps),
  };
}

/** The operator, when it is in the store already. One that is made here signs its accounts itself. */
function findKnownOperator(workspace: Workspace, name: string, publicKey: string): Tree | undefined {
  if (!workspace.operatorNames().includes(name)) {
    refuseTakenOperator(workspace, name);
    return undefined;
  }
  const tree = workspace.tree(name);
  const isOther = tree.operator.claims.sub !== publicKey;
  if (!isOther && tree.managed) return tree;
  const why = isOther ? `is another one: ${tree.operator.claims.sub}` : 'was made here';
  throw new NscError('already-exists', `operator ${quote(name)} in ${workspace.storeRoot} ${why}`, {
    hint: isOther ? 'choose another store with --dir DIR' : 'add an account to it with: nsc add account NAME',
  });
}

interface Making {
  /** The name of the operator. */
  readonly operator: string;
  /** The name of both account and user. */
  readonly name: string;
  /** Who signs the account; absent = the account itself. */
  readonly signer?: KeyPair;
  /** Whether the operator wants users to be signed by a signing key. */
  readonly isStrict?: boolean;
}

function makeAccountAndUser(
  { workspace, now, newKey }: PlanContext,
  { operator, name, signer, isStrict = false }: Making,
): { changes: Change[]; steps: Step[] } {
  const account = newKey('account');
  const user = newKey('user');
  const signingKeys = isStrict ? [newKey('account')] : [];
  const fresh = newAccount(account.publicKey, name);
  const claims = { ...fresh, nats: { ...fresh.nats, signing_keys: signingKeys.map(({ publicKey }) => publicKey) } };
  const target = { account: { name, claims }, name };
  const userSigner = signingKeys[0] ?? account;
  return {
    changes: [
      ...[account, user, ...signingKeys].map(putSeed),
      draftAccount(name, claims, { signer: signer ?? account, now }),
      ...draftUser(target, newUser(user.publicKey, name), { signer: userSigner, now, pair: user }),
    ],
    steps: [
      ok(`created account ${quote(name)} [${account.publicKey}]`),
      ok(`created user ${quote(name)} [${user.publicKey}]`),
      reportCreds(workspace, { operator, account: name, name }, true),
    ],
  };
}

const select = ({ workspace }: PlanContext, { dir }: Input, operator: string, account: string): Change => ({
  type: 'select',
  operator,
  account,
  ...(dir !== undefined && { storeRoot: workspace.storeRoot }),
});

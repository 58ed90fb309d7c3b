import { mutation, type Plan, type PlanContext } from '../app/command.js';
import { newName } from '../app/new-name.js';
import { readOperatorToken, refuseTakenOperator } from '../app/operator-store.js';
import { type InputOf, text } from '../app/option.js';
import { operatorSourceOption } from '../app/options/operator-source.js';
import { changed, ok, type Step } from '../app/result.js';
import { makeSystemAccount } from '../app/system-account.js';
import { takeKey } from '../app/take-key.js';
import type { Change } from '../domain/change.js';
import { newAccount, newOperator, newUser } from '../domain/claims/new.js';
import { draftAccount, draftOperator, draftUser } from '../domain/draft.js';
import { checkName } from '../domain/name.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const options = {
  dir: text('dir', {
    short: 'd',
    placeholder: 'DIR',
    help: 'directory that will hold the operator',
    defaultText: 'the current store',
    complete: 'directory',
  }),
  name: text('name', {
    short: 'n',
    placeholder: 'NAME',
    help: 'name of the operator, its account and its user; * makes one up',
    ask: { message: 'Name of the operator', type: 'input' },
  }),
  url: operatorSourceOption('url', {
    short: 'u',
    placeholder: 'URL',
    help: 'work under the operator whose JWT is found there',
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
    'somebody else, and only the account and the user are made.',
  options,
  conflicts: [['url', 'remoteOperator']],
  examples: [
    { command: 'nsc init --name Acme', what: 'a complete hierarchy' },
    {
      command: 'nsc generate config --mem-resolver --config-file server.conf',
      what: 'then, the configuration of a server for it',
    },
  ],

  storeRoot: (input) => input.dir,

  plan(context, input) {
    const source = input.url ?? input.remoteOperator;
    if (source) return joinOperator(context, input);
    if (input.name === undefined && input.dir === undefined) {
      throw new NscError('missing-option', 'init needs a name for the operator', {
        hint: 'nsc init --name NAME, or nsc init -i to be asked',
      });
    }
    return makeHierarchy(context, input);
  },
});

function makeHierarchy(context: PlanContext, input: InputOf<typeof options>): Plan {
  const { workspace, now, newKey } = context;
  const name = newName('operator', input.name || '*', newKey);
  if (name.toUpperCase() === 'SYS') {
    throw new NscError(
      'bad-name',
      `the operator cannot be called ${quote(name)}: its account would take the place of the system account`,
    );
  }
  refuseTakenOperator(workspace, name);
  const identity = takeKey('operator', undefined, newKey);
  const signer = identity.pair;
  if (signer === undefined) throw new NscError('bug', 'a generated key has no seed');
  const system = makeSystemAccount(signer, { now, newKey });
  const fresh = newOperator(identity.publicKey, name);
  const nats = { ...fresh.nats, system_account: system.publicKey, operator_service_urls: ['nats://localhost:4222'] };
  const own = makeAccountAndUser(context, name, name);
  return {
    operator: name,
    changes: [
      ...identity.changes,
      { ...draftOperator(name, { ...fresh, nats }, { signer, now }), managed: false } as Change,
      ...system.changes,
      ...own.changes(signer),
      {
        type: 'select',
        operator: name,
        account: name,
        ...(input.dir !== undefined && { storeRoot: workspace.storeRoot }),
      },
    ],
    result: changed(ok(`created operator ${quote(name)} [${identity.publicKey}]`), ...system.steps, ...own.steps),
  };
}

function joinOperator(context: PlanContext, input: InputOf<typeof options>): Plan {
  const { workspace, newKey } = context;
  const source = input.url ?? input.remoteOperator;
  const { token, claims } = readOperatorToken(source);
  const operator = checkName('operator', source?.knownAs ?? claims.name ?? '');
  const name = newName('account', input.name || '*', newKey);
  const known = workspace.operatorNames().includes(operator);
  if (known) {
    const tree = workspace.tree(operator);
    if (tree.operator.claims.sub !== claims.sub) {
      throw new NscError(
        'already-exists',
        `operator ${quote(operator)} in ${workspace.storeRoot} is another one: ${tree.operator.claims.sub}`,
        {
          hint: 'choose another store with --dir DIR',
        },
      );
    }
    if (tree.findAccount(name)) {
      throw new NscError('already-exists', `account ${quote(name)} already exists under operator ${quote(operator)}`, {
        hint: 'choose another name',
      });
    }
  }
  const own = makeAccountAndUser(context, operator, name);
  return {
    operator,
    changes: [
      { type: 'put-operator', name: operator, token, claims, ...(!known && { managed: true }) },
      ...own.changes(own.accountPair),
      { type: 'select', operator, account: name, ...(input.dir !== undefined && { storeRoot: workspace.storeRoot }) },
    ],
    warnings: [
      `account ${quote(name)} is signed by its own key: operator ${quote(operator)} has to sign it before servers accept it`,
    ],
    result: changed(ok(`imported operator ${quote(operator)}`), ...own.steps),
  };
}

function makeAccountAndUser({ workspace, now, newKey }: PlanContext, operator: string, name: string) {
  const account = newKey('account');
  const user = newKey('user');
  const steps: Step[] = [
    ok(`created account ${quote(name)} [${account.publicKey}]`),
    ok(`created user ${quote(name)} [${user.publicKey}]`),
    ok(`generated user creds file \`${workspace.credsPath(operator, name, name)}\``),
  ];
  const changes = (signer: typeof account): Change[] => [
    { type: 'put-seed', publicKey: account.publicKey, seed: account.seed },
    { type: 'put-seed', publicKey: user.publicKey, seed: user.seed },
    draftAccount(name, newAccount(account.publicKey, name), { signer, now }),
    ...draftUser({ account: name, name, accountKey: account.publicKey }, newUser(user.publicKey, name), {
      signer: account,
      now,
      pair: user,
    }),
  ];
  return { accountPair: account, changes, steps };
}

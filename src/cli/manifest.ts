import type { Command } from '../app/command.js';

/** A command that does something; its module is loaded only when it runs. */
export interface Leaf {
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly hidden?: true;
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** A word that only leads to other commands. */
export interface Group {
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly hidden?: true;
  readonly children: Readonly<Record<string, Leaf | Group>>;
}

const leaf = (summary: string, load: Leaf['load'], aliases?: string[]): Leaf => ({
  summary,
  load,
  ...(aliases && { aliases }),
});

const group = (summary: string, children: Group['children'], aliases?: string[]): Group => ({
  summary,
  children,
  ...(aliases && { aliases }),
});

const shell = (name: 'bash' | 'zsh' | 'fish' | 'powershell'): Leaf =>
  leaf(`Print the completion script for ${name}`, async () => ({
    command: (await import('./completion-scripts.js')).completionCommand(name),
  }));

/** Every command there is. */
export const manifest: Group = group('Manage the operators, accounts, users and keys that secure NATS', {
  init: leaf('Make an operator with a system account, an account and a user', () => import('../commands/init.js')),
  add: group(
    'Add operators, accounts and users',
    {
      operator: leaf('Add an operator: made here or imported', () => import('../commands/add/operator.js')),
      account: leaf('Add an account to the operator', () => import('../commands/add/account.js')),
      user: leaf('Add a user to an account', () => import('../commands/add/user.js')),
    },
    ['create'],
  ),
  edit: group('Change operators, accounts and users', {
    operator: leaf('Change the operator', () => import('../commands/edit/operator.js')),
    account: leaf('Change an account', () => import('../commands/edit/account.js')),
    user: leaf('Change a user', () => import('../commands/edit/user.js')),
  }),
  delete: group('Delete accounts and users', {
    account: leaf('Delete an account and its users', () => import('../commands/delete/account.js')),
    user: leaf('Delete users of an account', () => import('../commands/delete/user.js')),
  }),
  describe: group('Show what a token says', {
    operator: leaf('Show an operator', () => import('../commands/describe/operator.js')),
    account: leaf('Show an account', () => import('../commands/describe/account.js')),
    user: leaf('Show a user', () => import('../commands/describe/user.js')),
    jwt: leaf('Show a JWT from a file', () => import('../commands/describe/jwt.js')),
  }),
  list: group('List operators, accounts, users and keys', {
    operators: leaf('List the operators of the store', () => import('../commands/list/operators.js'), ['operator']),
    accounts: leaf('List the accounts of an operator', () => import('../commands/list/accounts.js'), ['account']),
    users: leaf('List the users of an account', () => import('../commands/list/users.js'), ['user']),
    keys: leaf(
      'List keys: whose they are and whether their seeds are stored',
      () => import('../commands/list/keys.js'),
      ['key'],
    ),
  }),
  select: group('Choose what other commands work on', {
    operator: leaf('Select the operator that commands work on', () => import('../commands/select/operator.js')),
    account: leaf('Select the account that commands work on', () => import('../commands/select/account.js')),
  }),
  env: leaf('Show or change what is selected: store, operator, account', () => import('../commands/env.js')),
  validate: leaf('Check every rule and every link of the chain of trust', () => import('../commands/validate.js')),
  generate: group('Generate creds, keys and server configuration', {
    creds: leaf('Write the creds of a user: JWT and seed in one file', () => import('../commands/generate/creds.js')),
    nkey: leaf('Generate key pairs', () => import('../commands/generate/nkey.js')),
    config: leaf(
      'Write the configuration of a nats-server for the operator',
      () => import('../commands/generate/config.js'),
    ),
  }),
  import: group('Bring in keys', {
    keys: leaf('Copy seeds into the keystore', () => import('../commands/import/keys.js')),
  }),
  keys: group('Look after the keystore', {
    migrate: leaf('File a keystore of an old layout anew', () => import('../commands/keys/migrate.js')),
  }),
  completion: group('Print a completion script for a shell', {
    bash: shell('bash'),
    zsh: shell('zsh'),
    fish: shell('fish'),
    powershell: shell('powershell'),
  }),
});

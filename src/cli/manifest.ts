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

const TOOLS = {
  pub: leaf('Publish a message as a user', () => import('../commands/tool/pub.js')),
  sub: leaf('Show the messages of a subject as a user sees them', () => import('../commands/tool/sub.js')),
  req: leaf('Send a request as a user and show the answer', () => import('../commands/tool/req.js')),
  reply: leaf('Answer the requests of a subject as a user', () => import('../commands/tool/reply.js')),
  rtt: leaf('Measure the round trip to a server and back', () => import('../commands/tool/rtt.js')),
};

/** nsc had the tools at the root once, and still has copies there. */
const hiddenAtTheRoot = (leaves: Readonly<Record<string, Leaf>>): Record<string, Leaf> =>
  Object.fromEntries(Object.entries(leaves).map(([name, node]) => [name, { ...node, hidden: true as const }]));

/** Every command there is. */
export const manifest: Group = group('Manage the operators, accounts, users and keys that secure NATS', {
  init: leaf('Make an operator with a system account, an account and a user', () => import('../commands/init.js')),
  add: group(
    'Add operators, accounts, users and what accounts share',
    {
      operator: leaf('Add an operator: made here or imported', () => import('../commands/add/operator.js')),
      account: leaf('Add an account to the operator', () => import('../commands/add/account.js')),
      user: leaf('Add a user to an account', () => import('../commands/add/user.js')),
      mapping: leaf('Map a subject to others, by weight', () => import('../commands/add/mapping.js')),
      export: leaf('Share subjects of an account with others', () => import('../commands/add/export.js')),
      import: leaf('Import a stream or service of another account', () => import('../commands/add/import.js')),
    },
    ['create'],
  ),
  edit: group('Change operators, accounts, users and what accounts share', {
    operator: leaf('Change the operator', () => import('../commands/edit/operator.js')),
    account: leaf('Change an account', () => import('../commands/edit/account.js')),
    user: leaf('Change a user', () => import('../commands/edit/user.js')),
    export: leaf('Change an export of an account', () => import('../commands/edit/export.js')),
    authcallout: leaf('Change the auth callout of an account', () => import('../commands/edit/authcallout.js')),
    'signing-key': leaf(
      'Change a scoped signing key: its role and what its users may do',
      () => import('../commands/edit/signing-key.js'),
    ),
  }),
  delete: group('Delete accounts, users and what accounts share', {
    account: leaf('Delete an account and its users', () => import('../commands/delete/account.js')),
    user: leaf('Delete users of an account', () => import('../commands/delete/user.js')),
    mapping: leaf('Remove subject mappings', () => import('../commands/delete/mapping.js')),
    export: leaf('Delete an export of an account', () => import('../commands/delete/export.js')),
    import: leaf('Delete an import of an account', () => import('../commands/delete/import.js')),
  }),
  describe: group('Show what a token says', {
    operator: leaf('Show an operator', () => import('../commands/describe/operator.js')),
    account: leaf('Show an account', () => import('../commands/describe/account.js')),
    user: leaf('Show a user', () => import('../commands/describe/user.js')),
    role: leaf('Show a role: what it gives and to whom', () => import('../commands/describe/role.js')),
    jwt: leaf('Show a JWT from a file', () => import('../commands/describe/jwt.js')),
  }),
  list: group('List operators, accounts, users, roles and keys', {
    operators: leaf('List the operators of the store', () => import('../commands/list/operators.js'), ['operator']),
    accounts: leaf('List the accounts of an operator', () => import('../commands/list/accounts.js'), ['account']),
    users: leaf('List the users of an account', () => import('../commands/list/users.js'), ['user']),
    roles: leaf('List the roles of an account', () => import('../commands/list/roles.js'), ['role']),
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
  revocations: group('Revoke users and activations', {
    'add-user': leaf('Revoke a user, or all users of an account', () => import('../commands/revocations/add-user.js'), [
      'add_user',
    ]),
    'delete-user': leaf(
      'Take a user off the list of revoked users',
      () => import('../commands/revocations/delete-user.js'),
      ['delete_user'],
    ),
    'list-users': leaf('List the revoked users of an account', () => import('../commands/revocations/list-users.js'), [
      'list_users',
    ]),
    add_activation: leaf(
      'Revoke the activation of an account, or of all accounts',
      () => import('../commands/revocations/add_activation.js'),
      ['add-activation'],
    ),
    delete_activation: leaf(
      'Take an account off the list of revoked activations',
      () => import('../commands/revocations/delete_activation.js'),
      ['delete-activation'],
    ),
    list_activations: leaf(
      'List the accounts whose activations for an export are revoked',
      () => import('../commands/revocations/list_activations.js'),
      ['list-activations'],
    ),
    compact: leaf('Drop revocations that decide nothing', () => import('../commands/revocations/compact.js')),
  }),
  pull: leaf('Get accounts from servers', () => import('../commands/pull.js')),
  diff: leaf('Compare accounts with those on servers', () => import('../commands/diff.js')),
  env: leaf('Show or change what is selected: store, operator, account', () => import('../commands/env.js')),
  expirations: leaf('Tell what has expired and what soon will', () => import('../commands/expirations.js')),
  explain: group('Tell why servers do what they do', {
    creds: leaf('Tell why a server refuses creds, or that it does not', () => import('../commands/explain/creds.js')),
  }),
  validate: leaf('Check every rule and every link of the chain of trust', () => import('../commands/validate.js')),
  verify: leaf('Check whether a JWT or creds file is to be trusted', () => import('../commands/verify.js')),
  generate: group('Generate creds, activations, keys, configuration and diagrams', {
    creds: leaf('Write the creds of a user: JWT and seed in one file', () => import('../commands/generate/creds.js')),
    activation: leaf('Let an account import a private export', () => import('../commands/generate/activation.js')),
    nkey: leaf('Generate key pairs', () => import('../commands/generate/nkey.js')),
    config: leaf(
      'Write the configuration of a nats-server for the operator',
      () => import('../commands/generate/config.js'),
    ),
    context: leaf('Write a context of the nats tool for a user', () => import('../commands/generate/context.js')),
    profile: leaf('Tell other programs where creds and servers are', () => import('../commands/generate/profile.js')),
    jwks: leaf(
      'Write the public keys that verify JWTs, as a JSON Web Key Set',
      () => import('../commands/generate/jwks.js'),
    ),
    diagram: group('Draw the operator for PlantUML or Mermaid', {
      component: leaf(
        'Draw what accounts export and import',
        () => import('../commands/generate/diagram/component.js'),
      ),
      object: leaf('Draw who signed whom', () => import('../commands/generate/diagram/object.js')),
    }),
  }),
  reissue: group('Sign anew under another identity', {
    operator: leaf('Give an operator a new identity key', () => import('../commands/reissue/operator.js')),
  }),
  rotate: group('Replace signing keys and identities without a gap', {
    start: leaf('Announce the key that is to come', () => import('../commands/rotate/start.js')),
    activate: leaf(
      'Let the announced key sign, and sign anew what the old one signed',
      () => import('../commands/rotate/activate.js'),
    ),
    finish: leaf('Take the old key out', () => import('../commands/rotate/finish.js')),
    abort: leaf('Go back to the old key', () => import('../commands/rotate/abort.js')),
    now: leaf('Replace a key in one go', () => import('../commands/rotate/now.js')),
    plan: leaf(
      'Tell what rotating a key would change, and what to do in which order',
      () => import('../commands/rotate/plan.js'),
    ),
    status: leaf(
      'Tell which rotations are under way, and what comes next',
      () => import('../commands/rotate/status.js'),
    ),
    auto: leaf('Take every step of a rotation that is due; for cron', () => import('../commands/rotate/auto.js')),
  }),
  resign: leaf('Sign accounts, users and activations anew', () => import('../commands/resign.js')),
  compromise: leaf('Replace a key at once that somebody else may have', () => import('../commands/compromise.js')),
  rename: {
    ...group('Give something another name', {
      account: leaf('Give an account another name', () => import('../commands/rename/account.js')),
    }),
    hidden: true,
  },
  import: group('Take in accounts, users and keys', {
    account: leaf('Take in an account from a file', () => import('../commands/import/account.js')),
    user: leaf('Take in a user from a JWT or creds file', () => import('../commands/import/user.js')),
    key: leaf('Store a private key that another program has made', () => import('../commands/import/key.js')),
    keys: leaf('Copy seeds into the keystore', () => import('../commands/import/keys.js')),
  }),
  export: group('Copy keys out of the keystore', {
    key: leaf('Write a key as other programs read it', () => import('../commands/export/key.js')),
    keys: leaf('Copy seeds out of the keystore into files', () => import('../commands/export/keys.js')),
  }),
  load: leaf('Set up operator, account and user from the seed of an account', () => import('../commands/load.js')),
  migrate: {
    ...leaf('Copy accounts of another operator to this one', () => import('../commands/migrate.js')),
    hidden: true,
  },
  keys: group('Look after keys: their lives, their names and the keystore', {
    list: leaf(
      'List keys: where they are in their lives and what they signed',
      () => import('../commands/keys/list.js'),
    ),
    show: leaf('Show a key: its life, its seed and what it signed', () => import('../commands/keys/show.js')),
    alias: leaf('Give a key another name', () => import('../commands/keys/alias.js')),
    note: leaf('Write something down about a key', () => import('../commands/keys/note.js')),
    expire: leaf('Say when a key should be replaced', () => import('../commands/keys/expire.js')),
    lock: leaf('Encrypt the seeds in the keystore', () => import('../commands/keys/lock.js')),
    unlock: leaf('Keep seeds in the keystore without encryption again', () => import('../commands/keys/unlock.js')),
    passwd: leaf('Change what opens the keystore', () => import('../commands/keys/passwd.js')),
    migrate: leaf('File a keystore of an old layout anew', () => import('../commands/keys/migrate.js')),
  }),
  fix: {
    ...leaf('Rebuild stores from JWTs and seeds that lie around', () => import('../commands/fix.js')),
    hidden: true,
  },
  'upgrade-jwt': {
    ...leaf('Bring the JWT of an old operator up to date', () => import('../commands/upgrade-jwt.js')),
    hidden: true,
  },
  push: leaf('Send accounts to the servers, or delete them there', () => import('../commands/push.js')),
  serve: leaf('Answer servers that ask for accounts over HTTP', () => import('../commands/serve.js')),
  tool: group('Try what a user may do: publish, subscribe, request', TOOLS),
  ...hiddenAtTheRoot(TOOLS),
  update: leaf('Say how this installation is updated', () => import('../commands/update.js')),
  completion: group('Print a completion script for a shell', {
    bash: shell('bash'),
    zsh: shell('zsh'),
    fish: shell('fish'),
    powershell: shell('powershell'),
  }),
});

import { query } from '../../app/command.js';
import { flag, text } from '../../app/option.js';
import { outputFile } from '../../app/options/output-file.js';
import { memoryResolverConfig, natsResolverConfig } from '../../app/server-config.js';
import { getAccount, systemAccountName } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'Write the configuration of a nats-server for the operator',
  description:
    'One kind of resolver has to be chosen. --mem-resolver puts every account JWT into the configuration: simple, ' +
    'but the server has to be reloaded for every change. --nats-resolver lets servers keep all accounts in a ' +
    'directory and take changes while they run; --nats-resolver-cache keeps only those in use. ' +
    'The result has no listen addresses: use it alone or include it in a configuration of your own.',
  options: {
    memResolver: flag('mem-resolver', { help: 'all account JWTs in the configuration' }),
    natsResolver: flag('nats-resolver', { help: 'all account JWTs in a directory of the server' }),
    natsResolverCache: flag('nats-resolver-cache', { help: 'account JWTs in use in a directory of the server' }),
    configFile: text('config-file', {
      placeholder: 'FILE',
      help: 'write to this file (mode 0600)',
      defaultText: 'standard output',
      complete: 'file',
    }),
    force: flag('force', { short: 'F', help: 'replace the file if it is there' }),
    sysAccount: text('sys-account', {
      placeholder: 'ACCOUNT',
      help: 'system account, by name or public key',
      defaultText: 'the system account of the operator',
      complete: 'account',
    }),
  },
  conflicts: [['memResolver', 'natsResolver', 'natsResolverCache']],
  examples: [
    {
      command: 'nsc generate config --mem-resolver --config-file server.conf',
      what: 'then: nats-server -c server.conf',
    },
    {
      command: 'nsc generate config --nats-resolver --sys-account SYS',
      what: 'for servers that take changes while they run',
    },
  ],

  run({ tree }, input) {
    requireAuthentic('operator', tree.operator);
    const system = findSystemAccount(tree, input.sysAccount);
    if (system) requireAuthentic('account', system);
    return {
      kind: 'emitted',
      what: 'server configuration',
      content: chooseConfig(tree, system, input),
      ...outputFile(input.configFile),
      replace: input.force ?? false,
      data: { operator: tree.operator.name, ...(system && { system_account: system.claims.sub }) },
    };
  },
});

interface Choice {
  readonly memResolver: boolean | undefined;
  readonly natsResolver: boolean | undefined;
  readonly natsResolverCache: boolean | undefined;
}

function chooseConfig(
  tree: Tree,
  system: AccountEntry | undefined,
  { memResolver, natsResolver, natsResolverCache }: Choice,
): string {
  if (memResolver) {
    const accounts = tree.accountNames().flatMap((name) => tree.findAccount(name) ?? []);
    if (accounts.length === 0) {
      throw new NscError(
        'account-not-found',
        `operator ${quote(tree.operator.name)} has no accounts, so no user could connect`,
        { hint: 'add one with: nsc add account NAME' },
      );
    }
    for (const account of accounts) requireAuthentic('account', account);
    return memoryResolverConfig(tree.operator, accounts, system?.claims.sub ?? operatorsSystemAccount(tree));
  }
  if (!natsResolver && !natsResolverCache) {
    throw new NscError('missing-option', 'no kind of resolver was chosen', {
      hint: 'choose --mem-resolver, --nats-resolver or --nats-resolver-cache',
    });
  }
  if (system === undefined) {
    throw new NscError(
      'account-not-found',
      'a NATS resolver needs a system account, and the operator has none in this store',
      {
        hint: 'name one with --sys-account ACCOUNT, or set it with: nsc edit operator --system-account ACCOUNT',
      },
    );
  }
  return natsResolverConfig(natsResolver ? 'full' : 'cache', tree.operator, system);
}

/** Its key counts even where its JWT is not in this store. */
const operatorsSystemAccount = (tree: Tree): string | undefined =>
  tree.operator.claims.nats.system_account || undefined;

function findSystemAccount(tree: Tree, given: string | undefined): AccountEntry | undefined {
  if (given !== undefined) return getAccount(tree, given, '');
  const name = systemAccountName(tree);
  return name === undefined ? undefined : tree.findAccount(name);
}

import { query } from '../../app/command.js';
import { flag, text } from '../../app/option.js';
import { outputFile } from '../../app/options/output-file.js';
import { serverSettingsOptions, settingsOf, urlResolverOption } from '../../app/options/server-settings.js';
import {
  type DirectoryResolver,
  memoryResolverConfig,
  natsResolverConfig,
  serverSettings,
  urlResolverConfig,
} from '../../app/server-config.js';
import { getAccount, systemAccountName } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { verifyAccount } from '../../domain/trust/verify.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';

export const command = query({
  summary: 'Write the configuration of a nats-server for the operator',
  description:
    'One kind of resolver has to be chosen. --mem-resolver puts every account JWT into the configuration: simple, ' +
    'but the server has to be reloaded for every change. --nats-resolver lets servers keep all accounts in a ' +
    'directory and take changes while they run; --nats-resolver-cache keeps only those in use. With --url-resolver ' +
    'they ask an account server. Without options for them the result has neither listen addresses nor a cluster: use ' +
    'it alone or include it in a configuration of your own.',
  options: {
    memResolver: flag('mem-resolver', { help: 'all account JWTs in the configuration' }),
    natsResolver: flag('nats-resolver', { help: 'all account JWTs in a directory of the server' }),
    natsResolverCache: flag('nats-resolver-cache', { help: 'account JWTs in use in a directory of the server' }),
    urlResolver: urlResolverOption,
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
    ...serverSettingsOptions,
  },
  conflicts: [['memResolver', 'natsResolver', 'natsResolverCache', 'urlResolver']],
  examples: [
    {
      command: 'nsc generate config --mem-resolver --config-file server.conf',
      what: 'then: nats-server -c server.conf',
    },
    {
      command: 'nsc generate config --nats-resolver --sys-account SYS',
      what: 'for servers that take changes while they run',
    },
    {
      command: 'nsc generate config --url-resolver http://127.0.0.1:9090/jwt/v1/accounts/',
      what: 'for servers that ask nsc serve',
    },
    {
      command:
        'nsc generate config --nats-resolver --server-name S1 --listen 0.0.0.0:4222 --cluster-name C --cluster-listen 0.0.0.0:6222 --route nats://s2:6222,nats://s3:6222',
      what: 'for one of three servers',
    },
  ],

  run({ tree }, input) {
    requireAuthentic('operator', tree.operator);
    const settings = settingsOf(input);
    const system = findSystemAccount(tree, input.sysAccount);
    if (system) requireTrusted(system, tree);
    const accounts = input.memResolver ? readAccounts(tree) : [];
    const warnings = accounts.flatMap((account) => untrusted(account, tree)?.message ?? []);
    return {
      kind: 'emitted',
      what: 'server configuration',
      content: serverSettings(settings) + chooseConfig(tree, { system, accounts }, input),
      ...(warnings.length > 0 && { warnings }),
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
  readonly urlResolver: string | undefined;
  readonly resolverDir: string | undefined;
  readonly allowDelete: boolean | undefined;
}

interface Accounts {
  readonly system: AccountEntry | undefined;
  /** All of them, for a configuration that holds them. */
  readonly accounts: readonly AccountEntry[];
}

function chooseConfig(tree: Tree, { system, accounts }: Accounts, choice: Choice): string {
  refuseUnused(choice);
  const { memResolver, natsResolver, natsResolverCache, urlResolver } = choice;
  const systemKey = system?.claims.sub ?? operatorsSystemAccount(tree);
  if (memResolver) return memoryResolverConfig(tree.operator, accounts, systemKey);
  if (urlResolver !== undefined) return urlResolverConfig(tree.operator, urlResolver, systemKey);
  if (!natsResolver && !natsResolverCache) {
    throw new NscError('missing-option', 'no kind of resolver was chosen', {
      hint: 'choose --mem-resolver, --nats-resolver, --nats-resolver-cache or --url-resolver URL',
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
  const resolver: DirectoryResolver = {
    type: natsResolver ? 'full' : 'cache',
    directory: choice.resolverDir ?? './jwt',
    allowDelete: choice.allowDelete ?? false,
  };
  return natsResolverConfig(resolver, tree.operator, system);
}

/** Options that another kind of resolver has no use for: servers refuse them, or know nothing of them. */
function refuseUnused({ natsResolver, natsResolverCache, resolverDir, allowDelete }: Choice): void {
  if (resolverDir !== undefined && !natsResolver && !natsResolverCache) {
    throw new NscError('conflicting-options', '--resolver-dir is for --nats-resolver and --nats-resolver-cache');
  }
  if (allowDelete && !natsResolver) {
    throw new NscError('conflicting-options', '--allow-delete is for --nats-resolver: no other one can be told that');
  }
}

/** @throws NscError `account-not-found` when there is none, `bad-token` for one that does not hold what was signed */
function readAccounts(tree: Tree): AccountEntry[] {
  const accounts = tree.accountNames().flatMap((name) => tree.findAccount(name) ?? []);
  if (accounts.length === 0) {
    throw new NscError(
      'account-not-found',
      `operator ${quote(tree.operator.name)} has no accounts, so no user could connect`,
      { hint: 'add one with: nsc add account NAME' },
    );
  }
  for (const account of accounts) requireAuthentic('account', account);
  return accounts;
}

/**
 * A server does not start without a system account that it trusts.
 *
 * @throws NscError `bad-token`, `broken-chain`
 */
function requireTrusted(account: AccountEntry, tree: Tree): void {
  requireAuthentic('account', account);
  const refusal = untrusted(account, tree);
  if (refusal) throw refusal;
}

/**
 * Why servers refuse an account: it waits for an operator who is managed elsewhere (S-19), or the key that signed it is
 * no longer trusted. That must not keep anybody from giving servers the operator as it is now.
 */
function untrusted(account: AccountEntry, { operator, managed }: Tree): NscError | undefined {
  const refusal = verifyAccount(account, operator, { signatures: false });
  if (!refusal) return undefined;
  const name = quoteWord(account.name);
  return new NscError('broken-chain', `${refusal.message}, so servers refuse it`, {
    hint: managed
      ? `let the operator sign it: nsc push --account ${name}; then nsc pull --account ${name}`
      : `sign it anew: nsc edit account ${name} --tag TAG`,
    details: { kind: 'account', name: account.name, refusal: refusal.code, link: refusal.link },
  });
}

/** Its key counts even where its JWT is not in this store. */
const operatorsSystemAccount = (tree: Tree): string | undefined =>
  tree.operator.claims.nats.system_account || undefined;

function findSystemAccount(tree: Tree, given: string | undefined): AccountEntry | undefined {
  if (given !== undefined) return getAccount(tree, given, '');
  const name = systemAccountName(tree);
  return name === undefined ? undefined : tree.findAccount(name);
}

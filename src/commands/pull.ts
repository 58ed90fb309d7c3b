import { mutation, type TaskContext } from '../app/command.js';
import { fetchAccount, fetchAll } from '../app/distribution/fetch-accounts.js';
import { connectAs } from '../app/distribution/open-resolver.js';
import { type Pulled, planPull } from '../app/distribution/plan-pull.js';
import { asking, flag, type InputOf } from '../app/option.js';
import { accountOption, accountQuestion } from '../app/options/account.js';
import { reachOf, reachOptions } from '../app/options/reach.js';
import { sourceUrlOption } from '../app/options/server-url.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { getAccount } from '../domain/tree/lookup.js';
import { findReadable } from '../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../domain/tree/tree.js';

const options = {
  all: flag('all', {
    short: 'A',
    help: 'everything: the operator and its accounts',
    ask: { message: 'Pull the operator and all accounts?', type: 'confirm', default: () => 'true', takesDefault: true },
  }),
  account: asking(accountOption, { ...accountQuestion, when: (_workspace, { all }) => all !== true }),
  overwriteNewer: flag('overwrite-newer', {
    short: 'F',
    help: 'take what servers have although what is here is newer, or damaged',
  }),
  url: sourceUrlOption,
  ...reachOptions,
};

type Input = InputOf<typeof options>;

export const command = mutation<typeof options, [Pulled]>({
  summary: 'Get accounts from servers',
  description:
    'Fetches the JWT of an account, or of all, from servers of NATS or an account server, which gives the operator, too. ' +
    'What arrives is kept only when the operator signed it, it is about the account that was asked for, and not older than ' +
    'what is here. What it replaces is kept in the directory .history of the operator. Accounts that no server has stay.',
  options,
  conflicts: [['all', 'account']],
  examples: [
    { command: 'nsc pull --all', what: 'everything that the servers of the operator have' },
    { command: 'nsc pull --account Orders --dry-run', what: 'what would change in one account' },
  ],

  async fetch(context, input) {
    // before anybody connects: an account that is not here cannot be asked for by name
    const key = input.all ? undefined : keyOf(context, input);
    const { resolver, user } = await connectAs(
      context,
      reachOf(input, context.ports.env, input.url),
      'nsc_pull',
      'reads',
    );
    try {
      const fetched = await (key === undefined
        ? fetchAll(resolver, readAccounts(context.tree), context)
        : fetchAccount(resolver, key));
      return [{ ...fetched, ...(user && { user: user.what }), dryRun: context.dryRun }];
    } finally {
      await resolver.close();
    }
  },

  plan: (context, { overwriteNewer = false }, pulled) => planPull(context, pulled, overwriteNewer),
});

/** A public key may be that of an account which is not here yet. */
function keyOf({ tree, workspace }: TaskContext, { account }: Input): string {
  if (account !== undefined && isPublicKey(account, 'account')) return account;
  return getAccount(tree, account, workspace.selected.account).claims.sub ?? '';
}

const readAccounts = (tree: Tree): AccountEntry[] =>
  tree.accountNames().flatMap((name) => findReadable(() => tree.findAccount(name)) ?? []);

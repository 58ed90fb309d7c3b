import { type TaskContext, task } from '../app/command.js';
import { checkBeforePush } from '../app/distribution/check-before-push.js';
import { compareAccounts } from '../app/distribution/compare.js';
import { type Deleted, prune, removeOne } from '../app/distribution/delete-on-servers.js';
import { getRemovalSigner } from '../app/distribution/delete-request.js';
import { connectAs } from '../app/distribution/open-resolver.js';
import { pushAccounts } from '../app/distribution/push-accounts.js';
import { answerPush } from '../app/distribution/push-answer.js';
import { failureOfPush } from '../app/distribution/push-failure.js';
import { getRemovalTarget, systemAccountsOf } from '../app/distribution/removals.js';
import { tellResigned } from '../app/distribution/resigned.js';
import { getResolverUrl, isAccountServerUrl } from '../app/distribution/resolver-url.js';
import { asking, flag, type InputOf, text } from '../app/option.js';
import { accountOption, accountQuestion } from '../app/options/account.js';
import { reachOf, reachOptions } from '../app/options/reach.js';
import { serverUrlOption } from '../app/options/server-url.js';
import type { Resolver } from '../app/resolver.js';
import type { Synced } from '../app/result.js';
import { getAccount } from '../domain/tree/lookup.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

const options = {
  account: asking(accountOption, {
    ...accountQuestion,
    when: (_workspace, input) => !['all', 'allChanged', 'prune', 'diff', 'accountRemoval'].some((name) => input[name]),
  }),
  all: flag('all', { short: 'A', help: 'push every account that the servers do not have as it is here' }),
  allChanged: flag('all-changed', {
    help: 'leave out what the servers have already; --all-changed=false sends everything',
    defaultText: 'true with --all, unless --force is given',
  }),
  force: flag('force', { short: 'F', help: 'push without checking, whatever the servers have' }),
  url: serverUrlOption({
    help: 'where to push to: nats, tls, ws, wss (several with commas), http or https',
    defaultText: 'what the operator says',
    ask: {
      message: 'Account server URL',
      type: 'input',
      default: (workspace) => workspace.tree(workspace.selected.operator).operator.claims.nats.account_server_url,
    },
  }),
  diff: flag('diff', { short: 'D', help: 'compare the store with the servers, as nsc diff does' }),
  prune: flag('prune', { short: 'P', help: 'delete accounts from the servers that this store does not have' }),
  accountRemoval: text('account-removal', {
    short: 'R',
    placeholder: 'ACCOUNT',
    help: 'delete this account from the servers, by name or public key',
    complete: 'account',
  }),
  ...reachOptions,
};

type Input = InputOf<typeof options>;

export const command = task({
  summary: 'Send accounts to the servers, or delete them there',
  description:
    'Sends the selected account, the one that is named or with --all those that differ, to every server behind a NATS URL, or ' +
    'to an account server with an HTTP URL. Each server has to answer: those that are away, silent or refuse are named, and ' +
    'the exit code is 7. Accounts are checked first, and nothing is sent when one is wrong (--force). On a terminal it asks ' +
    'before it replaces a later version, which may have revocations that this store lacks. --prune and ' +
    '--account-removal delete accounts from servers, which have to allow it (allow_delete: true in their resolver block).',
  options,
  conflicts: [
    ['account', 'all'],
    ['account', 'allChanged'],
    ['prune', 'diff', 'accountRemoval'],
  ],
  examples: [
    { command: 'nsc push --account Orders', what: 'one account' },
    { command: 'nsc push --all', what: 'everything that changed' },
    { command: 'nsc push --all --dry-run', what: 'what that would send' },
    { command: 'nsc push --prune', what: 'delete from the servers what is not here' },
    { command: 'nsc push --account-removal Orders', what: 'delete an account from the servers' },
  ],

  async run(context, input) {
    const { tree, now, talk, dryRun, ports } = context;
    requireAccounts(context);
    const url = getResolverUrl(tree, input.url);
    requireNats(url, input);
    const removing = prepareRemoval(context, input);
    const force = input.force ?? false;
    const { accounts, warnings } = await checkBeforePush(tree, selectNames(context, input), {
      url,
      now,
      force,
    });
    const isReading = dryRun || (accounts.length === 0 && removing === undefined);
    const reach = reachOf(input, ports.env, input.url);
    const { resolver, user } = await connectAs(context, reach, 'nsc_push', isReading ? 'reads' : 'changes');
    try {
      if (input.diff && accounts.length === 0) return await compareAccounts({ tree, resolver, talk, now });
      const skipsSame = input.allChanged ?? (!force && input.all === true);
      const pushed = await pushAccounts(context, resolver, accounts, { force, skipsSame, dryRun });
      const failure = accounts.length === 0 ? undefined : failureOfPush({ resolver, ...pushed });
      const told = [...warnings, ...(await tellResigned(tree, resolver, pushed.sent))];
      const report = { resolver, user, dryRun, warnings: told };
      const answer = answerPush({ ...report, action: 'push', ...pushed, failure });
      if (input.diff) return beside(answer, await compareAccounts({ tree, resolver, talk, now }));
      if (!removing) return answer;
      if (failure)
        return { ...answer, warnings: [...report.warnings, 'as not everything was pushed, nothing was deleted'] };
      const deleted = await removing(resolver);
      return answerPush({
        ...report,
        action: input.prune ? 'prune' : 'removal',
        rows: [...pushed.rows, ...deleted.accounts],
        sent: pushed.sent,
        warnings: [...report.warnings, ...deleted.warnings],
        failure: deleted.failure,
      });
    } finally {
      talk.progress(undefined);
      await resolver.close();
    }
  },
});

/** @throws NscError `item-not-found`, as there is nothing to compare with either (nsc-distribution.md §1.2) */
function requireAccounts({ tree }: TaskContext): void {
  if (tree.accountNames().length > 0) return;
  throw new NscError('item-not-found', `operator ${quote(tree.operator.name)} has no accounts`, {
    hint: 'add one with: nsc add account NAME',
  });
}

/** Account servers neither delete accounts nor tell which they have (S-12). */
function requireNats(url: string, { prune, accountRemoval }: Input): void {
  if (!isAccountServerUrl(url) || (!prune && accountRemoval === undefined)) return;
  const what = prune ? '--prune' : '--account-removal';
  throw new NscError('policy-refused', `${what} needs servers with NATS: an account server with HTTP deletes nothing`, {
    hint: 'name servers with: --account-jwt-server-url nats://HOST:4222, or ask whoever runs the account server',
  });
}

/** Which accounts are sent (nsc-distribution.md §1.2). */
function selectNames({ tree, workspace }: TaskContext, input: Input): string[] {
  if (input.all || input.allChanged) return tree.accountNames();
  if (input.prune || input.diff || input.accountRemoval !== undefined) return [];
  return [getAccount(tree, input.account, workspace.selected.account).name];
}

/** What deletes accounts, once servers are there. Whatever can be refused without them is refused here. */
function prepareRemoval(
  context: TaskContext,
  { prune: prunes, accountRemoval, systemAccount }: Input,
): ((resolver: Resolver) => Promise<Deleted>) | undefined {
  if (!prunes && accountRemoval === undefined) return undefined;
  const { tree } = context;
  const systemAccounts = systemAccountsOf(tree, systemAccount);
  const target = accountRemoval === undefined ? undefined : getRemovalTarget(tree, accountRemoval, systemAccounts);
  const signer = getRemovalSigner(context);
  if (target) return (resolver) => removeOne(context, resolver, { signer, target });
  return (resolver) => prune(context, resolver, { signer, systemAccounts });
}

/** Two answers as one: what was sent, and then how servers compare. */
function beside(pushed: Synced, compared: Synced): Synced {
  const failure = pushed.failure ?? compared.failure;
  return {
    ...pushed,
    accounts: [...pushed.accounts, ...compared.accounts],
    summary: `${pushed.summary}; ${compared.summary}`,
    warnings: [...(pushed.warnings ?? []), ...(compared.warnings ?? [])],
    ...(failure && { failure }),
  };
}

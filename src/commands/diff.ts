import { task } from '../app/command.js';
import { compareAccounts } from '../app/distribution/compare.js';
import { openResolver } from '../app/distribution/open-resolver.js';
import { asking, flag } from '../app/option.js';
import { accountOption, accountQuestion } from '../app/options/account.js';
import { reachOf, reachOptions } from '../app/options/reach.js';
import { sourceUrlOption } from '../app/options/server-url.js';
import type { Synced } from '../app/result.js';
import { isPublicKey } from '../domain/nkey/codec.js';
import { getAccount } from '../domain/tree/lookup.js';
import { NscError } from '../errors.js';
import { quoteSome } from '../lib/display.js';

export const command = task({
  summary: 'Compare accounts with those on servers',
  description:
    'Compares every account with the copy that each server has, member by member: those that a server lacks, those that ' +
    'only servers have, and those that differ. A copy that the operator did not sign is an error.',
  options: {
    all: flag('all', {
      short: 'A',
      help: 'all accounts, here and on servers; so it is without --account',
      ask: { message: 'Compare all accounts?', type: 'confirm', default: () => 'true', takesDefault: true },
    }),
    account: asking(
      { ...accountOption, defaultText: 'all accounts' },
      { ...accountQuestion, when: (_workspace, { all }) => all !== true },
    ),
    exitCode: flag('exit-code', { help: 'exit with 1 when there is a difference' }),
    url: sourceUrlOption,
    ...reachOptions,
  },
  conflicts: [['all', 'account']],
  examples: [
    { command: 'nsc diff', what: 'all accounts' },
    {
      command: 'nsc diff --account Orders --exit-code',
      what: 'for scripts: 0 same, 1 different, 7 not every server answered',
    },
  ],

  async run(context, { account, exitCode = false, ...input }) {
    const { tree, now, talk, ports } = context;
    const accounts = account === undefined ? undefined : [keyOf(account)];
    const resolver = await openResolver(context, reachOf(input, ports.env, input.url), 'nsc_diff', 'reads');
    try {
      const compared = await compareAccounts({ tree, resolver, accounts, talk, now });
      return exitCode ? failing(compared) : compared;
    } finally {
      await resolver.close();
    }

    function keyOf(given: string): string {
      return isPublicKey(given, 'account') ? given : (getAccount(tree, given, '').claims.sub ?? '');
    }
  },
});

/** What went wrong counts more than what differs. */
function failing(compared: Synced): Synced {
  const different = compared.accounts.filter(({ state }) => state !== 'same');
  if (compared.failure || different.length === 0) return compared;
  const names = quoteSome(different.map(({ name, key }) => name ?? key));
  const failure = new NscError('check-failed', `the store and the servers differ: ${names}`, {
    hint: 'send what is here with: nsc push --all; take what servers have with: nsc pull --all; delete what only they have with: nsc push --prune',
    details: { accounts: different.map(({ name, key, state }) => ({ name, key, state })) },
  });
  return { ...compared, failure };
}

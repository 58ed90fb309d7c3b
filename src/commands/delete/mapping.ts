import { mutation } from '../../app/command.js';
import { mappingWarnings } from '../../app/mapping-warnings.js';
import { type Answers, asking } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { chosenAccount } from '../../app/options/current.js';
import { describeMapping, mappingOptions, requireSource } from '../../app/options/mapping.js';
import { changed, ok, warn } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import type { Workspace } from '../../app/workspace.js';
import { destinationsOf, type Mappings, removeMapping } from '../../domain/claims/mapping-edit.js';
import type { WeightedMapping } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Remove subject mappings',
  description:
    'Without --to and --cluster, all mappings of the subject go. With --to, the one to that subject that is for no ' +
    'cluster in particular, or for the one that --cluster names; with --cluster alone, all for that cluster.',
  options: {
    account: accountOption,
    from: asking(
      { ...mappingOptions.from, help: 'subject whose mappings go' },
      { message: 'Subject whose mappings go', type: 'select', required: true, choices: offerSources },
    ),
    to: { ...mappingOptions.to, help: 'only the mapping to that subject' },
    cluster: { ...mappingOptions.cluster, help: 'only what is for clients of that cluster' },
  },
  signers: accountSigners,
  examples: [
    { command: 'nsc delete mapping --from orders.new', what: 'all of its mappings' },
    { command: 'nsc delete mapping -f orders.new -t orders.v2.new --cluster east', what: 'one of them' },
  ],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const from = requireSource(input.from);
    const { to: subject, cluster } = input;
    const { nats } = account.claims;
    const before = nats.mappings ?? {};
    const { mappings, removed } = removeMapping(before, from, { subject, cluster });
    if (mappings === before || !Object.hasOwn(before, from)) {
      const what = subject === undefined ? quote(from) : describeMapping(from, subject, cluster);
      return { changes: [], result: changed(warn(`account ${quote(account.name)} has no such mapping: ${what}`)) };
    }
    return {
      changes: [signAccount(context, account, { ...nats, mappings })],
      warnings: effects(mappings, from, removed),
      result: changed(
        ...removed.map((entry) => ok(`deleted mapping ${describeMapping(from, entry.subject ?? '', entry.cluster)}`)),
        ok(`edited account ${quote(account.name)}`),
      ),
    };
  },

  confirm: (_context, _input, { changes }) => (changes.length === 0 ? undefined : 'Delete that?'),
});

/** Where a cluster has no entries of its own left, those without a cluster take over. */
function effects(mappings: Mappings, from: string, removed: readonly WeightedMapping[]): string[] {
  const left = destinationsOf(mappings, from).map(({ cluster = '' }) => cluster);
  if (left.length === 0) return [`messages to ${quote(from)} keep their subject from then on`];
  const touched = new Set(removed.map(({ cluster = '' }) => cluster));
  return mappingWarnings(
    mappings,
    from,
    [...touched].filter((cluster) => left.includes(cluster)),
  );
}

/** The subjects that the account maps. */
function offerSources(workspace: Workspace, input: Answers): string[] {
  return Object.keys(chosenAccount(workspace, input).claims.nats.mappings ?? {}).sort();
}

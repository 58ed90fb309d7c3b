import { mutation } from '../../app/command.js';
import { mappingWarnings } from '../../app/mapping-warnings.js';
import { asking, integer } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { describeMapping, mappingOptions, requireSource } from '../../app/options/mapping.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { findHarm } from '../../domain/claims/check/transform.js';
import { putMapping, weightOf } from '../../domain/claims/mapping-edit.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Map a subject to others, by weight',
  description:
    'Messages that clients of the account publish to one subject go to others, each with a share of a hundred. What ' +
    'no share takes keeps its subject; it is lost when the subject itself is one of the destinations. A mapping to ' +
    'the same destination in the same cluster is replaced. Where mappings name the cluster of a client, only they count.',
  options: {
    account: accountOption,
    from: mappingOptions.from,
    to: asking(mappingOptions.to, { message: 'Subject the messages go to', type: 'input', required: true }),
    weight: integer(
      'weight',
      { placeholder: 'PERCENT', help: 'share of the messages; 0 stands for 100', defaultText: '100' },
      { min: 0, max: 100 },
    ),
    cluster: mappingOptions.cluster,
  },
  signers: accountSigners,
  examples: [
    { command: 'nsc add mapping --from orders.new --to orders.v2.new --weight 10', what: 'a tenth of the orders' },
    { command: "nsc add mapping -f 'jobs.*' -t 'jobs.{{partition(3,1)}}.{{wildcard(1)}}'", what: 'three partitions' },
  ],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const from = requireSource(input.from);
    const { to, weight, cluster } = input;
    if (to === undefined) {
      throw new NscError('missing-option', `the subject that ${quote(from)} is mapped to is needed`, {
        hint: 'name it with --to SUBJECT',
      });
    }
    refuseHarm(to);
    const { nats } = account.claims;
    const { mappings, replaced } = putMapping(nats.mappings ?? {}, from, { subject: to, weight, cluster });
    const what = `mapping ${describeMapping(from, to, cluster)}`;
    return {
      changes: [signAccount(context, account, { ...nats, mappings })],
      warnings: mappingWarnings(mappings, from, [cluster ?? '']),
      result: changed(
        replaced
          ? ok(`changed the weight of ${what} from ${weightOf(replaced)} % to ${weight || 100} %`)
          : ok(`added ${what}, weight ${weight || 100} %`),
      ),
    };
  },
});

function refuseHarm(to: string): void {
  const harm = findHarm(to);
  if (harm === undefined) return;
  throw new NscError('bad-value', harm, {
    hint: 'write {{wildcard(1)}} for what the first * of the source matched, {{partition(3,1)}} for one of 3 partitions',
  });
}

import { query } from '../../app/command.js';
import { getOperator } from '../../app/operator-lookup.js';
import { describeAs, describeOptions } from '../../app/options/describe.js';
import { operatorNameOption } from '../../app/options/operator.js';
import { namesIn } from '../../domain/tree/names.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';

export const command = query({
  summary: 'Show an operator',
  options: {
    name: operatorNameOption,
    ...describeOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'OPERATOR' },
  examples: [{ command: 'nsc describe operator --field nats.signing_keys', what: 'its signing keys' }],

  run(context, input) {
    const tree = input.name ? getOperator(context.workspace, input.name) : context.tree;
    requireAuthentic('operator', tree.operator);
    const { token, claims } = tree.operator;
    return describeAs(
      { type: 'operator', token, claims, names: () => namesIn(tree, [claims.nats.system_account]) },
      input,
    );
  },
});

import { query } from '../../app/command.js';
import { accountNameOption } from '../../app/options/account.js';
import { describeAs, describeOptions } from '../../app/options/describe.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { namesIn } from '../../domain/tree/names.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';

export const command = query({
  summary: 'Show an account',
  options: {
    name: accountNameOption,
    ...describeOptions,
  },
  positional: { option: 'name', max: 1, placeholder: 'ACCOUNT' },
  examples: [
    { command: 'nsc describe account Orders', what: 'limits, signing keys, exports and imports' },
    { command: 'nsc describe account Orders --raw', what: 'the JWT, to be copied' },
  ],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.name, workspace.selected.account);
    requireAuthentic('account', account);
    const { token, claims } = account;
    const exporters = (claims.nats.imports ?? []).map((item) => item?.account);
    return describeAs({ type: 'account', token, claims, names: () => namesIn(tree, exporters) }, input);
  },
});

import { query } from '../../app/command.js';
import { getCoveringExport } from '../../app/covering-export.js';
import { typeOf } from '../../app/options/existing-export.js';
import { activatedExportOptions } from '../../app/options/revoked-activation.js';
import { describeExport } from '../../app/patch-export.js';
import { listRevocations } from '../../app/revocation-list.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { namesIn } from '../../domain/tree/names.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'List the accounts whose activations for an export are revoked',
  description:
    'Revoked are the activations that were issued up to the time shown. The name is that of the account that has the ' +
    'key in this store. It is an error when none is revoked.',
  options: activatedExportOptions,
  examples: [
    {
      command: "nsc revocations list_activations --subject 'orders.>' --json",
      what: 'for a program: times in Unix seconds',
    },
  ],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    const entry = getCoveringExport(account, typeOf(input.service ?? false), input.subject);
    const described = `${describeExport(entry)} of account ${quote(account.name)}`;
    return listRevocations(
      entry.revocations,
      {
        title: `revoked activations of the ${described}`,
        none: `the ${described} has no revoked activations`,
        owner: 'Account',
        everyone: 'All Accounts',
        what: 'Activations',
      },
      (keys) => namesIn(tree, keys),
    );
  },
});

import { query } from '../../app/command.js';
import { getCoveringExport } from '../../app/covering-export.js';
import { typeOf } from '../../app/options/existing-export.js';
import { activatedExportOptions } from '../../app/options/revoked-activation.js';
import { describeExport } from '../../app/patch-export.js';
import type { Column } from '../../app/result.js';
import { EVERYONE } from '../../domain/claims/revocation.js';
import type { Int64 } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { namesIn } from '../../domain/tree/names.js';
import { NscError } from '../../errors.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

const COLUMNS: readonly Column[] = [
  {
    key: 'public_key',
    title: 'Public Key',
    show: ({ public_key }) => (public_key === EVERYONE ? '* [All Accounts]' : `${public_key}`),
  },
  { key: 'name', title: 'Account', show: ({ name }) => `${name ?? ''}` },
  {
    key: 'revoked_until',
    title: 'Activations Refused Up To',
    show: ({ revoked_until }) => formatDate(revoked_until as Int64),
  },
];

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
    const { revocations = {} } = entry;
    const described = `${describeExport(entry)} of account ${quote(account.name)}`;
    const keys = Object.keys(revocations).sort(compareBytes);
    // nsc fails here, too, and scripts may ask it by its exit code
    if (keys.length === 0) throw new NscError('item-not-found', `the ${described} has no revoked activations`);
    const names = namesIn(tree, keys);
    return {
      kind: 'listed',
      title: `revoked activations of the ${described}`,
      columns: COLUMNS,
      rows: keys.map((key) => {
        const name = names.get(key);
        return { public_key: key, ...(name !== undefined && { name }), revoked_until: revocations[key] };
      }),
      whenEmpty: '',
    };
  },
});

import { mutation } from '../../app/command.js';
import { getImport } from '../../app/get-import.js';
import { accountOption } from '../../app/options/account.js';
import { typeOf } from '../../app/options/existing-export.js';
import { importSelectionOptions } from '../../app/options/import-selection.js';
import { getOtherAccount } from '../../app/other-account.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import type { Import } from '../../domain/claims/types.js';
import { localSubject } from '../../domain/sharing/local-subject.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Delete an import of an account',
  description:
    'Users of the account receive the stream, or reach the service, no longer. An activation that came with it is ' +
    'deleted, too; the exporting account can make another one. Where a stream and a service have the same subject, ' +
    '--service or --service=false says which one.',
  options: { account: accountOption, ...importSelectionOptions },
  examples: [
    { command: "nsc delete import --subject 'orders.>'", what: 'by its subject in the exporting account' },
    { command: 'nsc delete import --subject both --src-account Orders', what: 'one of several of that subject' },
  ],
  signers: accountSigners,

  plan(context, input) {
    const { tree, workspace } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { subject, srcAccount, service } = input;
    const exporter = srcAccount === undefined ? undefined : getOtherAccount(tree, srcAccount).key;
    const type = service === undefined ? undefined : typeOf(service);
    const doomed = getImport(account, { subject, exporter, type });
    const imports = (account.claims.nats.imports ?? []).filter((entry) => entry !== doomed);
    return {
      changes: [signAccount(context, account, { ...account.claims.nats, imports })],
      warnings: [effect(account.name, doomed)],
      result: changed(
        ok(`deleted ${doomed.type} import ${quote(remoteSubject(doomed))} of account ${quote(account.name)}`),
      ),
    };
  },

  confirm: () => 'Delete it?',
});

function effect(account: string, doomed: Import): string {
  const local = quote(localSubject(doomed));
  return doomed.type === 'service'
    ? `users of account ${quote(account)} reach no service on ${local} any more`
    : `users of account ${quote(account)} receive nothing on ${local} any more`;
}

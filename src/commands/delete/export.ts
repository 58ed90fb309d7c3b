import { mutation } from '../../app/command.js';
import { getExport, withExport } from '../../app/get-export.js';
import { asking } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { exportQuestion, exportSubjectOption, twinOption, typeOf } from '../../app/options/existing-export.js';
import { exportName } from '../../app/patch-export.js';
import { changed, ok } from '../../app/result.js';
import { shutOut } from '../../app/shut-out.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import type { Export } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Delete an export of an account',
  description:
    'Accounts that import it get nothing any more; those of this store are named. Their imports stay until they are ' +
    'deleted, too. Where a stream and a service have the same subject, --service or --service=false says which one.',
  options: {
    account: accountOption,
    // also where there is only one, because it is for good
    subject: asking(exportSubjectOption, { ...exportQuestion, required: true }),
    service: twinOption,
  },
  examples: [{ command: "nsc delete export --subject 'news.>'", what: 'share it no longer' }],
  signers: accountSigners,

  plan(context, input) {
    const { tree, workspace } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const type = input.service === undefined ? undefined : typeOf(input.service);
    const doomed = getExport(account, { subject: input.subject, type });
    const exports = withExport(account.claims, doomed, undefined);
    const { warnings, lost } = shutOut(context, account, doomed, undefined);
    return {
      changes: [signAccount(context, account, { ...account.claims.nats, exports })],
      warnings: [...warnings, ...forgottenRevocations(doomed)],
      lost,
      result: changed(ok(`deleted ${doomed.type} export ${exportName(doomed)}`)),
    };
  },

  confirm: (_context, _input, { warnings = [] }) => (warnings.length > 0 ? 'Delete it all the same?' : undefined),
});

/** They are kept in the export, so an export that is added again in its place knows none of them. */
function forgottenRevocations({ revocations = {}, subject = '' }: Export): string[] {
  const count = Object.keys(revocations).length;
  if (count === 0) return [];
  const what = count === 1 ? 'a revocation' : `${count} revocations`;
  return [`${what} of activations would be forgotten: they count again should ${quote(subject)} be exported anew`];
}

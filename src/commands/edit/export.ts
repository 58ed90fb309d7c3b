import { mutation } from '../../app/command.js';
import { getExport, withExport } from '../../app/get-export.js';
import { accountOption } from '../../app/options/account.js';
import { exportSubjectOption, findChosenExport, isTwin, typeOf } from '../../app/options/existing-export.js';
import { exportEditOptions } from '../../app/options/export.js';
import { exportName, patchExport } from '../../app/patch-export.js';
import { requireEdit } from '../../app/require-edit.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { shutOut } from '../../app/shut-out.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import type { Export } from '../../domain/claims/types.js';
import { needsActivation } from '../../domain/sharing/access.js';
import { getAccount } from '../../domain/tree/lookup.js';

const options = exportEditOptions(findChosenExport);

export const command = mutation({
  summary: 'Change an export of an account',
  description:
    'Changes what is given and keeps the rest: revoked activations, the token position, advertising. The subject says ' +
    'which export is meant and stays. Where a stream and a service have the same subject, --service or ' +
    '--service=false says which one; otherwise it changes the type.',
  options: { account: accountOption, subject: exportSubjectOption, ...options },
  conflicts: [
    ['rmLatencySampling', 'latency'],
    ['rmLatencySampling', 'sampling'],
  ],
  examples: [
    { command: "nsc edit export --subject 'news.>' --private", what: 'only for accounts with an activation' },
    { command: 'nsc edit export --subject pay.card --response-threshold 2s', what: 'how long it may take' },
  ],
  signers: accountSigners,

  plan(context, input) {
    requireEdit('edit export', input, ['account', 'subject']);
    const { tree, workspace } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { service, subject } = input;
    const meant = service !== undefined && isTwin(account.claims, subject) ? typeOf(service) : undefined;
    const before = getExport(account, { subject, type: meant });
    const { entry, steps } = patchExport(before, input);
    const exports = withExport(account.claims, before, entry);
    return {
      changes: [signAccount(context, account, { ...account.claims.nats, exports })],
      ...shutOut(context, account, before, entry),
      result: changed(
        ...steps,
        ...idleRevocations(before, entry),
        ok(`edited ${entry.type} export ${exportName(entry)}`),
      ),
    };
  },

  confirm: (_context, _input, { warnings = [] }) => (warnings.length > 0 ? 'Shut them out?' : undefined),
});

/** What is public takes no activations, so that nobody looks whether they are revoked. */
function idleRevocations(before: Export, after: Export): Step[] {
  const count = Object.keys(after.revocations ?? {}).length;
  if (count === 0 || !needsActivation(before) || needsActivation(after)) return [];
  const what = count === 1 ? 'a revocation' : `${count} revocations`;
  return [warn(`${what} of activations will have no effect, because everybody may import it`)];
}

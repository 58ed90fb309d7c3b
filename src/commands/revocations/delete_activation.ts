import { mutation } from '../../app/command.js';
import { getCoveringExport } from '../../app/covering-export.js';
import { withExport } from '../../app/get-export.js';
import { typeOf } from '../../app/options/existing-export.js';
import { activatedExportOptions } from '../../app/options/revoked-activation.js';
import { getTarget, type Target, targetAccountOption } from '../../app/options/target-account.js';
import { describeExport } from '../../app/patch-export.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { forgiveActivation } from '../../domain/claims/activation-revocation.js';
import { EVERYONE, timeOf } from '../../domain/claims/revocation.js';
import type { Export } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

export const command = mutation({
  summary: 'Take an account off the list of revoked activations',
  description:
    'Servers accept the old activations of the account again. To let an account in with a new activation only, leave ' +
    'its revocation and issue one (nsc generate activation). With * the revocation of all accounts goes; accounts ' +
    'that are revoked by themselves stay so.',
  options: {
    ...activatedExportOptions,
    targetAccount: targetAccountOption('account that imports, by name or public key; * for all accounts'),
  },
  signers: accountSigners,
  examples: [
    {
      command: "nsc revocations delete_activation --subject 'orders.>' --target-account Shop",
      what: 'let Shop in again',
    },
  ],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const entry = getCoveringExport(account, typeOf(input.service ?? false), input.subject);
    const target = getTarget(tree, input.targetAccount, { everyone: true });
    const forgiven = forgiveActivation(entry, target.key);
    if (forgiven === undefined) throw notListed(account, entry, target);
    const exports = withExport(account.claims, entry, forgiven);
    return {
      changes: [signAccount(context, account, { ...account.claims.nats, exports })],
      warnings: [lettingIn(target, entry, forgiven)],
      result: changed(
        ok(
          `deleted the revocation of ${target.what} for the ${describeExport(entry)} of account ${quote(account.name)}`,
        ),
      ),
    };
  },

  confirm: (_context, { targetAccount }) =>
    targetAccount === EVERYONE ? 'Accept old activations of all accounts again?' : undefined,
});

function notListed(account: AccountEntry, entry: Export, { what }: Target): NscError {
  const described = `the ${describeExport(entry)} of account ${quote(account.name)}`;
  const service = entry.type === 'service' ? ' --service' : '';
  return new NscError('item-not-found', `activations of ${what} for ${described} are not revoked`, {
    hint: `see who is with: nsc revocations list_activations --account ${quoteWord(account.name)} --subject ${quoteWord(entry.subject ?? '')}${service}`,
  });
}

/** What is accepted again, or why it is not: an account may be revoked together with all. */
function lettingIn({ key, what }: Target, before: Export, after: Export): string {
  const until = timeOf(before.revocations ?? {}, key) ?? 0;
  const everyone = key === EVERYONE ? undefined : timeOf(after.revocations ?? {}, EVERYONE);
  if (everyone === undefined) {
    const unless = key === EVERYONE ? ', unless accounts are revoked by themselves' : '';
    return `activations issued to ${what} up to ${formatDate(until)} are accepted again${unless}`;
  }
  if (everyone >= until) return `${what} stays revoked, as all accounts are, up to ${formatDate(everyone)}`;
  return `activations issued to ${what} after ${formatDate(everyone)} and up to ${formatDate(until)} are accepted again`;
}

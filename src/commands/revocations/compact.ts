import { mutation } from '../../app/command.js';
import { accountOption } from '../../app/options/account.js';
import { changed, ok, type Step } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { compactRevocations } from '../../domain/claims/revocation.js';
import type { AccountBody, Export } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Drop revocations that decide nothing',
  description:
    'Where everyone is revoked (*), drops the entries of those who are revoked at the same time or earlier, in the ' +
    'account and in each of its exports. No JWT is accepted that was refused before. What is given up: after ' +
    "'nsc revocations delete-user -u *' those users and accounts are not revoked by themselves any more. --dry-run " +
    'shows the entries.',
  options: { account: accountOption },
  positional: { option: 'account', max: 1, placeholder: 'ACCOUNT' },
  signers: accountSigners,
  examples: [{ command: 'nsc revocations compact -a Orders --dry-run', what: 'which entries would go' }],

  plan(context, input) {
    const { workspace, tree } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const { body, dropped } = compactBody(account.claims.nats);
    if (dropped.length === 0) {
      return { changes: [], result: changed(ok(`every revocation of account ${quote(account.name)} is needed`)) };
    }
    return {
      changes: [signAccount(context, account, body)],
      warnings: ['what was dropped does not come back when the revocation of everyone (*) is deleted'],
      result: changed(...dropped, ok(`edited account ${quote(account.name)}`)),
    };
  },
});

function compactBody(body: AccountBody): { body: AccountBody; dropped: Step[] } {
  const users = compactRevocations(body.revocations ?? {});
  const exports = (body.exports ?? []).map(compactExport);
  const steps = [countStep(users.dropped.length, 'users'), ...exports.map(({ step }) => step)];
  return {
    body: {
      ...body,
      ...(users.dropped.length > 0 && { revocations: users.kept }),
      ...(body.exports && { exports: exports.map(({ entry }) => entry) }),
    },
    dropped: steps.flatMap((step) => step ?? []),
  };
}

function compactExport(entry: Export | null): { entry: Export | null; step?: Step | undefined } {
  if (!entry?.revocations) return { entry };
  const { kept, dropped } = compactRevocations(entry.revocations);
  const what = `accounts that import ${entry.type ?? ''} ${quote(entry.subject ?? '')}`;
  return { entry: { ...entry, revocations: kept }, step: countStep(dropped.length, what) };
}

const countStep = (count: number, whose: string): Step | undefined =>
  count === 0 ? undefined : ok(`dropped ${count} ${count === 1 ? 'revocation' : 'revocations'} of ${whose}`);

import { mutation } from '../../app/command.js';
import { flag, integer, value } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { exportOptions } from '../../app/options/export.js';
import { describeExport, exportName, patchExport } from '../../app/patch-export.js';
import { changed, ok } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { isContained } from '../../domain/claims/check/subject.js';
import { readSubject } from '../../domain/claims/export-grammar.js';
import type { Export } from '../../domain/claims/types.js';
import { exportsOf } from '../../domain/sharing/find-export.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';

const { service, ...options } = exportOptions(() => undefined);

export const command = mutation({
  summary: 'Share subjects of an account with others',
  description:
    'Exports a stream, to which other accounts may subscribe, or a service, to which they may send requests. Anybody ' +
    'may import a public export; a private one takes an activation for the importing account.',
  options: {
    account: accountOption,
    service,
    subject: value(
      'subject',
      {
        short: 's',
        placeholder: 'SUBJECT',
        help: 'what to export; wildcards are allowed',
        ask: { message: 'Subject to export', type: 'input', required: true },
      },
      readSubject,
    ),
    ...options,
    accountTokenPosition: integer(
      'account-token-position',
      {
        help: 'the token of the subject, counted from 1 and a *, that has to be the public key of the importing account',
      },
      { min: 0 },
    ),
    advertise: flag('advertise', { help: 'show the export to others', hidden: true }),
  },
  examples: [
    { command: "nsc add export --subject 'news.>'", what: 'a stream for everybody' },
    {
      command: 'nsc add export --subject pay.card --service --private',
      what: 'a service for those with an activation',
    },
    {
      command: "nsc add export --subject 'time.*' --service --latency slow.time --sampling 10",
      what: 'with latencies',
    },
  ],
  signers: accountSigners,

  plan(context, input) {
    const account = getAccount(context.tree, input.account, context.workspace.selected.account);
    const { subject, accountTokenPosition: position, advertise } = input;
    if (subject === undefined) {
      throw new NscError('missing-option', 'an export needs a subject', { hint: 'give it with --subject SUBJECT' });
    }
    if (input.private && position) {
      throw new NscError('conflicting-options', '--private and --account-token-position exclude each other', {
        hint: 'a subject with the importing account in it is exported publicly',
      });
    }
    const type = input.service ? 'service' : 'stream';
    const bare: Export = { name: input.name || subject, subject, type };
    refuseOverlap(account, bare);
    const { entry } = patchExport(input.service ? { ...bare, response_type: 'Singleton' } : bare, {
      ...input,
      name: undefined,
    });
    const added: Export = {
      ...entry,
      ...(position && { account_token_position: position }),
      ...(advertise && { advertise }),
    };
    const { nats } = account.claims;
    return {
      changes: [signAccount(context, account, { ...nats, exports: [...(nats.exports ?? []), added] })],
      result: changed(ok(`added ${describeExport(added)}`)),
    };
  },
});

/** Two exports of one type must not match one subject (jwt-nkeys.md X2). */
function refuseOverlap(account: AccountEntry, { subject = '', type = 'stream' }: Export): void {
  const taken = exportsOf(account.claims).find(
    (known) =>
      known.type === type && (isContained(subject, known.subject ?? '') || isContained(known.subject ?? '', subject)),
  );
  if (taken === undefined) return;
  const known = `${type} export ${exportName(taken)} of account ${quote(account.name)}`;
  const isSame = taken.subject === subject;
  throw new NscError(
    'already-exists',
    isSame
      ? `${known} has the subject ${quote(subject)} already`
      : `${quote(subject)} overlaps with ${quote(taken.subject ?? '')}, the ${known}`,
    {
      hint: `change that one with: nsc edit export --account ${quoteWord(account.name)} --subject ${quoteWord(taken.subject ?? '')}`,
    },
  );
}

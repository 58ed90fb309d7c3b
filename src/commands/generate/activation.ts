import { task } from '../../app/command.js';
import { getPrivateExport, privateExportsOf } from '../../app/covering-export.js';
import { flag, value } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { chosenAccount } from '../../app/options/current.js';
import { offerSubjects, twinOption, typeOf } from '../../app/options/existing-export.js';
import { outputFile, outputFileOption } from '../../app/options/output-file.js';
import { getTarget, type Target, targetAccountOption } from '../../app/options/target-account.js';
import { patchValidity, validityOptions } from '../../app/options/validity.js';
import { activationAddress, activationsUrl, pushActivation, rehearsePush } from '../../app/push-activation.js';
import { userSigners } from '../../app/sign-account.js';
import { activationId } from '../../domain/claims/activation-id.js';
import { checkClaims } from '../../domain/claims/check/claims.js';
import { readSubject } from '../../domain/claims/export-grammar.js';
import { EVERYONE, isRevokedBy, timeOf } from '../../domain/claims/revocation.js';
import type { Export, RegisteredClaims } from '../../domain/claims/types.js';
import { decorateToken } from '../../domain/creds/creds.js';
import { issueActivation } from '../../domain/sharing/issue-activation.js';
import type { Issued } from '../../domain/token/issue.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { chooseSigner, type SignerChoice } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote, quoteWord } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

const options = {
  account: accountOption,
  subject: value(
    'subject',
    {
      short: 's',
      placeholder: 'SUBJECT',
      help: 'what may be imported: the subject of a private export, or a part of it',
      defaultText: 'the only private export',
      ask: {
        message: 'Export',
        type: 'select',
        takesDefault: true,
        choices: (workspace, input) => offerSubjects(privateExportsOf(chosenAccount(workspace, input))),
      },
    },
    readSubject,
  ),
  service: twinOption,
  targetAccount: targetAccountOption('account that may import, by name or public key'),
  ...validityOptions,
  outputFile: outputFileOption,
  push: flag('push', { help: 'send it to the account server of the operator, too (http or https)' }),
};

export const command = task({
  summary: 'Let an account import a private export',
  description:
    'Writes an activation: the right of one account to import one private export, or a part of it. It is signed by ' +
    'the exporting account or one of its signing keys; the other account imports it with nsc add import --token. ' +
    'Where a stream and a service have the same subject, --service or --service=false says which one.',
  options,
  examples: [
    { command: 'nsc generate activation --target-account Shop -o shop.jwt', what: 'for the only private export' },
    { command: "nsc generate activation -t AKEY… -s 'orders.eu.>' --expiry 1y", what: 'a part of it, for a year' },
  ],
  signers: userSigners,

  async run(context, input) {
    const { workspace, tree, now, signer: requested, ports, dryRun } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    requireAuthentic('operator', tree.operator);
    requireAuthentic('account', account);
    const entry = getPrivateExport(account, {
      subject: input.subject,
      type: input.service === undefined ? undefined : typeOf(input.service),
    });
    const target = getTarget(tree, input.targetAccount, { everyone: false });
    refuseItself(account, target);
    const url = input.push ? activationsUrl(tree.operator) : undefined;
    const choice = chooseSigner({ tree, kind: 'activation', account, requested });
    const { claims: times } = patchValidity<RegisteredClaims>({}, input, now);
    const issued = issueActivation(
      {
        exporter: account,
        entry,
        target: target.key,
        subject: input.subject ?? entry.subject ?? '',
        nbf: Number(times.nbf ?? 0),
        exp: Number(times.exp ?? 0),
      },
      choice.signer,
      now,
    );
    refuseInvalid(issued, now);
    refuseRevoked(account, entry, { target, issued });
    const pushed = url && (dryRun ? rehearsePush(url, issued) : await pushActivation(ports.remote, url, issued));
    const { nats } = issued.claims;
    return {
      kind: 'emitted',
      what: 'activation token',
      content: decorateToken(issued.token, 'activation'),
      ...outputFile(input.outputFile),
      ...pushed,
      warnings: [...signerWarning(choice), ...timeWarnings(issued, now), ...(pushed?.warnings ?? [])],
      data: {
        account: account.name,
        target_account: target.key,
        type: nats.kind,
        subject: nats.subject,
        hash_id: activationId(issued.claims),
        ...(url && !dryRun && !pushed?.failure && { pushed_to: activationAddress(url, issued) }),
      },
    };
  },
});

/** What is exported needs no import at home, and servers refuse one. */
function refuseItself(account: AccountEntry, { key }: Target): void {
  if (key !== account.claims.sub) return;
  throw new NscError('policy-refused', `account ${quote(account.name)} cannot import what it exports itself`, {
    hint: 'name the account that is to import it with --target-account ACCOUNT',
  });
}

function refuseInvalid({ claims }: Issued<'activation'>, now: number): void {
  const issue = checkClaims('activation', claims, now).find(({ level }) => level === 'error');
  if (issue) throw new NscError('invalid-claims', `the activation would be invalid: ${issue.message}`);
}

/** It is dated after a revocation of this moment (E-49), but not years ahead. */
function refuseRevoked(
  account: AccountEntry,
  { revocations = {}, subject = '', type }: Export,
  { target: { key, what }, issued }: { readonly target: Target; readonly issued: Issued<'activation'> },
): void {
  if (!isRevokedBy(revocations, issued.claims)) return;
  const own = timeOf(revocations, key) ?? 0;
  const everyone = timeOf(revocations, EVERYONE) ?? 0;
  const [until, listed] = everyone > own ? [everyone, EVERYONE] : [own, key];
  const service = type === 'service' ? ' --service' : '';
  throw new NscError(
    'policy-refused',
    `activations of ${what} for ${quote(subject)} are revoked up to ${formatDate(until)}, so servers would refuse this one`,
    {
      hint: `take that back first: nsc revocations delete_activation --account ${quoteWord(account.name)} --subject ${quoteWord(subject)}${service} --target-account ${quoteWord(listed)}`,
      details: { revoked_until: until },
    },
  );
}

/** Servers accept it, but a role is meant to sign users (nsc-distribution.md §5.6). */
function signerWarning({ signer, scope }: SignerChoice): string[] {
  if (!scope) return [];
  const role = scope.role ? `the key of role ${quote(scope.role)}` : `scoped key ${signer.publicKey}`;
  return [`it is signed by ${role}: removing that key for its users ends this activation, too`];
}

function timeWarnings({ claims }: Issued<'activation'>, now: number): string[] {
  return checkClaims('activation', claims, now)
    .filter(({ level }) => level === 'time')
    .map(({ rule, message }) => `the activation ${rule === 'C1' ? message : `is ${message}`}`);
}

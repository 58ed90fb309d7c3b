import { mutation } from '../../app/command.js';
import { getCoveringExport } from '../../app/covering-export.js';
import { withExport } from '../../app/get-export.js';
import { typeOf } from '../../app/options/existing-export.js';
import { revokeAtOption } from '../../app/options/revoke-at.js';
import { activatedExportOptions } from '../../app/options/revoked-activation.js';
import { getTarget, type Target, targetAccountOption } from '../../app/options/target-account.js';
import { describeExport } from '../../app/patch-export.js';
import { changed, ok, warn } from '../../app/result.js';
import { accountSigners, signAccount } from '../../app/sign-account.js';
import { revokeActivation } from '../../domain/claims/activation-revocation.js';
import { EVERYONE, isRevokedBy, latestOf, REACH, revocationTime, timeOf } from '../../domain/claims/revocation.js';
import type { Export, Int64 } from '../../domain/claims/types.js';
import { type ImportedActivation, importedActivations } from '../../domain/sharing/imported-activations.js';
import { findImporters, type Importer, importsBy } from '../../domain/sharing/importers.js';
import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { LostTrust } from '../../domain/trust/blast-radius.js';
import { quote } from '../../lib/display.js';
import { formatDate } from '../../lib/moment.js';

export const command = mutation({
  summary: 'Revoke the activation of an account, or of all accounts',
  description:
    'Servers cut an import off as soon as they have the new JWT of the exporting account. A revocation is about ' +
    'activations up to a second: one that is issued afterwards (nsc generate activation) counts, in the same second ' +
    'too. With * the activations of all accounts are revoked. A later revocation that is there already stays.',
  options: {
    ...activatedExportOptions,
    targetAccount: targetAccountOption('account that imports, by name or public key; * for all accounts'),
    at: revokeAtOption,
  },
  signers: accountSigners,
  examples: [
    { command: "nsc revocations add_activation --subject 'orders.>' --target-account Shop", what: 'shut Shop out' },
    {
      command: "nsc revocations add_activation --service --target-account '*'",
      what: 'all accounts, the only service',
    },
  ],

  plan(context, input) {
    const { workspace, tree, now } = context;
    const account = getAccount(tree, input.account, workspace.selected.account);
    const entry = getCoveringExport(account, typeOf(input.service ?? false), input.subject);
    const target = getTarget(tree, input.targetAccount, { everyone: true });
    const { key, what } = target;
    const imported = importedActivations(findTargeted(tree, account, entry, target)).filter(
      ({ activation }) => key === EVERYONE || activation.sub === key,
    );
    // 0 is what nsc has for "now"
    const until = input.at || revocationTime(entry.revocations, key, { now, issuedAt: latestIssue(imported, now) });
    const described = `activations of ${what} for the ${describeExport(entry)} of account ${quote(account.name)}`;

    const known = timeOf(entry.revocations ?? {}, key);
    if (known !== undefined && known >= until) {
      return { changes: [], result: changed(warn(`${described}: revoked up to ${formatDate(known)} already`)) };
    }
    const revoked = revokeActivation(entry, key, until);
    const exports = withExport(account.claims, entry, revoked);
    const lost = imported.filter((one) => isShutOut(one, entry, revoked));
    return {
      changes: [signAccount(context, account, { ...account.claims.nats, exports })],
      warnings: [
        ...publicWarning(entry),
        ...aheadWarning(until, now),
        ...imported.flatMap((one) => effectOn(one, entry, revoked)),
      ],
      lost: entry.token_req ? lost.map((one) => lostImport(account, one)) : [],
      result: changed(ok(`revoked ${described}: those issued up to ${formatDate(until)} are refused`)),
    };
  },

  confirm: (_context, { targetAccount }, { changes }) =>
    targetAccount === EVERYONE && changes.length > 0 ? 'Revoke the activations of all accounts?' : undefined,
});

/** Who is meant and imports the export. Only where all are meant every account is read. */
function findTargeted(tree: Tree, exporter: AccountEntry, entry: Export, { key, entry: named }: Target): Importer[] {
  const exporterKey = exporter.claims.sub ?? '';
  if (key === EVERYONE) return findImporters(tree, exporterKey, entry);
  const importer = named ?? tree.findAccountByKey(key);
  return importer ? importsBy(importer, exporterKey, entry) : [];
}

/** Of the activations at hand; one dated far ahead by another clock must not shut everybody out until then. */
function latestIssue(imported: readonly ImportedActivation[], now: number): Int64 {
  const dates = imported.map(({ activation }) => activation.iat ?? 0);
  return latestOf(
    0,
    dates.filter((issuedAt) => issuedAt <= now + REACH),
  );
}

/** Servers ask for activations where an export is private, and nowhere else. */
function publicWarning(entry: Export): string[] {
  if (entry.token_req) return [];
  return [`the ${describeExport(entry)} takes no activation, so nobody is shut out while it is public`];
}

function aheadWarning(until: Int64, now: number): string[] {
  if (until <= now + REACH) return [];
  return [`activations issued from now on are refused, too, until ${formatDate(until)}`];
}

const isShutOut = ({ activation }: ImportedActivation, before: Export, after: Export): boolean =>
  isRevokedBy(after.revocations, activation) && !isRevokedBy(before.revocations, activation);

const lostImport = ({ claims }: AccountEntry, { account, activation }: ImportedActivation): LostTrust => ({
  kind: 'import',
  account: account.name,
  name: activation.nats.subject ?? '',
  key: claims.sub ?? '',
  reason: 'its activation is revoked',
});

/** What the revocation does to an account of this store. */
function effectOn({ account, activation }: ImportedActivation, before: Export, after: Export): string[] {
  const name = quote(account.name);
  if (!isRevokedBy(after.revocations, activation)) {
    return [
      `the activation of account ${name} was issued later, at ${formatDate(activation.iat ?? 0)}, and stays valid`,
    ];
  }
  if (!isShutOut({ account, activation }, before, after)) return [];
  return [
    `account ${name} imports ${quote(activation.nats.subject ?? '')} with an activation that is refused from then on`,
  ];
}

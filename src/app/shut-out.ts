import type { Export } from '../domain/claims/types.js';
import { activationCommand } from '../domain/sharing/activation-command.js';
import { remoteSubject } from '../domain/sharing/remote-subject.js';
import { findShutOut, type ShutOut } from '../domain/sharing/shut-out.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import type { LostTrust } from '../domain/trust/blast-radius.js';
import { quote } from '../lib/display.js';
import type { PlanContext } from './command.js';

/**
 * Who imports an export and gets nothing from it any more: one sentence for each import, and what `--keep-valid` refuses.
 *
 * @param after undefined when the export is deleted
 */
export function shutOut(
  { tree, now }: Pick<PlanContext, 'tree' | 'now'>,
  exporter: AccountEntry,
  before: Export,
  after: Export | undefined,
): { readonly warnings: string[]; readonly lost: LostTrust[] } {
  const found = findShutOut(tree, exporter, { before, after, now });
  return {
    warnings: found.map((one) => describe(exporter, one)),
    lost: found.map((one) => lostImport(exporter, one)),
  };
}

const REASONS: Readonly<Record<ShutOut['reason'], string>> = {
  deleted: 'nobody exports it from then on',
  'other-type': 'it is exported as something else from then on',
  'needs-activation': 'it takes an activation from then on',
};

const lostImport = (exporter: AccountEntry, { account, import: found, reason }: ShutOut): LostTrust => ({
  kind: 'import',
  account: account.name,
  name: remoteSubject(found),
  key: exporter.claims.sub ?? '',
  reason: REASONS[reason],
});

function describe(exporter: AccountEntry, { account, import: found, reason }: ShutOut): string {
  const subject = remoteSubject(found);
  const imports = `account ${quote(account.name)} imports ${quote(subject)}`;
  if (reason === 'deleted') return `${imports}, and gets nothing from then on`;
  if (reason === 'other-type') return `${imports} as a ${found.type}, and gets nothing from then on`;
  const command = activationCommand(exporter, account.name, subject);
  return `${imports} without an activation that counts, so it is shut out until it has one (${command})`;
}

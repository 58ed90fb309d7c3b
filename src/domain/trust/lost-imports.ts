import { quote } from '../../lib/display.js';
import type { Import } from '../claims/types.js';
import { needsActivation } from '../sharing/access.js';
import { checkActivation } from '../sharing/activation.js';
import { exportsOf, findExport } from '../sharing/find-export.js';
import { findImporters, importsBy } from '../sharing/importers.js';
import { remoteSubject } from '../sharing/remote-subject.js';
import { findReadable } from '../tree/readable.js';
import type { AccountEntry, OperatorEntry, Tree } from '../tree/tree.js';

/** An import that servers carry before a change and not after it. */
export interface LostImport {
  /** Name of the account that imports. */
  readonly account: string;
  /** The subject in the exporting account. */
  readonly subject: string;
  /** Public key of the exporting account. */
  readonly exporter: string;
  readonly reason: string;
}

/**
 * The imports that an account shuts out although its exports stay as they are: it gave up the key that signed the
 * activation, or has another identity. Imports that the same changes edit are not lost. Scans only where there may be
 * any.
 *
 * @param name of the account, which the changes put
 * @param now Unix seconds
 */
export function lostImports(before: Tree, after: Tree, name: string, now: number): LostImport[] {
  const was = findReadable(() => before.findAccount(name));
  const is = after.findAccount(name);
  if (!was || !is || exportsOf(was.claims).length === 0) return [];
  const { sub: exporter = '' } = was.claims;
  const isOther = exporter !== is.claims.sub && !findReadable(() => after.findAccountByKey(exporter));
  if (!isOther && !exportsOf(was.claims).some(needsActivation)) return [];
  return findImporters(before, exporter).flatMap(({ account, import: entry }) => {
    const importer = findReadable(() => after.findAccount(account.name));
    if (!importer || !holds(importer, exporter, entry)) return [];
    const reason = isOther
      ? `account ${quote(name)} has another key from then on`
      : shutOutBy(entry, { importer: account, operator: before.operator, was, is, now });
    return reason === undefined ? [] : [{ account: account.name, subject: remoteSubject(entry), exporter, reason }];
  });
}

/** Whether an import is still there as it was. */
const holds = (importer: AccountEntry, exporter: string, { type, subject, token }: Import): boolean =>
  importsBy(importer, exporter).some(
    ({ import: entry }) => entry.type === type && entry.subject === subject && entry.token === token,
  );

interface Narrowing {
  readonly importer: AccountEntry;
  readonly operator: OperatorEntry;
  readonly was: AccountEntry;
  readonly is: AccountEntry;
  readonly now: number;
}

/** Why an activation that counted counts no longer, for who signed it. */
function shutOutBy(entry: Import, { importer, operator, was, is, now }: Narrowing): string | undefined {
  const { token, type = 'stream' } = entry;
  const shared = findExport(was.claims, type, remoteSubject(entry));
  if (!token || !shared || !needsActivation(shared)) return undefined;
  const errors = (exporter: AccountEntry) =>
    checkActivation(entry, token, { operator, importer, exporter, shared, now }).filter(
      ({ level }) => level === 'error',
    );
  return errors(was).length > 0 ? undefined : errors(is)[0]?.what;
}

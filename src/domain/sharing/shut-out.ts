import type { Export } from '../claims/types.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { needsActivation } from './access.js';
import { checkActivation } from './activation.js';
import { covers } from './covers.js';
import { exportsOf } from './find-export.js';
import { findImporters, type Importer } from './importers.js';
import { remoteSubject } from './remote-subject.js';

/** An importer that gets nothing any more, and why. */
export interface ShutOut extends Importer {
  readonly reason: 'deleted' | 'other-type' | 'needs-activation';
}

/**
 * The accounts of the tree that import an export as it was and cannot import it as it will be: it is gone, it is a
 * stream instead of a service or the other way round, or it became private and they have no activation that counts. Who
 * is left another export that covers the import loses nothing. Scans when there is something to find.
 *
 * @param after undefined when the export is deleted
 * @param now Unix seconds
 */
export function findShutOut(
  tree: Tree,
  exporter: AccountEntry,
  { before, after, now }: { readonly before: Export; readonly after: Export | undefined; readonly now: number },
): ShutOut[] {
  const reason = reasonFor(before, after);
  if (reason === undefined) return [];
  const others = exportsOf(exporter.claims).filter(
    ({ type, subject }) => type === before.type && subject !== before.subject,
  );
  const left = reason === 'needs-activation' && after ? [after] : others;
  const mayUse = ({ account: importer, import: entry }: Importer, shared: Export): boolean => {
    if (!covers(shared.subject ?? '', remoteSubject(entry))) return false;
    if (!needsActivation(shared)) return true;
    const context = { operator: tree.operator, importer, exporter, shared, now };
    return entry.token ? checkActivation(entry, entry.token, context).every(({ level }) => level !== 'error') : false;
  };
  return findImporters(tree, exporter.claims.sub ?? '', before)
    .filter((importer) => !left.some((shared) => mayUse(importer, shared)))
    .map((importer) => ({ ...importer, reason }));
}

function reasonFor(before: Export, after: Export | undefined): ShutOut['reason'] | undefined {
  if (after === undefined) return 'deleted';
  if (before.type !== after.type) return 'other-type';
  return needsActivation(after) && !needsActivation(before) ? 'needs-activation' : undefined;
}

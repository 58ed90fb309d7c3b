import type { Export } from '../claims/types.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { checkActivation } from './activation.js';
import { findImporters, type Importer } from './importers.js';

/** An importer that gets nothing any more, and why. */
export interface ShutOut extends Importer {
  readonly reason: 'deleted' | 'other-type' | 'needs-activation';
}

/**
 * The accounts of the tree that import an export as it was and cannot import it as it will be: it is gone, it is a
 * stream instead of a service or the other way round, or it became private and they have no activation that counts.
 * Scans when there is something to find.
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
  const isActivated = ({ account: importer, import: entry }: Importer): boolean => {
    const context = { operator: tree.operator, importer, exporter, shared: after, now };
    return (
      Boolean(entry.token) && checkActivation(entry, entry.token ?? '', context).every(({ level }) => level !== 'error')
    );
  };
  return findImporters(tree, exporter.claims.sub ?? '', before)
    .filter((importer) => reason !== 'needs-activation' || !isActivated(importer))
    .map((importer) => ({ ...importer, reason }));
}

function reasonFor(before: Export, after: Export | undefined): ShutOut['reason'] | undefined {
  if (after === undefined) return 'deleted';
  if (before.type !== after.type) return 'other-type';
  return after.token_req && !before.token_req ? 'needs-activation' : undefined;
}

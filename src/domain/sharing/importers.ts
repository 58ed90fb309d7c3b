import type { Export, Import } from '../claims/types.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { covers } from './covers.js';
import { findReadable } from './exporters.js';
import { remoteSubject } from './remote-subject.js';

/** An account and what it imports. */
export interface Importer {
  readonly account: AccountEntry;
  readonly import: Import;
}

/**
 * The accounts of the tree that import an export, once for each import. Scans; accounts that cannot be read are passed
 * over.
 *
 * @param exporterKey public key of the account that exports
 */
export function findImporters(tree: Tree, exporterKey: string, entry: Export): Importer[] {
  return tree.accountNames().flatMap((name) => {
    const account = findReadable(tree, name);
    const imports = (account?.claims.nats.imports ?? []).filter((found) => found !== null);
    return account
      ? imports.filter((found) => isFrom(found, exporterKey, entry)).map((found) => ({ account, import: found }))
      : [];
  });
}

/** Exports of one type never overlap, so an import belongs to the one that covers it. */
function isFrom(found: Import, exporterKey: string, { type, subject = '' }: Export): boolean {
  return found.account === exporterKey && found.type === type && covers(subject, remoteSubject(found));
}

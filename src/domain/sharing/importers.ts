import type { Export, Import } from '../claims/types.js';
import { findReadable } from '../tree/readable.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { covers } from './covers.js';
import { importsOf } from './imports.js';
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
 * @param entry any that it has, or had, when absent
 */
export function findImporters(tree: Tree, exporterKey: string, entry?: Export): Importer[] {
  return tree.accountNames().flatMap((name) => {
    const account = findReadable(() => tree.findAccount(name));
    return account ? importsBy(account, exporterKey, entry) : [];
  });
}

/** The same of one account. */
export function importsBy(account: AccountEntry, exporterKey: string, entry?: Export): Importer[] {
  return importsOf(account.claims)
    .filter((found) => found.account === exporterKey && (entry === undefined || isPartOf(found, entry)))
    .map((found) => ({ account, import: found }));
}

/** Of overlapping exports servers take any, so an import belongs to each one that covers it. */
const isPartOf = (found: Import, { type, subject = '' }: Export): boolean =>
  found.type === type && covers(subject, remoteSubject(found));

import type { Export, ShareType } from '../claims/types.js';
import { findReadable } from '../tree/readable.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { withAccount } from './access.js';
import { exportsOf } from './find-export.js';
import { importsOf } from './imports.js';
import { remoteSubject } from './remote-subject.js';

/** An export that an account might import. */
export interface Importable {
  readonly exporter: AccountEntry;
  readonly type: ShareType;
  readonly entry: Export;
  /** The subject to import, with the importing account in it where the export wants that. */
  readonly subject: string;
}

/** What the other accounts of the tree export and an account does not import as a whole yet (E-70). Reads every account. */
export function* listImportable(tree: Tree, importer: AccountEntry): Generator<Importable> {
  for (const name of tree.accountNames()) {
    const exporter = findReadable(() => tree.findAccount(name));
    if (exporter) yield* importableFrom(exporter, importer);
  }
}

/** The same of one other account. */
export function* importableFrom(exporter: AccountEntry, importer: AccountEntry): Generator<Importable> {
  const { sub: key = '' } = importer.claims;
  if (exporter.claims.sub === key) return;
  const imports = importsOf(importer.claims).filter(({ account }) => account === exporter.claims.sub);
  for (const entry of exportsOf(exporter.claims)) {
    const { type } = entry;
    const subject = withAccount(entry, key);
    const isImported = imports.some((known) => known.type === type && remoteSubject(known) === subject);
    if (type !== undefined && !isImported) yield { exporter, type, entry, subject };
  }
}

import { checkImport, type SharingContext } from '../../domain/sharing/check-import.js';
import { findClashes } from '../../domain/sharing/clashes.js';
import { importsOf } from '../../domain/sharing/imports.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { Finding } from '../result.js';

/**
 * What keeps servers from carrying messages over the imports of an account, or might (E-38, E-40). They accept the
 * account all the same, so these are warnings; what a validation rule says is not said again.
 */
export function importFindings(tree: Tree, account: AccountEntry, context: SharingContext): Finding[] {
  const imports = importsOf(account.claims);
  const clashes = findClashes(imports);
  const problems = imports.flatMap((entry) => {
    const clash = clashes.get(entry);
    return [...checkImport(tree, account, entry, context), ...(clash ? [clash] : [])];
  });
  return problems
    .filter(({ rule }) => rule === undefined)
    .map(({ code, level, message, hint }) => ({
      rule: code,
      level: 'warning',
      message: level === 'error' ? `${message}; servers drop the import` : message,
      ...(hint !== undefined && { hint }),
    }));
}

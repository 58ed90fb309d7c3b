import type { AccountClaims, Export, ShareType } from '../claims/types.js';
import { covers } from './covers.js';

/** The exports of an account, without the empty entries that some tokens have (jwt-nkeys.md X1). */
export const exportsOf = ({ nats }: AccountClaims): Export[] => (nats.exports ?? []).filter((entry) => entry !== null);

/**
 * The exports of an account that servers may take for an import: the one of the same subject, else those that
 * {@link covers} it. Exports may overlap as long as none is a part of another, and of those that cover a subject servers
 * take any. Whether it takes an activation, and where it wants the importing account in the subject, is another question.
 */
export function findExports(account: AccountClaims, type: ShareType, subject: string): Export[] {
  const ofType = exportsOf(account).filter((entry) => entry.type === type);
  const same = ofType.find((entry) => entry.subject === subject);
  return same ? [same] : ofType.filter((entry) => covers(entry.subject ?? '', subject));
}

/** The first of {@link findExports}. */
export function findExport(account: AccountClaims, type: ShareType, subject: string): Export | undefined {
  return findExports(account, type, subject)[0];
}

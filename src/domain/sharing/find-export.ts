import type { AccountClaims, Export, ShareType } from '../claims/types.js';
import { covers } from './covers.js';

/** The exports of an account, without the empty entries that some tokens have (jwt-nkeys.md X1). */
export const exportsOf = ({ nats }: AccountClaims): Export[] => (nats.exports ?? []).filter((entry) => entry !== null);

/**
 * The export of an account that a subject can be imported from: the one of the same subject, else the first that
 * {@link covers} it. Whether it takes an activation, and where it wants the importing account in the subject, is
 * another question.
 */
export function findExport(account: AccountClaims, type: ShareType, subject: string): Export | undefined {
  const ofType = exportsOf(account).filter((entry) => entry.type === type);
  return (
    ofType.find((entry) => entry.subject === subject) ?? ofType.find((entry) => covers(entry.subject ?? '', subject))
  );
}

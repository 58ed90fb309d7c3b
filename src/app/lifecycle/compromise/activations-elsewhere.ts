import { needsActivation } from '../../../domain/sharing/access.js';
import { exportsOf } from '../../../domain/sharing/find-export.js';
import type { AccountEntry } from '../../../domain/tree/tree.js';
import { quote, quoteSome } from '../../../lib/display.js';

/** The subjects of an account that nobody imports without an activation. */
export const privateSubjects = ({ claims }: AccountEntry): string[] =>
  exportsOf(claims).flatMap((entry) => (needsActivation(entry) ? (entry.subject ?? '') : []));

/** Activations that were handed out are in no store but that of whoever imports with them. */
export function activationsElsewhere(account: AccountEntry, key: string): string[] {
  const subjects = privateSubjects(account);
  if (subjects.length === 0) return [];
  return [
    `activations for ${quoteSome(subjects)} of account ${quote(account.name)} that ${key} signed for accounts elsewhere are refused from now on: make them anew with nsc generate activation`,
  ];
}

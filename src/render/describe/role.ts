import type { DescribedRole } from '../../app/result.js';
import { listRows, type Table, yesNo } from './rows.js';
import { scopeTable } from './scope.js';

/** Users that are named; JSON has them all. */
const NAMED = 100;

/** A role as it is shown with its account, and who has it. */
export function roleTable({ account, scope, stored, users, unreadable }: DescribedRole): Table {
  const { title, groups } = scopeTable(scope);
  const more = users.length - NAMED;
  const names = more > 0 ? [...users.slice(0, NAMED), `… and ${more} more`] : users;
  return {
    title,
    groups: [
      [
        ['Account', account],
        ['Seed Stored', yesNo(stored)],
      ],
      ...groups,
      [...listRows('Users', names.length > 0 ? names : ['None']), ...listRows('Unreadable', unreadable)],
    ],
  };
}

import type { DescribedRole, RoleKey } from '../../app/result.js';
import { plural } from '../../lib/plural.js';
import { listRows, type Table, yesNo } from './rows.js';
import { scopeTable } from './scope.js';

/** Users that are named; JSON has them all. */
const NAMED = 100;

/** A role as it is shown with its account, and who has it. */
export function roleTable({ account, scope, stored, users, keys = [], unreadable }: DescribedRole): Table {
  const { title, groups } = scopeTable(scope);
  const more = users.length - NAMED;
  const names = more > 0 ? [...users.slice(0, NAMED), `… and ${more} more`] : users;
  return {
    title,
    groups: [
      [['Account', account], ['Seed Stored', yesNo(stored)], ...listRows('Rotated', keys.map(keyText))],
      ...groups,
      [...listRows('Users', names.length > 0 ? names : ['None']), ...listRows('Unreadable', unreadable)],
    ],
  };
}

/** One of several keys: where it is in its life, and what hangs on it. */
function keyText({ key, state, stored, users, isSame }: RoleKey): string {
  const facts = [
    plural(users, 'user'),
    ...(stored ? [] : ['seed not stored']),
    ...(isSame ? [] : ['says something else']),
  ];
  return `${key} (${state}: ${facts.join(', ')})`;
}

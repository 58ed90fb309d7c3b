import type { Expansion } from '../../domain/claims/template-expansion.js';
import { permissionRows } from './permissions.js';
import { listRows, type Table } from './rows.js';

/** What the template of a role comes to for one user. */
export function expansionTable(expansion: Expansion): Table {
  const title = 'Permissions under the Role';
  if ('refused' in expansion) return { title, groups: [[['Refused', expansion.refused]]] };
  const left = expansion.dropped.map(({ side, entry, reason }) => `${side} ${entry}: ${reason}`);
  return { title, groups: [permissionRows(expansion.limits), listRows('Left Out', left)] };
}

import type { Described } from '../../app/result.js';
import type {
  AccountClaims,
  ActivationClaims,
  GenericClaims,
  OperatorClaims,
  UserClaims,
} from '../../domain/claims/types.js';
import type { Paint } from '../paint.js';
import type { Style } from '../style.js';
import { accountTables } from './account.js';
import { activationTables } from './activation.js';
import { drawTable } from './frame.js';
import { genericTables } from './generic.js';
import { operatorTables } from './operator.js';
import type { Table } from './rows.js';
import { userTables } from './user.js';

/** A token as framed tables, with nsc's rows in nsc's order (reference: nsc-core.md §9.17). */
export function renderTables(described: Described, style: Style, paint: Paint): string {
  return tablesOf(described, style)
    .map((table) => drawTable(table, style.width, paint))
    .join('\n');
}

function tablesOf(described: Described, { now }: Style): Table[] {
  const { type, claims, names } = described;
  const view = { names, now };
  switch (type) {
    case 'operator':
      return operatorTables(claims as OperatorClaims, view);
    case 'account':
      return accountTables(claims as AccountClaims, view);
    case 'user':
      return userTables(claims as UserClaims, described, view);
    case 'activation':
      return activationTables(claims as ActivationClaims, view);
    case 'authorization_request':
      return genericTables('Authorization Request', claims as GenericClaims, view);
    case 'authorization_response':
      return genericTables('Authorization Response', claims as GenericClaims, view);
    case 'generic':
      return genericTables('Generic Claims', claims as GenericClaims, view);
  }
}

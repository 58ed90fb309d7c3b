import { isScopedBodyEmpty } from '../../domain/claims/scope.js';
import type { UserClaims, UserScope } from '../../domain/claims/types.js';
import type { Row, Table, View } from './rows.js';
import { scopeTable } from './scope.js';
import { standardRows } from './standard.js';
import { withPermissions } from './user-limits.js';

/** The user, and the scoped signing key it gets its permissions from. */
export function userTables(claims: UserClaims, scope: UserScope | undefined, view: View): Table[] {
  const body = claims.nats;
  const standard = standardRows('User ID', claims, body, view);
  const groups: Row[][] = isScopedBodyEmpty(body)
    ? [[...standard, ['Issuer Scoped', 'Yes']]]
    : withPermissions(standard, body, 0);
  return [{ title: 'User', groups }, ...(scope ? [scopeTable(scope)] : [])];
}

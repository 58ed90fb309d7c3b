import { isScopedBodyEmpty } from '../../domain/claims/scope.js';
import type { Expansion } from '../../domain/claims/template-expansion.js';
import type { UserClaims, UserScope } from '../../domain/claims/types.js';
import { expansionTable } from './expansion.js';
import { otherClaims, USER } from './other.js';
import type { Row, Table, View } from './rows.js';
import { scopeTable } from './scope.js';
import { standardRows } from './standard.js';
import { withPermissions } from './user-limits.js';

/** The user, the scoped signing key it gets its permissions from, and what the template of that key comes to. */
export function userTables(
  claims: UserClaims,
  { scope, expansion }: { readonly scope?: UserScope; readonly expansion?: Expansion },
  view: View,
): Table[] {
  const body = claims.nats;
  const standard = standardRows('User ID', claims, body, view);
  const groups: Row[][] = isScopedBodyEmpty(body)
    ? [[...standard, ['Issuer Scoped', 'Yes']]]
    : withPermissions(standard, body, 0);
  return [
    { title: 'User', groups: [...groups, otherClaims(claims, USER)] },
    ...(scope ? [scopeTable(scope)] : []),
    ...(expansion ? [expansionTable(expansion)] : []),
  ];
}

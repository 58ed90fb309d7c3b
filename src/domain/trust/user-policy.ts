import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { describeScope, isScopedBodyEmpty } from '../claims/scope.js';
import type { UserClaims, UserScope } from '../claims/types.js';
import type { AccountEntry } from '../tree/tree.js';

/**
 * What an account demands of a user about to be signed, beside valid claims: no bearer token where the account
 * forbids them, and nothing of its own under a scoped key (reference: nsc-core.md §7.7, jwt-nkeys.md G-1).
 *
 * @throws NscError `policy-refused`
 */
export function checkUserPolicy(user: UserClaims, account: AccountEntry, scope: UserScope | undefined): void {
  const name = quote(user.name ?? '');
  if (scope && !isScopedBodyEmpty(user.nats)) {
    throw new NscError(
      'policy-refused',
      `user ${name} gets its permissions and limits from ${describeScope(scope)} and may bring none of its own`,
      {
        hint: 'leave the permission and limit options out, or sign with an unscoped key: -K KEY',
        details: { user: user.name, key: scope.key, role: scope.role },
      },
    );
  }
  if (user.nats.bearer_token && account.claims.nats.limits?.disallow_bearer) {
    throw new NscError(
      'policy-refused',
      `account ${quote(account.name)} forbids bearer tokens, so user ${name} cannot have one`,
      {
        hint: `use --bearer=false, or allow them with: nsc edit account ${quote(account.name)} --disallow-bearer=false`,
        details: { user: user.name, account: account.name },
      },
    );
  }
}

import { isRevoked } from '../../domain/claims/revocation.js';
import type { AccountEntry, UserEntry } from '../../domain/tree/tree.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';

/** Looks out for the users that answer an auth callout while all users go by. */
export interface AuthUserWatch {
  see(user: UserEntry): void;
  /** Once all users were seen. */
  findings(): Finding[];
}

/**
 * Auth users of a callout that are not in the account, or are revoked: without one that can connect, nobody else of the
 * account can (E-40, nsc-distribution.md §5.7).
 */
export function watchAuthUsers({ name, claims }: AccountEntry): AuthUserWatch {
  const missing = new Set(claims.nats.authorization?.auth_users ?? []);
  const revoked: string[] = [];
  return {
    see(user) {
      if (missing.delete(user.claims.sub ?? '') && isRevoked(claims, user.claims)) revoked.push(user.name);
    },
    findings: () => [
      ...[...missing].map((key) =>
        finding(
          `auth user ${key} is not in this store`,
          `nsc edit authcallout --account ${quote(name)} --rm-auth-user ${key}`,
        ),
      ),
      ...revoked.map((user) => finding(`auth user ${quote(user)} is revoked`)),
    ],
  };
}

const finding = (what: string, hint?: string): Finding => ({
  rule: 'auth-user',
  level: 'warning',
  message: `${what}, so it cannot answer the auth callout`,
  ...(hint !== undefined && { hint }),
});

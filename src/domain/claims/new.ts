import type { AccountClaims, ActivationClaims, GenericClaims, OperatorClaims, UserClaims } from './types.js';

/**
 * Claims as Go's constructors make them (jwt-nkeys.md §3.3–3.7). `sub` is the public key of the entity; `iss`, `iat`
 * and `jti` come with signing.
 */

export function newOperator(sub: string, name: string): OperatorClaims {
  return { iss: sub, name, sub, nats: { type: 'operator', version: 2 } };
}

/** Everything unlimited, except JetStream, which is off. */
export function newAccount(sub: string, name: string): AccountClaims {
  return {
    name,
    sub,
    nats: {
      limits: { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
      default_permissions: { pub: {}, sub: {} },
      authorization: {},
      type: 'account',
      version: 2,
    },
  };
}

/** Unlimited, all subjects allowed. */
export function newUser(sub: string, name: string): UserClaims {
  const unlimited = { subs: -1, data: -1, payload: -1 };
  return { name, sub, nats: { pub: {}, sub: {}, ...unlimited, type: 'user', version: 2 } };
}

/** A user that has nothing of its own, because the scope of its signing key decides. */
export function newScopedUser(sub: string, name: string): UserClaims {
  return { name, sub, nats: { pub: {}, sub: {}, type: 'user', version: 2 } };
}

/** The right of account `sub` to import a subject. */
export function newActivation(sub: string): ActivationClaims {
  return { sub, nats: { type: 'activation', version: 2 } };
}

export function newGeneric(sub: string, data: Record<string, unknown> = {}): GenericClaims {
  return { sub, nats: data };
}

import { signingKeysOf } from '../claims/scope.js';
import type { AccountClaims, OperatorClaims } from '../claims/types.js';

/** The keys that speak for an operator or an account towards what it signs. */
export interface Authority {
  readonly identity: string;
  /** In listed order. */
  readonly signingKeys: readonly string[];
  /** True when the identity key must not sign what is below (E-11, nsc-distribution.md §5.5). */
  readonly strict: boolean;
}

/** Who may sign accounts. */
export const operatorAuthority = ({ sub, nats }: OperatorClaims): Authority => ({
  identity: sub ?? '',
  signingKeys: nats.signing_keys ?? [],
  strict: nats.strict_signing_key_usage === true,
});

/** Who may sign users and activations of an account: being strict is the operator's to say (jwt-nkeys.md §5.3). */
export const accountAuthority = (account: AccountClaims, operator: OperatorClaims): Authority => ({
  identity: account.sub ?? '',
  signingKeys: signingKeysOf(account),
  strict: operator.nats.strict_signing_key_usage === true,
});

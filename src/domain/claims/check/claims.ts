import type { AnyClaims, ClaimKind, ClaimsByKind, Issue } from '../types.js';
import { checkAccount } from './account.js';
import { checkActivation } from './activation.js';
import { checkAuthorizationRequest, checkAuthorizationResponse } from './callout.js';
import { checkOperator } from './operator.js';
import { checkUser } from './user.js';
import { checkValidity } from './validity.js';

type Checks = { readonly [Kind in ClaimKind]: (claims: ClaimsByKind[Kind], now: number) => Issue[] };

const CHECKS: Checks = {
  operator: checkOperator,
  account: checkAccount,
  user: checkUser,
  activation: checkActivation,
  authorization_request: checkAuthorizationRequest,
  authorization_response: checkAuthorizationResponse,
  generic: checkValidity,
};

/**
 * Every rule of jwt-nkeys.md §4 that claims break, as often and in the order Go's `Validate` reports them (where Go
 * walks a map its order is random; ours is that of the object). The claims are not changed, so a trace sampling of 0
 * stays 0.
 *
 * @param claims must be of the given kind, as decoding leaves them
 * @param now Unix seconds
 */
export function checkClaims(kind: ClaimKind, claims: AnyClaims, now: number): Issue[] {
  return (CHECKS[kind] as (claims: AnyClaims, now: number) => Issue[])(claims, now);
}

/** Whether issues forbid using the claims: errors do, broken time checks do when `times` count, warnings never. */
export function isBlocking(issues: readonly Issue[], options: { times: boolean }): boolean {
  return issues.some(({ level }) => level === 'error' || (options.times && level === 'time'));
}

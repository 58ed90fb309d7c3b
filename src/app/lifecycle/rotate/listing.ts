import type { Change } from '../../../domain/change.js';
import { keyOf, type SigningKey } from '../../../domain/claims/signing-key.js';
import type { AccountBody, OperatorClaims } from '../../../domain/claims/types.js';
import { draftOperator } from '../../../domain/draft.js';
import type { AccountEntry } from '../../../domain/tree/tree.js';
import { requireAuthentic } from '../../../domain/trust/authentic.js';
import { chooseSigner } from '../../../domain/trust/signer.js';
import { signAccount } from '../../sign-account.js';
import type { StepContext } from './stepped.js';

/** The account with a signing key more, plain or with its scope. */
export const withSigningKey = (body: AccountBody, entry: SigningKey): AccountBody => ({
  ...body,
  signing_keys: [...(body.signing_keys ?? []).filter((known) => keyOf(known) !== keyOf(entry)), entry],
});

/** The account without some signing keys; the same one where it has none of them. */
export function withoutSigningKeys(body: AccountBody, keys: readonly string[]): AccountBody {
  const kept = body.signing_keys?.filter((entry) => !keys.includes(keyOf(entry)));
  return kept?.length === body.signing_keys?.length ? body : { ...body, signing_keys: kept ?? [] };
}

/** Lets another key of a user do the auth callout of the account where one of its keys does; the same body elsewhere. */
export function withCalloutKey(body: AccountBody, key: string, beside: readonly string[]): AccountBody {
  const { authorization } = body;
  const users = authorization?.auth_users ?? [];
  if (users.includes(key) || !beside.some((known) => users.includes(known))) return body;
  return { ...body, authorization: { ...authorization, auth_users: [...users, key] } };
}

/** The account whose auth callout does without some keys; the same body where it does anyway. */
export function withoutCalloutKeys(body: AccountBody, keys: readonly string[]): AccountBody {
  const { authorization } = body;
  const kept = authorization?.auth_users?.filter((key) => !keys.includes(key));
  if (kept?.length === authorization?.auth_users?.length) return body;
  return { ...body, authorization: { ...authorization, auth_users: kept ?? [] } };
}

/**
 * Signs an account where its body is another one.
 *
 * @throws NscError those of `chooseSigner`; `bad-token` for an account that was altered, because one that cannot be
 *   signed must not keep others from it (`nsc rotate auto`)
 */
export function signChanged(context: StepContext, account: AccountEntry, body: AccountBody): Change[] {
  if (body === account.claims.nats) return [];
  requireAuthentic('account', account);
  return [signAccount(context, account, body)];
}

/** Signs the operator anew: by what `-K` names, else by its identity or an active key. Errors: those of `chooseSigner`. */
export function signOperator({ tree, now, signer: requested }: StepContext, claims: OperatorClaims): Change {
  const { operator } = tree;
  const { signer } = chooseSigner({ tree, kind: 'operator', operatorClaims: claims, requested });
  return draftOperator(operator.name, claims, { signer, now, previous: operator });
}

/** The operator with a list of signing keys. */
export const withOperatorKeys = (claims: OperatorClaims, keys: readonly string[]): OperatorClaims => ({
  ...claims,
  nats: { ...claims.nats, signing_keys: [...new Set(keys)] },
});

/** Names of the accounts that changes put, each once. */
export const putAccounts = (changes: readonly Change[]): string[] => [
  ...new Set(changes.flatMap((change) => (change.type === 'put-account' ? [change.name] : []))),
];

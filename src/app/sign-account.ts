import type { Change } from '../domain/change.js';
import type { AccountBody } from '../domain/claims/types.js';
import { draftAccount } from '../domain/draft.js';
import { getAccount } from '../domain/tree/lookup.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { type Candidate, listCandidates } from '../domain/trust/candidates.js';
import { chooseSigner } from '../domain/trust/signer.js';
import type { PlanContext, QueryContext } from './command.js';

/**
 * Signs an account with a body that was edited: by the key `-K` names, else by who signed it before.
 *
 * @throws NscError those of `chooseSigner`
 */
export function signAccount(
  { tree, now, signer: requested }: Pick<PlanContext, 'tree' | 'now' | 'signer'>,
  account: AccountEntry,
  body: AccountBody,
): Change {
  const { signer } = chooseSigner({ tree, kind: 'account', account, requested, previousIssuer: account.claims.iss });
  return draftAccount(account.name, { ...account.claims, nats: body }, { signer, now, previous: account });
}

/** The keys that may sign the account a command edits; the account is named by its `account` option. */
export function accountSigners(
  { tree, workspace }: QueryContext,
  input: { account?: string | undefined },
): Candidate[] {
  const account = getAccount(tree, input.account, workspace.selected.account);
  return listCandidates({ tree, kind: 'account', account });
}

/** The keys that may sign users and activations of the account that the `account` option names. */
export function userSigners({ tree, workspace }: QueryContext, input: { account?: string | undefined }): Candidate[] {
  const account = getAccount(tree, input.account, workspace.selected.account);
  return listCandidates({ tree, kind: 'user', account });
}

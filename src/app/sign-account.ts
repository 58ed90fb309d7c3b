import type { Change } from '../domain/change.js';
import type { AccountBody } from '../domain/claims/types.js';
import { draftAccount } from '../domain/draft.js';
import { getAccount, getUser } from '../domain/tree/lookup.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { type Candidate, listSigners } from '../domain/trust/candidates.js';
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

/**
 * The keys that may sign the account a command edits, which its `account` option names. None where the operator is
 * managed elsewhere and some key is at hand: an account there signs itself for the time being (nsc-core.md §7.8).
 */
export function accountSigners(
  { tree, workspace }: QueryContext,
  input: { account?: string | undefined },
): Candidate[] {
  const account = getAccount(tree, input.account, workspace.selected.account);
  const signers = listSigners({ tree, kind: 'account', account }, { previousIssuer: account.claims.iss });
  return tree.managed && signers.some(({ publicKey }) => tree.hasSeed(publicKey)) ? [] : signers;
}

/** The keys that may sign users and activations of the account that the `account` option names. */
export function userSigners({ tree, workspace }: QueryContext, input: { account?: string | undefined }): Candidate[] {
  const account = getAccount(tree, input.account, workspace.selected.account);
  return listSigners({ tree, kind: 'user', account });
}

/** The same for a user that is edited, which the `name` option names: who signed it before comes first. */
export function userEditSigners(
  { tree, workspace }: QueryContext,
  input: { account?: string | undefined; name?: string | undefined },
): Candidate[] {
  const account = getAccount(tree, input.account, workspace.selected.account);
  const { claims } = getUser(tree, account, input.name);
  return listSigners({ tree, kind: 'user', account }, { previousIssuer: claims.iss });
}

import type { AccountClaims, OperatorClaims, UserClaims } from '../../domain/claims/types.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { Answers } from '../option.js';
import type { Workspace } from '../workspace.js';

/*
 * What the questions of interactive mode are about: they show what stands in the tree.
 */

/** The claims that are about to be edited. */
export type FindClaims<Claims> = (workspace: Workspace, input: Answers) => Claims;

/** The tree of the selected operator. */
export const selectedTree = (workspace: Workspace): Tree => workspace.tree(workspace.selected.operator);

/** The account that the `account` option names, or the selected one. Throws `account-not-found`. */
export const chosenAccount = (workspace: Workspace, { account }: Answers): AccountEntry =>
  getAccount(selectedTree(workspace), given(account), workspace.selected.account);

/** The selected operator. */
export const editedOperator: FindClaims<OperatorClaims> = (workspace) => selectedTree(workspace).operator.claims;

/** The account that the `name` option names. */
export const editedAccount: FindClaims<AccountClaims> = (workspace, { name }) =>
  getAccount(selectedTree(workspace), given(name), workspace.selected.account).claims;

/** The user that the `account` and `name` options name. */
export const editedUser: FindClaims<UserClaims> = (workspace, input) =>
  getUser(selectedTree(workspace), chosenAccount(workspace, input), given(input.name)).claims;

const given = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

import type { AccountClaims, OperatorClaims, UserClaims } from '../../domain/claims/types.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import type { Workspace } from '../workspace.js';

/** What is about to be edited, for the questions of interactive mode: they show what stands in the tree. */
export type FindClaims<Claims> = (workspace: Workspace, input: Readonly<Record<string, unknown>>) => Claims;

export const editedOperator: FindClaims<OperatorClaims> = (workspace) =>
  workspace.tree(workspace.selected.operator).operator.claims;

/** The account that the `name` option names. */
export const editedAccount: FindClaims<AccountClaims> = (workspace, { name }) =>
  getAccount(workspace.tree(workspace.selected.operator), given(name), workspace.selected.account).claims;

/** The user that the `account` and `name` options name. */
export const editedUser: FindClaims<UserClaims> = (workspace, { account, name }) => {
  const tree = workspace.tree(workspace.selected.operator);
  return getUser(tree, getAccount(tree, given(account), workspace.selected.account), given(name)).claims;
};

const given = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

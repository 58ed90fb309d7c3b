import { getAccount } from '../../domain/tree/lookup.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { QueryContext } from '../command.js';
import { getOperator } from '../operator-lookup.js';
import { asking, type InputOf } from '../option.js';
import { accountOption, accountQuestion } from './account.js';
import { listJsonOption } from './list.js';
import { operatorOption } from './operator.js';

/** The account whose parts a command lists, which may be one of another operator than the selected one. */
export const listedAccountOptions = {
  operator: operatorOption,
  // the question offers the accounts of the selected operator
  account: asking(accountOption, { ...accountQuestion, when: (_workspace, { operator }) => operator === undefined }),
  json: listJsonOption,
};

/**
 * What the options name: by default the selected account, which is one of the selected operator.
 *
 * @throws NscError `operator-not-found`, `account-not-found`, `missing-option`
 */
export function getListedAccount(
  context: QueryContext,
  { operator, account }: Pick<InputOf<typeof listedAccountOptions>, 'operator' | 'account'>,
): { readonly tree: Tree; readonly account: AccountEntry } {
  const { selected } = context.workspace;
  const tree = operator ? getOperator(context.workspace, operator) : context.tree;
  const current = tree.operator.name === selected.operator ? selected.account : '';
  return { tree, account: getAccount(tree, account, current) };
}

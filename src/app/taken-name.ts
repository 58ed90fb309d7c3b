import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote, quoteWord } from '../lib/display.js';
import type { Workspace } from './workspace.js';

/*
 * Names of operators and accounts differ in more than letter case, so that a store can move between file systems
 * (E-44). Users are too many to be listed for that: the store looks for likely spellings when it commits.
 */

/** The operator that has the name, perhaps in other letter case. */
const findOperatorLike = (workspace: Workspace, name: string): string | undefined =>
  workspace.operatorNames().find((other) => isSame(other, name));

/** The account that has the name, perhaps in other letter case. */
const findAccountLike = (tree: Tree, name: string): string | undefined =>
  tree.accountNames().find((other) => isSame(other, name));

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether {@link refuseTakenOperator} would refuse. */
export const isTakenOperator = (workspace: Workspace, name: string): boolean =>
  findOperatorLike(workspace, name) !== undefined || workspace.isOccupied(name);

/** Whether {@link refuseTakenAccount} would refuse. */
export const isTakenAccount = (tree: Tree, name: string): boolean => findAccountLike(tree, name) !== undefined;

/**
 * A new operator needs a directory of its own.
 *
 * @throws NscError `already-exists`
 */
export function refuseTakenOperator(workspace: Workspace, name: string, hint?: string): void {
  const taken = findOperatorLike(workspace, name);
  if (taken !== undefined) {
    throw new NscError('already-exists', `operator ${quote(taken)} already exists in ${workspace.storeRoot}`, {
      hint: hint ?? 'choose another name, or another store with --data-dir DIR',
    });
  }
  if (workspace.isOccupied(name)) {
    throw new NscError('already-exists', `${workspace.operatorDir(name)} is in use and is not an operator`, {
      hint: 'choose another name',
    });
  }
}

/** @throws NscError `already-exists` */
export function refuseTakenAccount(tree: Tree, name: string): void {
  const taken = findAccountLike(tree, name);
  if (taken === undefined) return;
  throw new NscError(
    'already-exists',
    `account ${quote(taken)} already exists under operator ${quote(tree.operator.name)}`,
    {
      hint: `choose another name, or change it with: nsc edit account ${quoteWord(taken)}`,
    },
  );
}

/** @throws NscError `already-exists` */
export function refuseTakenUser(tree: Tree, account: string, name: string): void {
  if (tree.findUser(account, name) === undefined) return;
  throw new NscError('already-exists', `user ${quote(name)} already exists in account ${quote(account)}`, {
    hint: `choose another name, or change it with: nsc edit user ${quoteWord(name)} --account ${quoteWord(account)}`,
  });
}

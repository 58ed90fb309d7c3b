import { dirname, join, relative, sep } from 'node:path';
import { accountsDir, accountTokenFile, isSegment, operatorDir, operatorInfoFile } from './layout.js';
import { isOperatorDir } from './operator-info.js';
import { isFile, listEntries, listNames } from './read-file.js';
import type { Selection } from './settings.js';

/** What the working directory says about the store. */
export interface Context {
  readonly storeRoot: string;
  readonly operator?: string;
  readonly account?: string;
}

/**
 * The store the working directory lies in, or holds (nsc-core.md §2.4).
 *
 * The nearest operator directory at or above `cwd` decides; below its `accounts` the account is known too. Without
 * one, `cwd` is a store root when a directory in it is an operator's. nsc looks below `cwd` before it looks above,
 * which makes a difference only for operators inside operators, and lists directories of any size.
 */
export function findContext(cwd: string): Context | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    if (isOperatorDir(directory)) {
      const [first, account] = relative(directory, cwd).split(sep);
      const storeRoot = dirname(directory);
      const operator = relative(storeRoot, directory);
      if (operator === '') return undefined;
      return { storeRoot, operator, ...(first === 'accounts' && account !== undefined && { account }) };
    }
    if (directory === dirname(directory)) break;
  }
  return holdsOperator(cwd) ? { storeRoot: cwd } : undefined;
}

function holdsOperator(directory: string): boolean {
  try {
    return listEntries(directory).some(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && isOperatorDir(join(directory, entry.name)),
    );
  } catch {
    return false;
  }
}

/** Directory names of the operators below a store root, sorted: those with a file `.nsc`. */
export function listOperators(storeRoot: string): string[] {
  return listNames(storeRoot)
    .filter((name) => hasOperator(storeRoot, name))
    .sort();
}

/** Names of the accounts of an operator, sorted: directories that hold the JWT they are named after. */
export function listAccounts(directory: string): string[] {
  return listNames(accountsDir(directory))
    .filter((name) => hasAccount(directory, name))
    .sort();
}

export const hasOperator = (storeRoot: string, name: string): boolean =>
  isSegment(name) && isFile(operatorInfoFile(operatorDir(storeRoot, name)));

export const hasAccount = (directory: string, name: string): boolean =>
  isSegment(name) && isFile(accountTokenFile(directory, name));

/** A choice that was made, and whether it was made for the place it is now looked up in. */
interface Choice {
  readonly name: string;
  readonly madeHere: boolean;
}

/**
 * What a choice stands for now: itself while it exists, else the only one there is, else nothing.
 *
 * A choice made for this very place that exists no more selects nothing: nsc silently goes on with whatever is left
 * (E-45).
 */
export function settle({ name, madeHere }: Choice, exists: (name: string) => boolean, all: () => string[]): string {
  if (name !== '' && exists(name)) return name;
  if (name !== '' && madeHere) return '';
  const [only, ...others] = all();
  return only !== undefined && others.length === 0 ? only : '';
}

/** The operator in use under a store root (nsc-core.md §2.5). */
export function settleOperator(storeRoot: string, context: Context | undefined, stored: Selection): string {
  const choice =
    context?.operator !== undefined
      ? { name: context.operator, madeHere: true }
      : { name: stored.operator, madeHere: storeRoot === stored.storeRoot };
  return settle(
    choice,
    (name) => hasOperator(storeRoot, name),
    () => listOperators(storeRoot),
  );
}

/** The account in use under an operator (nsc-core.md §2.5). */
export function settleAccount(
  storeRoot: string,
  operator: string,
  context: Context | undefined,
  stored: Selection,
): string {
  if (operator === '') return '';
  const directory = operatorDir(storeRoot, operator);
  const choice =
    context?.account !== undefined
      ? { name: context.account, madeHere: true }
      : { name: stored.account, madeHere: storeRoot === stored.storeRoot && operator === stored.operator };
  return settle(
    choice,
    (name) => hasAccount(directory, name),
    () => listAccounts(directory),
  );
}

import { isPublicKey } from '../domain/nkey/codec.js';
import { findReadable } from '../domain/tree/readable.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import type { Workspace } from './workspace.js';

/**
 * The tree of an operator named by directory name or public key. Operators that cannot be read have no key.
 *
 * @throws NscError `operator-not-found`
 */
export function getOperator(workspace: Workspace, nameOrKey: string): Tree {
  if (!isPublicKey(nameOrKey, 'operator')) return workspace.tree(nameOrKey);
  const found = findOperatorByKey(workspace, nameOrKey);
  if (found) return found;
  throw new NscError('operator-not-found', `no operator with key ${nameOrKey} in ${workspace.storeRoot}`, {
    hint: 'nsc list operators shows the ones there are',
  });
}

/** The tree of the operator with this public key. Operators that cannot be read have no key. */
export function findOperatorByKey(workspace: Workspace, publicKey: string): Tree | undefined {
  const name = workspace.operatorNames().find((other) => keyOf(workspace, other) === publicKey);
  return name === undefined ? undefined : workspace.tree(name);
}

const keyOf = (workspace: Workspace, name: string): string | undefined =>
  findReadable(() => workspace.tree(name).operator.claims.sub);

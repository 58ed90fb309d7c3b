import { isPublicKey } from '../domain/nkey/codec.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import type { Workspace } from './workspace.js';

/**
 * The tree of an operator named by directory name or public key.
 *
 * @throws NscError `operator-not-found`
 */
export function getOperator(workspace: Workspace, nameOrKey: string): Tree {
  if (!isPublicKey(nameOrKey, 'operator')) return workspace.tree(nameOrKey);
  for (const name of workspace.operatorNames()) {
    const tree = workspace.tree(name);
    if (tree.operator.claims.sub === nameOrKey) return tree;
  }
  throw new NscError('operator-not-found', `no operator with key ${nameOrKey} in ${workspace.storeRoot}`, {
    hint: 'nsc list operators shows the ones there are',
  });
}

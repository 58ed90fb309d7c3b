import type { Tree } from '../../domain/tree/tree.js';
import type { Finding } from '../result.js';
import { failure } from './findings.js';

/**
 * Key files that hold another key than their name says, or none (E-09, E-40). A seed that is not there is no finding: it
 * may be kept elsewhere.
 *
 * @param publicKeys keys that sign; those of users are too many to be derived, `list keys` looks at them
 */
export function seedFindings(tree: Tree, publicKeys: readonly string[]): Finding[] {
  return [...new Set(publicKeys)].flatMap((key) => {
    try {
      tree.findKeyPair(key);
      return [];
    } catch (error) {
      return [failure(error, 'seed', 'warning')];
    }
  });
}

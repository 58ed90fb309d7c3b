import { NscError } from '../../errors.js';
import type { ActivationClaims, Export } from '../claims/types.js';
import { decodeKind } from '../token/decode.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { findImporters } from './importers.js';

/** An account and the activation it imports with. */
export interface ImportedActivation {
  readonly account: AccountEntry;
  readonly activation: ActivationClaims;
}

/**
 * The activations with which accounts of the tree import an export. Scans; what cannot be read is passed over, and
 * signatures are not verified.
 *
 * @param exporterKey public key of the account that exports
 */
export function findImportedActivations(tree: Tree, exporterKey: string, entry: Export): ImportedActivation[] {
  return findImporters(tree, exporterKey, entry).flatMap(({ account, import: { token } }) => {
    const activation = token ? readActivation(token) : undefined;
    return activation ? [{ account, activation }] : [];
  });
}

function readActivation(token: string): ActivationClaims | undefined {
  try {
    return decodeKind(token, 'activation').claims;
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}

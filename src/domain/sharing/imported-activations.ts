import type { ActivationClaims } from '../claims/types.js';
import { decodeKind } from '../token/decode.js';
import { findReadable } from '../tree/readable.js';
import type { AccountEntry } from '../tree/tree.js';
import type { Importer } from './importers.js';

/** An account and the activation it imports with. */
export interface ImportedActivation {
  readonly account: AccountEntry;
  readonly activation: ActivationClaims;
}

/** The activations that imports came with; what cannot be read is passed over, and signatures are not verified. */
export function importedActivations(importers: readonly Importer[]): ImportedActivation[] {
  return importers.flatMap(({ account, import: { token } }) => {
    const activation = token ? findReadable(() => decodeKind(token, 'activation').claims) : undefined;
    return activation ? [{ account, activation }] : [];
  });
}

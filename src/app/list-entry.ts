import type { RegisteredClaims } from '../domain/claims/types.js';
import type { Entry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';

/** A row of a list; what cannot be read is listed too, with the reason in place of the key. */
export function listEntry(name: string, read: () => Entry<RegisteredClaims> | undefined): Record<string, unknown> {
  try {
    const entry = read();
    const claimed = entry?.claims.name;
    const other = claimed === undefined || claimed === name ? {} : { claim_name: claimed };
    return { name, public_key: entry?.claims.sub ?? '', ...other };
  } catch (error) {
    if (error instanceof NscError) return { name, public_key: '', error: error.message };
    throw error;
  }
}

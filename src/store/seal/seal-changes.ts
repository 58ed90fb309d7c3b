import type { Change } from '../../domain/change.js';
import { sealerFor } from './age.js';
import { inParallel } from './in-parallel.js';
import type { Seal } from './seal.js';

/**
 * Encrypts what changes put into a locked keystore. Nothing has to be opened for it.
 *
 * @returns text → the same, encrypted
 * @throws NscError `bad-value` when the keystore names a recipient that is none
 */
export async function sealChanges(seal: Seal, changes: readonly Change[]): Promise<ReadonlyMap<string, string>> {
  const encrypt = sealerFor(seal.recipients);
  const secrets = changes.flatMap((change) => {
    if (change.type === 'put-seed') return [change.seed];
    return change.type === 'put-creds' && seal.creds ? [change.creds] : [];
  });
  const sealed = new Map<string, string>();
  await inParallel(secrets, async (secret) => {
    sealed.set(secret.reveal(), await encrypt(secret));
  });
  return sealed;
}

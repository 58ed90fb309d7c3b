import type { Command } from '../app/command.js';
import type { GlobalInput } from '../app/options/global.js';
import { NscError } from '../errors.js';
import { type OpenedFiles, SealedFile } from '../store/seal/opened-files.js';
import type { World } from './world.js';

/** Who meets encrypted files, and what opens them. */
export interface Unsealing {
  readonly world: World;
  readonly globals: Partial<GlobalInput>;
  /** The memory of this run. */
  readonly opened: OpenedFiles;
  readonly needsNoSeeds?: Command['needsNoSeeds'];
}

/**
 * Does something that may read seeds and creds. When it meets one that is encrypted, that is opened, and all is done
 * again: so what is done must have no effects before it has read what it needs. Queries and plans have none at all.
 *
 * Nothing of age is loaded where nothing is encrypted.
 *
 * @throws what the attempt throws; NscError `keystore-sealed`, `wrong-passphrase` and what opening throws
 */
export async function withSeeds<Found>(unsealing: Unsealing, attempt: () => Found | Promise<Found>): Promise<Found> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SealedFile)) throw error;
      const { openSealed } = await import('./open-sealed.js');
      await openSealed(error, unsealing);
    }
  }
}

/** Rows of a list are not made before they are shown where nothing says that files are encrypted; then that is told. */
export const refusalOf = (error: unknown): unknown =>
  error instanceof SealedFile
    ? new NscError('keystore-sealed', `${error.path} is encrypted, and the keystore is not locked`, {
        hint: 'decrypt it with: nsc keys unlock',
        details: { path: error.path },
      })
    : error;

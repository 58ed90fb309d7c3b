import { NscError } from '../../errors.js';

/**
 * What is found, or why it cannot be read.
 *
 * @throws NscError `keystore-sealed`: nothing is damaged there
 */
export function unlessDamaged<Found>(find: () => Found | undefined): {
  readonly found?: Found | undefined;
  readonly error?: NscError;
} {
  try {
    return { found: find() };
  } catch (error) {
    if (error instanceof NscError && error.code !== 'keystore-sealed') return { error };
    throw error;
  }
}

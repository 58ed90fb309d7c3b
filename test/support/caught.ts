import { NscError } from '../../src/errors.js';

/** The refusal that an action throws; fails when it throws nothing or something else. */
export function caught(action: () => unknown): NscError {
  try {
    action();
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The same for an action that takes its time. */
export async function caughtAsync(action: () => Promise<unknown>): Promise<NscError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof NscError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

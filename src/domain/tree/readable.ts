import { NscError } from '../../errors.js';

/** What is found, unless it cannot be read: for those who have to go on past a token that is damaged. */
export function findReadable<Found>(find: () => Found | undefined): Found | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof NscError) return undefined;
    throw error;
  }
}

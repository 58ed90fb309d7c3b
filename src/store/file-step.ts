/** One thing a commit does to the file system. Doing it twice is the same as doing it once. */
export type FileStep =
  /** Replaces or creates a file; a seed file that exists is left alone. */
  | { readonly write: string; readonly content: string }
  /** Removes a file, and its directories as far as they are empty. */
  | { readonly remove: string }
  /** Makes a directory. */
  | { readonly make: string };

/** The path a step is about. */
export const pathOf = (step: FileStep): string =>
  'write' in step ? step.write : 'remove' in step ? step.remove : step.make;

/**
 * Told before each system call that matters, so that a test can end the process there. The names are those of the
 * steps in docs/store-format.md.
 */
export type BeforeStep = (step: string) => void;

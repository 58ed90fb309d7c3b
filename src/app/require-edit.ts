import { NscError } from '../errors.js';

/**
 * Refuses an edit that names what to edit but not how. An empty list, such as an unset variable gives, edits nothing.
 *
 * @param selectors the inputs that only say what to edit
 * @throws NscError `nothing-to-do`
 */
export function requireEdit(
  command: string,
  input: Readonly<Record<string, unknown>>,
  selectors: readonly string[],
): void {
  const edits = Object.entries(input).filter(
    ([name, value]) => value !== undefined && !isEmptyList(value) && !selectors.includes(name),
  );
  if (edits.length > 0) return;
  throw new NscError('nothing-to-do', `${command}: nothing to edit was given`, {
    hint: `nsc ${command} --help lists what can be edited`,
  });
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

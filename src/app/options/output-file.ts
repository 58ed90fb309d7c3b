import { NscError } from '../../errors.js';
import { text } from '../option.js';

/** Where an answer goes. `--` is standard output, as nsc has it. */
export const outputFileOption = text('output-file', {
  short: 'o',
  placeholder: 'FILE',
  help: 'write to this file (mode 0600), replacing it',
  defaultText: 'standard output',
  complete: 'file',
});

/**
 * The file to write, or nothing for standard output.
 *
 * @throws NscError `bad-value` for an empty name, which an unset variable of a script gives
 */
export function outputFile(given: string | undefined): { file?: string } {
  if (given === '') throw new NscError('bad-value', 'the file to write to has no name');
  return given === undefined || given === '--' ? {} : { file: given };
}

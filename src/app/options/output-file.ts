import { text } from '../option.js';

/** Where an answer goes. `--` is standard output, as nsc has it. */
export const outputFileOption = text('output-file', {
  short: 'o',
  placeholder: 'FILE',
  help: 'write to this file (mode 0600), replacing it',
  defaultText: 'standard output',
  complete: 'file',
});

/** The file to write, or nothing for standard output. */
export const outputFile = (given: string | undefined): { file?: string } =>
  given === undefined || given === '--' ? {} : { file: given };

import { text } from '../option.js';

/** The operator a list is about, by name or public key. */
export const operatorOption = text('operator', {
  short: 'o',
  placeholder: 'OPERATOR',
  help: 'operator, by name or public key',
  defaultText: 'the selected operator',
  complete: 'operator',
});

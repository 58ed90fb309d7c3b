import { type Option, text } from '../option.js';

/** The name of a new entity. `*` stands for a made-up one. */
export function newNameOption(kind: 'operator' | 'account' | 'user'): Option<string> {
  return text('name', {
    short: 'n',
    placeholder: 'NAME',
    help: `name of the ${kind}; * makes one up`,
    ask: { message: `Name of the ${kind}`, type: 'input' },
  });
}

import { type Option, text } from '../option.js';

/** Where accounts are kept, for commands that may look elsewhere than the operator says (nsc-distribution.md §1.1). */
export const serverUrlOption: Option<string> = text('account-jwt-server-url', {
  short: 'u',
  placeholder: 'URL',
  help: 'servers or account server in place of the one that the operator names',
  defaultText: "the operator's",
});

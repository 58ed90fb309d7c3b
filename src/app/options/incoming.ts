import { flag } from '../option.js';

/** What `import account` and `import user` may be told to put up with (nsc-distribution.md §3.1, §3.2). */
export const incomingOptions = (kind: 'account' | 'user') => ({
  overwrite: flag('overwrite', { help: `replace the JWT of the ${kind} when it is here already` }),
  skip: flag('skip', { help: 'take it although it breaks a rule or is not valid now' }),
});

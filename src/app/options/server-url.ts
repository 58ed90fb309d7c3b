import { checkResolverUrl } from '../distribution/resolver-url.js';
import { type Option, value } from '../option.js';

/**
 * Where accounts are kept, for commands that may look elsewhere than the operator says (nsc-distribution.md §1.1). An
 * empty text stands for what the operator says.
 */
export const serverUrlOption = (spec: Pick<Option<string>, 'help' | 'defaultText' | 'ask'>): Option<string> =>
  value('account-jwt-server-url', { short: 'u', placeholder: 'URL', ...spec }, (given) => {
    if (given !== '') checkResolverUrl(given);
    return given;
  });

/** The same for commands that get accounts. */
export const sourceUrlOption = serverUrlOption({
  help: 'servers or account server in place of the one that the operator names',
  defaultText: "the operator's",
});

import { query } from '../../app/command.js';
import { accountOption } from '../../app/options/account.js';
import { outputFile, outputFileOption } from '../../app/options/output-file.js';
import { userOption } from '../../app/options/user.js';
import { warnAboutUser } from '../../app/user-warnings.js';
import { formatCreds } from '../../domain/creds/creds.js';
import { getAccount, getUser } from '../../domain/tree/lookup.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'Write the creds of a user: JWT and seed in one file',
  options: { account: accountOption, name: userOption, outputFile: outputFileOption },
  examples: [{ command: 'nsc generate creds -n alice -o alice.creds', what: 'into a file of mode 0600' }],

  run({ workspace, tree, now }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    const user = getUser(tree, account, input.name);
    requireAuthentic('user', user);
    const key = user.claims.sub ?? '';
    const pair = tree.findKeyPair(key);
    if (pair === undefined) {
      throw new NscError('key-not-found', `the seed of user ${quote(user.name)} [${key}] is not in the keystore`, {
        hint: 'put it there with: nsc import keys --dir DIR',
      });
    }
    const warnings = warnAboutUser(tree, account, user, now);
    return {
      kind: 'emitted',
      what: 'credentials',
      content: formatCreds(user.token, pair.seed),
      ...outputFile(input.outputFile),
      ownPlace: workspace.credsPath(tree.operator.name, account.name, user.name),
      ...(warnings.length > 0 && { warnings }),
      data: { user: user.name, account: account.name },
    };
  },
});

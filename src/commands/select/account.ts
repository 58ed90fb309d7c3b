import { mutation } from '../../app/command.js';
import { text } from '../../app/option.js';
import { offerAccounts } from '../../app/options/account.js';
import { changed, ok } from '../../app/result.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Select the account that commands work on',
  options: {
    name: text('name', {
      placeholder: 'ACCOUNT',
      help: 'account, by name or public key',
      complete: 'account',
      hidden: true,
      ask: { message: 'Account', type: 'select', choices: offerAccounts, takesDefault: true },
    }),
  },
  positional: { option: 'name', max: 1, placeholder: 'ACCOUNT' },
  examples: [{ command: 'nsc select account Orders', what: 'work on Orders from now on' }],

  plan({ tree }, { name }) {
    if (name === undefined)
      throw new NscError('missing-option', 'no account was named', { hint: 'nsc list accounts shows them' });
    const account = getAccount(tree, name, '');
    return {
      changes: [{ type: 'select', account: account.name }],
      result: changed(ok(`selected account ${quote(account.name)}`)),
    };
  },
});

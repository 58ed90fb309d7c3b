import { query } from '../../app/command.js';
import { flag, text } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { offerRoles } from '../../app/options/role.js';
import { scopesOf } from '../../domain/claims/scope.js';
import type { UserScope } from '../../domain/claims/types.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { getScope, groupUsers } from '../../domain/tree/roles.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = query({
  summary: 'Show a role: what it gives and to whom',
  options: {
    account: accountOption,
    name: text('name', {
      short: 'n',
      placeholder: 'ROLE|KEY',
      help: 'role, or public key of the scoped signing key',
      defaultText: 'the only role of the account',
      complete: 'role',
      ask: { message: 'Role', type: 'select', choices: offerRoles },
    }),
    json: flag('json', { short: 'J', help: 'show the role as JSON' }),
  },
  positional: { option: 'name', max: 1, placeholder: 'ROLE|KEY' },
  examples: [
    { command: 'nsc describe role reader', what: 'its permissions, limits and users' },
    { command: 'nsc describe role reader --account Orders --json', what: 'for a program' },
  ],

  run({ workspace, tree }, input) {
    const account = getAccount(tree, input.account, workspace.selected.account);
    requireAuthentic('account', account);
    const scope = input.name === undefined ? getOnlyScope(account) : getScope(account, input.name);
    const { names, unreadable } = groupUsers(tree, account.name);
    return {
      kind: 'role',
      account: account.name,
      scope,
      stored: tree.hasSeed(scope.key),
      users: names.get(scope.key) ?? [],
      unreadable,
    };
  },
});

function getOnlyScope(account: AccountEntry): UserScope {
  const [only, ...others] = scopesOf(account.claims);
  if (only && others.length === 0) return only;
  throw new NscError('missing-option', `a role of account ${quote(account.name)} is needed`, {
    hint: `name one with --name ROLE; see them with: nsc list roles --account ${quote(account.name)}`,
  });
}

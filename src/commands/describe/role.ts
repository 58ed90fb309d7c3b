import { query } from '../../app/command.js';
import { flag, text } from '../../app/option.js';
import { accountOption } from '../../app/options/account.js';
import { offerRoles } from '../../app/options/role.js';
import { diffClaims } from '../../domain/claims/diff.js';
import { scopesOf } from '../../domain/claims/scope.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { getScopes, getScopesByRole, groupUsers, type Scopes, stateOfListed } from '../../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { compareBytes } from '../../lib/canonical-json.js';
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
    const scopes = input.name === undefined ? getOnlyRole(tree, account) : getScopes(tree, account, input.name);
    const { names, unreadable } = groupUsers(tree, account.name);
    const usersOf = (key: string): readonly string[] => names.get(key) ?? [];
    const [scope] = scopes;
    return {
      kind: 'role',
      account: account.name,
      scope,
      stored: tree.hasSeed(scope.key),
      users: scopes.length === 1 ? usersOf(scope.key) : scopes.flatMap(({ key }) => usersOf(key)).sort(compareBytes),
      ...(scopes.length > 1 && {
        keys: scopes.map((other) => ({
          key: other.key,
          state: stateOfListed(tree, other.key),
          stored: tree.hasSeed(other.key),
          users: usersOf(other.key).length,
          isSame: diffClaims(other.template, scope.template).length === 0,
        })),
      }),
      unreadable,
    };
  },
});

/** The only scope of the account, or all of its only role while that is rotated. */
function getOnlyRole(tree: Tree, account: AccountEntry): Scopes {
  const [only, ...others] = scopesOf(account.claims);
  if (only && others.length === 0) return [only];
  if (only?.role && others.every(({ role }) => role === only.role)) return getScopesByRole(tree, account, only.role);
  throw new NscError('missing-option', `a role of account ${quote(account.name)} is needed`, {
    hint: `name one with --name ROLE; see them with: nsc list roles --account ${quote(account.name)}`,
  });
}

import { query } from '../../app/command.js';
import { getListedAccount, listedAccountOptions } from '../../app/options/listed-account.js';
import type { Column } from '../../app/result.js';
import { scopesOf } from '../../domain/claims/scope.js';
import { groupUsers, stateOfListed } from '../../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';

type Row = Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column[] = [
  { key: 'role', title: 'Role' },
  { key: 'public_key', title: 'Signing Key' },
  { key: 'stored', title: 'Stored', show: ({ stored }) => (stored ? '*' : '') },
  {
    key: 'users',
    title: 'Users',
    align: 'right',
    show: ({ users }) => (Array.isArray(users) ? `${users.length}` : ''),
  },
  { key: 'description', title: 'Description', show: ({ description, error }) => `${error ?? description}` },
];

/** Only where a role has several keys: all others are active. */
const STATE_COLUMN: Column = { key: 'state', title: 'State', show: ({ state }) => `${state ?? ''}` };

export const command = query({
  summary: 'List the roles of an account',
  description:
    'A role is a scoped signing key: users it signs have what its template says. The list tells how many users each ' +
    'role has; JSON names them, and has the templates. While a role is rotated it has several keys, and the list tells ' +
    'where each of them is in its life: the active one signs.',
  options: listedAccountOptions,
  examples: [{ command: 'nsc list roles -a Orders', what: 'of another account than the selected one' }],

  run(context, input) {
    const { tree, account } = getListedAccount(context, input);
    const rows = rolesOf(tree, account);
    return {
      kind: 'listed',
      title: `roles of account ${quote(account.name)}`,
      columns: rows.some(({ state }) => state !== undefined) ? [...COLUMNS, STATE_COLUMN] : COLUMNS,
      rows,
      whenEmpty: `account ${quote(account.name)} has no roles: add one with nsc edit signing-key --sk generate --role ROLE`,
      json: () => rows,
    };
  },
});

/** Sorted by role, then by key; scopes without a role come first, users that could not be counted last. */
function rolesOf(tree: Tree, account: AccountEntry): Row[] {
  const scopes = scopesOf(account.claims);
  if (scopes.length === 0) return [];
  const { names, unreadable } = groupUsers(tree, account.name);
  const roles = scopes.flatMap(({ role }) => role || []);
  const isRotated = new Set(roles).size < roles.length;
  const rows = scopes.map(({ role = '', key, description = '', template = {} }) => ({
    role,
    public_key: key,
    stored: tree.hasSeed(key),
    users: names.get(key) ?? [],
    description,
    template,
    ...(isRotated && { state: stateOfListed(tree, key) }),
  }));
  rows.sort((a, b) => compareBytes(a.role, b.role) || compareBytes(a.public_key, b.public_key));
  return [...rows, ...unreadable.map((error) => ({ role: '', public_key: '', error }))];
}

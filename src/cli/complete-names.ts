import type { Completion, OptionSet } from '../app/option.js';
import { signingKeysOf } from '../domain/claims/scope.js';
import type { AccountClaims } from '../domain/claims/types.js';
import { getAccount } from '../domain/tree/lookup.js';
import type { Tree } from '../domain/tree/tree.js';
import { globalsBeside } from './flags.js';
import { readOptions } from './input.js';
import { parseWords } from './program.js';
import { openWorkspaceOf } from './workspace.js';
import type { World } from './world.js';

type Name = readonly [name: string, description?: string];

/**
 * Names of what is in the store, for completion.
 *
 * The words typed so far say where to look: directories, and the account given by `--account` or `--system-account`.
 */
export async function findNames(
  world: World,
  source: Exclude<Completion, 'file' | 'directory' | readonly string[]>,
  options: OptionSet,
  words: readonly string[],
): Promise<readonly Name[]> {
  const { own, global } = parseWords(
    '',
    options,
    { option: '', max: Number.POSITIVE_INFINITY, placeholder: '' },
    words,
  );
  const workspace = openWorkspaceOf(world, readOptions(globalsBeside(options), global));
  if (source === 'operator') return workspace.operatorNames().map((name) => [name]);
  const operator = own.get('operator')?.at(-1) ?? workspace.selected.operator;
  const tree = workspace.tree(workspace.operatorNames().includes(operator) ? operator : workspace.selected.operator);
  if (source === 'account') return tree.accountNames().map((name) => [name]);
  if (source === 'key') return tree.storedKeys().map((key) => [key]);
  if (source === 'system-user') {
    const { system_account: key = '' } = tree.operator.claims.nats;
    const given = own.get('systemAccount')?.at(-1);
    const system = given === undefined ? tree.findAccountByKey(key) : getAccount(tree, given, '');
    return system ? tree.userNames(system.name).map((name) => [name]) : [];
  }
  const account = getAccount(tree, own.get('account')?.at(-1), workspace.selected.account);
  if (source === 'user') return tree.userNames(account.name).map((name) => [name]);
  const roles = rolesOf(account.claims);
  if (source === 'role') return roles;
  if (source === 'signing-key') return [...roles, ...signingKeysOf(account.claims).map((key) => [key] as const)];
  return [...roles, ...ownKeys(tree, account.claims)];
}

function rolesOf(claims: AccountClaims): Name[] {
  return (claims.nats.signing_keys ?? []).flatMap((key) =>
    typeof key === 'string' || !key.role ? [] : [[key.role, key.description || `scoped key ${key.key}`] as const],
  );
}

/** Keys that could sign for the account or below it. */
function ownKeys(tree: Tree, claims: AccountClaims): Name[] {
  const { claims: operator } = tree.operator;
  const keys = [claims.sub, ...signingKeysOf(claims), operator.sub, ...(operator.nats.signing_keys ?? [])];
  return keys.flatMap((key) => (key !== undefined && tree.hasSeed(key) ? [[key] as const] : []));
}

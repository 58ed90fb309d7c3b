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
  const named = own.get('account')?.at(-1);
  if (source === 'known-key' && named === undefined && workspace.selected.account === '') return knownKeys(tree);
  const account = getAccount(tree, named, workspace.selected.account);
  if (source === 'known-key') return [...rolesOf(account.claims), ...knownKeys(tree, account.claims)];
  if (source === 'user') return tree.userNames(account.name).map((name) => [name]);
  const roles = rolesOf(account.claims);
  if (source === 'role') return roles;
  if (source === 'signing-key') return [...roles, ...signingKeysOf(account.claims).map((key) => [key] as const)];
  return [...roles, ...ownKeys(tree, account.claims)];
}

/** Each once: several keys have a role while it is rotated. */
function rolesOf(claims: AccountClaims): Name[] {
  const roles = (claims.nats.signing_keys ?? []).flatMap((key) =>
    typeof key === 'string' || !key.role ? [] : [[key.role, key.description || `scoped key ${key.key}`] as const],
  );
  return roles.filter(([role], at) => roles.findIndex(([other]) => other === role) === at);
}

/** Keys with an alias by that, others of the operator and the account by themselves. */
function knownKeys(tree: Tree, claims?: AccountClaims): Name[] {
  const { claims: operator } = tree.operator;
  const ofAccount = claims ? [claims.sub, ...signingKeysOf(claims)] : [];
  const listed = [operator.sub, ...(operator.nats.signing_keys ?? []), ...ofAccount];
  const { records } = tree.keyring;
  const aliases = [...records.values()].flatMap(({ alias, key }) =>
    alias === undefined ? [] : [[alias, key] as const],
  );
  const bare = listed.filter((key) => key !== undefined && records.get(key)?.alias === undefined);
  return [...aliases, ...bare.map((key) => [key ?? ''] as const)];
}

/** Keys that could sign for the account or below it. */
function ownKeys(tree: Tree, claims: AccountClaims): Name[] {
  const { claims: operator } = tree.operator;
  const keys = [claims.sub, ...signingKeysOf(claims), operator.sub, ...(operator.nats.signing_keys ?? [])];
  return keys.flatMap((key) => (key !== undefined && tree.hasSeed(key) ? [[key] as const] : []));
}

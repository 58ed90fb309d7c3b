import type { Change } from '../domain/change.js';
import { findScope, scopesOf, signingKeysOf } from '../domain/claims/scope.js';
import type { UserScope } from '../domain/claims/types.js';
import { isLiteralKey } from '../domain/key-input.js';
import { getScopesByRole, type Scopes } from '../domain/tree/roles.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { PlanContext } from './command.js';
import type { NewOrGivenKey } from './options/key.js';
import { ok, type Step } from './result.js';
import { takeKey } from './take-key.js';

/** The signing keys that are edited: one, or all of a role while that has several. */
export interface ScopedKeys {
  /** Their scopes as they are, or a new one that gives everything. The active key of a role comes first. */
  readonly scopes: Scopes;
  /** Whether they were named by their role. */
  readonly isRole: boolean;
  /** Stores the seed that was made or given for a key. */
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

type SelectContext = Pick<PlanContext, 'tree' | 'newKey' | 'workspace'>;

/**
 * Finds the signing keys that a person means: a new one, a role, or a key, listed or not; without any of them those
 * that have the role (nsc-core.md §9.12). A role means all keys that have it while it is rotated: users of the retiring
 * one would keep what is taken from the role otherwise.
 *
 * @throws NscError `missing-option` when nothing is named, `bad-value` for more than one or an ambiguous name,
 *   `item-not-found` for a role and `key-not-found` for a text that means nothing, `policy-refused` for the account's own
 *   key, and those of `takeKey`
 */
export function selectScopedKeys(
  account: AccountEntry,
  named: readonly NewOrGivenKey[] | undefined,
  role: string | undefined,
  context: SelectContext,
): ScopedKeys {
  const [key, ...others] = named ?? [];
  if (others.length > 0) {
    throw new NscError('bad-value', 'several signing keys are named', { hint: 'edit one key at a time' });
  }
  if (key !== undefined) return fromKey(account, key, context);
  if (role !== undefined) return fromRole(getScopesByRole(context.tree, account, role));
  throw new NscError('missing-option', 'a signing key is needed', {
    hint: 'name one with --sk KEY, --sk ROLE or --role ROLE; --sk generate makes one',
  });
}

function fromKey(account: AccountEntry, given: NewOrGivenKey, context: SelectContext): ScopedKeys {
  const ofRole = given === 'generate' ? undefined : findByRole(context, account, given);
  if (ofRole) return fromRole(ofRole);
  if (given !== 'generate' && given.publicKey === undefined && given.fromFile === undefined) {
    throw new NscError(
      'key-not-found',
      `${quote(given.text)} is not a role of account ${quote(account.name)}, a key or a key file`,
      {
        hint: `see its roles with: nsc list roles --account ${quote(account.name)}; --sk generate makes a new key`,
        details: { account: account.name, roles: rolesOf(account) },
      },
    );
  }
  const { publicKey, changes, steps } = takeKey('account', given === 'generate' ? undefined : given, context);
  if (publicKey === account.claims.sub) {
    throw new NscError(
      'policy-refused',
      `${publicKey} is the identity of account ${quote(account.name)}, which no scope binds`,
      {
        hint: 'make a signing key with: --sk generate',
        details: { account: account.name, publicKey },
      },
    );
  }
  const scope = findScope(account.claims, publicKey) ?? newScope(publicKey);
  return { scopes: [scope], isRole: false, changes, steps: [...steps, ...listing(account, publicKey)] };
}

const rolesOf = ({ claims }: AccountEntry): string[] => [
  ...new Set(scopesOf(claims).flatMap(({ role }) => role || [])),
];

/** A text that is both a role and a file of another key means neither. */
function findByRole(
  { tree }: SelectContext,
  account: AccountEntry,
  given: Exclude<NewOrGivenKey, 'generate'>,
): Scopes | undefined {
  if (isLiteralKey(given) || !rolesOf(account).includes(given.text)) return undefined;
  const scopes = getScopesByRole(tree, account, given.text);
  if (given.publicKey === undefined || scopes.some(({ key }) => key === given.publicKey)) return scopes;
  const keys = [...scopes.map(({ key }) => key), given.publicKey];
  throw new NscError('bad-value', `${quote(given.text)} is a role and also the file of another key`, {
    hint: `name the key instead: ${keys.join(' or ')}`,
  });
}

const fromRole = (scopes: Scopes): ScopedKeys => ({ scopes, isRole: true, changes: [], steps: [] });

/** Absent numbers would mean unlimited, too, but Go writes them out when it reads and writes the account again. */
const newScope = (key: string): UserScope => ({
  kind: 'user_scope',
  key,
  role: '',
  template: { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 },
  description: '',
});

/** What becomes of a key that had no scope. */
function listing(account: AccountEntry, publicKey: string): Step[] {
  if (findScope(account.claims, publicKey)) return [];
  const isListed = signingKeysOf(account.claims).includes(publicKey);
  return [ok(`${isListed ? 'gave a scope to' : 'added scoped'} signing key ${quote(publicKey)}`)];
}

import type { Change } from '../domain/change.js';
import { formatCreds } from '../domain/creds/creds.js';
import { checkName } from '../domain/name.js';
import type { AccountEntry, Tree, UserEntry } from '../domain/tree/tree.js';
import { verifyUser } from '../domain/trust/verify.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { plural } from '../lib/plural.js';
import { checkIncoming, readIncoming } from './incoming.js';
import type { FoundToken } from './options/migration-source.js';
import { ok, type Step } from './result.js';

/** What becomes of the users that came with an account. */
export interface CopiedUsers {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
  /** Why which user was not copied. */
  readonly warnings: readonly string[];
}

/**
 * Users of an account that comes from another operator, as they are, with creds for those whose seeds are in the
 * keystore. One that its account would not trust here, or that is here with another or a newer JWT, is left out.
 *
 * @param options.account as it comes; its keys are what they were
 * @param options.isNew whether no user of the account is here
 */
export function copyUsers(
  tree: Tree,
  options: {
    readonly account: AccountEntry;
    readonly users: readonly FoundToken[];
    readonly isNew: boolean;
    readonly now: number;
  },
): CopiedUsers {
  const changes: Change[] = [];
  const warnings: string[] = [];
  const taken = new Set<string>();
  let creds = 0;
  for (const found of options.users) {
    const user = readUser(tree, found, options);
    const reason =
      typeof user === 'string' ? user : taken.has(user.name) ? 'there is another user of that name' : undefined;
    if (typeof user === 'string' || reason !== undefined) {
      warnings.push(`${quote(found.source)} was not copied: ${reason}`);
      continue;
    }
    taken.add(user.name);
    changes.push({ type: 'put-user', ...user });
    const pair = tree.findKeyPair(user.claims.sub ?? '');
    if (pair) {
      changes.push({ type: 'put-creds', account: user.account, user: user.name, creds: formatCreds(user.token, pair) });
      creds += 1;
    }
  }
  const account = quote(options.account.name);
  const steps =
    taken.size === 0 ? [] : [ok(`copied ${plural(taken.size, 'user')} of account ${account}, ${creds} with creds`)];
  return { changes, steps, warnings };
}

/** The user, or why it is left out. */
function readUser(
  tree: Tree,
  { source, token }: FoundToken,
  { account, isNew, now }: { readonly account: AccountEntry; readonly isNew: boolean; readonly now: number },
): UserEntry | string {
  try {
    const read = readIncoming(source, token, 'user');
    const user = { account: account.name, name: checkName('user', read.claims.name ?? ''), ...read };
    const { isBroken, warnings } = checkIncoming('user', read.claims, { now, skip: true });
    if (isBroken) return warnings.join(', ');
    const refusal = verifyUser(user, account, tree.operator, { signatures: false });
    return refusal?.message ?? (isNew ? undefined : findObstacle(tree, user)) ?? user;
  } catch (error) {
    if (error instanceof NscError) return error.message;
    throw error;
  }
}

/** Why a user that is here stays. */
function findObstacle(tree: Tree, { account, name, claims }: UserEntry): string | undefined {
  const there = tree.findUser(account, name);
  if (there === undefined) return undefined;
  if (there.claims.sub !== claims.sub) return `user ${quote(name)} is here with another key`;
  return Number(there.claims.iat ?? 0) > Number(claims.iat ?? 0)
    ? `user ${quote(name)} is here with a JWT that was issued later`
    : undefined;
}

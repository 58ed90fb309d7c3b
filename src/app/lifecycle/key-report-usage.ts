import { importsOf } from '../../domain/sharing/imports.js';
import { decodeKind } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';

/** How many tokens of the store a key signed. Activations are those that accounts of this store import with. */
export interface Usage {
  readonly accounts: number;
  readonly users: number;
  readonly activations: number;
}

const NONE: Usage = { accounts: 0, users: 0, activations: 0 };

export interface UsageCounts {
  of(key: string): Usage;
  /** What could not be counted, and why. */
  readonly unreadable: readonly Unreadable[];
}

/** An account, or a user of it, that could not be read. */
export interface Unreadable {
  readonly account: string;
  readonly user?: string;
  readonly error: string;
}

/**
 * Counts by who signed, in one scan that keeps nothing but the counts. Signatures are not verified.
 *
 * @param usersOf names of the accounts whose users are read
 */
export function countUsage(tree: Tree, usersOf: Iterable<string>): UsageCounts {
  const counts = new Map<string, Usage>();
  const unreadable: Unreadable[] = [];
  const add = (kind: keyof Usage, key = ''): void => {
    const before = counts.get(key) ?? NONE;
    counts.set(key, { ...before, [kind]: before[kind] + 1 });
  };
  for (const name of tree.accountNames()) {
    const account = readOr(unreadable, { account: name }, () => tree.findAccount(name));
    if (!account) continue;
    add('accounts', account.claims.iss);
    for (const { issuer } of activationsOf(account)) add('activations', issuer);
  }
  for (const account of usersOf) {
    for (const name of tree.userNames(account)) {
      const user = readOr(unreadable, { account, user: name }, () => tree.findUser(account, name));
      if (user) add('users', user.claims.iss);
    }
  }
  return { of: (key) => counts.get(key) ?? NONE, unreadable };
}

/** The tokens that one key signed, by name. */
export interface Signed {
  /** Names. */
  readonly accounts: readonly string[];
  /** `account/user`. */
  readonly users: readonly string[];
  readonly activations: readonly { readonly importer: string; readonly subject: string }[];
  /** Why others could not be looked at. */
  readonly unreadable: readonly string[];
}

/** @param account whose users may be signed by the key, by name */
export function findSigned(tree: Tree, key: string, account: string | undefined): Signed {
  const accounts: string[] = [];
  const users: string[] = [];
  const activations: { importer: string; subject: string }[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of tree.accountNames()) {
    const entry = readOr(unreadable, { account: name }, () => tree.findAccount(name));
    if (!entry) continue;
    if (entry.claims.iss === key) accounts.push(name);
    for (const { issuer, subject } of activationsOf(entry)) {
      if (issuer === key) activations.push({ importer: name, subject });
    }
  }
  const parent = account ?? '';
  for (const name of account === undefined ? [] : tree.userNames(parent)) {
    const user = readOr(unreadable, { account: parent, user: name }, () => tree.findUser(parent, name));
    if (user?.claims.iss === key) users.push(`${parent}/${name}`);
  }
  return { accounts, users, activations, unreadable: unreadable.map(({ error }) => error) };
}

/** Who signed the activations that are inside the imports of an account. */
export function activationsOf({ claims }: AccountEntry): { issuer: string; subject: string }[] {
  return importsOf(claims).flatMap(({ token }) => {
    const activation = token ? findReadable(() => decodeKind(token, 'activation').claims) : undefined;
    return activation ? [{ issuer: activation.iss ?? '', subject: activation.nats.subject ?? '' }] : [];
  });
}

function readOr<Read>(
  unreadable: Unreadable[],
  place: Omit<Unreadable, 'error'>,
  read: () => Read | undefined,
): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    unreadable.push({ ...place, error: error.message });
    return undefined;
  }
}

import type { Change } from '../change.js';
import { diffClaims } from '../claims/diff.js';
import { findScope } from '../claims/scope.js';
import { isConstant } from '../claims/template-expansion.js';
import { findReadable } from '../tree/readable.js';
import type { AccountEntry, Tree, UserEntry } from '../tree/tree.js';
import { type Authority, accountAuthority, operatorAuthority } from './authority.js';
import { lostImports } from './lost-imports.js';
import { type VerifyOptions, verifyAccount, verifyUser } from './verify.js';

/** A token that servers accept before a change and refuse after it, or an import that they carry no longer. */
export interface LostTrust {
  readonly kind: 'account' | 'user' | 'import';
  readonly account: string;
  /** The name of the user, or of the account itself; the subject that is imported. */
  readonly name: string;
  /** Public key of the token's subject; of the account that is imported from. */
  readonly key: string;
  readonly reason: string;
}

/**
 * The tokens that changes take trust away from: by removing a key that signed them, by narrowing what it may sign, or by
 * deleting them; and the imports whose activations go that way. What becomes of imports when an export changes, and what
 * is revoked, is for those who do that to tell (`Plan.lost`), as they know whom to look at. Tokens that the changes sign anew, or only move elsewhere, are not lost; nor are those that nobody
 * trusted before, or can read. A deleted user is lost when its account revokes it: its creds work otherwise (E-29). The
 * users of an account that lost the trust of its operator are listed only if they are lost for a reason of their own.
 *
 * Reads only what the changes can touch. Signatures are not verified.
 *
 * @param now Unix seconds; with it, tokens that have expired have nothing to lose
 */
export function lostTrust(before: Tree, after: Tree, changes: readonly Change[], now?: number): LostTrust[] {
  const search = new Search(before, after, now === undefined ? {} : { now });
  const edited = new Set(changes.flatMap((change) => (change.type === 'put-account' ? [change.name] : [])));
  const lost = [
    ...(changes.some(({ type }) => type === 'put-operator') ? search.lostToOperator() : []),
    ...[...edited].flatMap((name) => [...search.lostToAccount(name), ...search.lostImports(name)]),
    ...search.lostToDeletion(changes),
  ];
  return [...new Map(lost.map((entry) => [`${entry.kind} ${entry.account}/${entry.name}`, entry])).values()];
}

class Search {
  readonly #before: Tree;
  readonly #after: Tree;
  readonly #options: VerifyOptions;
  /** Accounts as they were, if they were trusted. */
  readonly #trusted = new Map<string, AccountEntry | undefined>();

  constructor(before: Tree, after: Tree, options: VerifyOptions) {
    this.#before = before;
    this.#after = after;
    this.#options = { ...options, signatures: false, revocations: true };
  }

  /** Accounts for which the operator no longer vouches, and users with identity keys above them once it is strict. */
  lostToOperator(): LostTrust[] {
    const names = this.#before.accountNames();
    if (names.length === 0) return [];
    const was = operatorAuthority(this.#before.operator.claims);
    const is = operatorAuthority(this.#after.operator.claims);
    const accounts = isNarrower(is, was) ? names.flatMap((name) => this.#lostAccount(name)) : [];
    const users = is.strict && !was.strict ? names.flatMap((name) => this.#lostUsers(name)) : [];
    return [...accounts, ...users];
  }

  /** Users of an account that gave up a key, scoped one, changed what it fills in, or forbids bearer tokens from now on. */
  lostToAccount(name: string): LostTrust[] {
    const was = findReadable(() => this.#before.findAccount(name));
    const is = this.#after.findAccount(name);
    if (!was || !is) return [];
    const authority = accountAuthority(was.claims, this.#before.operator.claims);
    const isPoorer = isNarrower(accountAuthority(is.claims, this.#after.operator.claims), authority);
    const isScoped = authority.signingKeys.some((key) => isNewScope(key, was, is));
    const isStricter = is.claims.nats.limits?.disallow_bearer && !was.claims.nats.limits?.disallow_bearer;
    return isPoorer || isScoped || isStricter ? this.#lostUsers(name) : [];
  }

  /** Imports from an account that gave up the key that signed their activations. */
  lostImports(name: string): LostTrust[] {
    const was = findReadable(() => this.#before.findAccount(name));
    const is = this.#after.findAccount(name);
    if (!was || !is) return [];
    const authority = accountAuthority(was.claims, this.#before.operator.claims);
    if (!isNarrower(accountAuthority(is.claims, this.#after.operator.claims), authority)) return [];
    return lostImports(this.#before, this.#after, name, this.#options.now ?? 0).map(
      ({ account, subject, exporter, reason }) => ({ kind: 'import', account, name: subject, key: exporter, reason }),
    );
  }

  lostToDeletion(changes: readonly Change[]): LostTrust[] {
    if (!changes.some(({ type }) => type === 'delete-user' || type === 'delete-account')) return [];
    const kept = new Set(
      changes.flatMap((change) => ('claims' in change && change.type !== 'put-operator' ? [change.claims.sub] : [])),
    );
    const isKept = ({ claims }: AccountEntry | UserEntry) => kept.has(claims.sub);
    return changes.flatMap((change) => {
      if (change.type === 'delete-user') {
        const user = this.#trustedUser(change.account, change.name);
        return user && !isKept(user) ? this.#lostDeletedUser(user) : [];
      }
      if (change.type !== 'delete-account') return [];
      const account = this.#trustedAccount(change.name);
      if (!account) return [];
      const users = this.#before.userNames(change.name).flatMap((name) => this.#trustedUser(change.name, name) ?? []);
      return [
        ...(isKept(account) ? [] : [lostAccount(account, 'it is deleted')]),
        ...users.filter((user) => !isKept(user)).map((user) => lostUser(user, 'it is deleted with its account')),
      ];
    });
  }

  /** Deleting the token of a user takes nothing from its creds, unless its account revokes it or is gone (E-29). */
  #lostDeletedUser(user: UserEntry): LostTrust[] {
    const parent = this.#after.findAccount(user.account);
    if (!parent) return [lostUser(user, 'it is deleted with its account')];
    const refusal = verifyUser(user, parent, this.#after.operator, this.#options);
    return refusal ? [lostUser(user, refusal.message)] : [];
  }

  #lostAccount(name: string): LostTrust[] {
    const was = this.#trustedAccount(name);
    const is = was && this.#after.findAccount(name);
    if (!is) return [];
    const refusal = verifyAccount(is, this.#after.operator, { ...this.#options, managed: this.#after.managed });
    return refusal ? [lostAccount(was, refusal.message)] : [];
  }

  #lostUsers(account: string): LostTrust[] {
    const parent = this.#trustedAccount(account) && this.#after.findAccount(account);
    if (!parent) return [];
    return this.#before.userNames(account).flatMap((name) => {
      const was = this.#trustedUser(account, name);
      const is = was && this.#after.findUser(account, name);
      if (!is) return [];
      const refusal = verifyUser(is, parent, this.#after.operator, this.#options);
      return refusal ? [lostUser(was, refusal.message)] : [];
    });
  }

  #trustedAccount(name: string): AccountEntry | undefined {
    if (this.#trusted.has(name)) return this.#trusted.get(name);
    const account = findReadable(() => this.#before.findAccount(name));
    const options = { ...this.#options, managed: this.#before.managed };
    const trusted = account && !verifyAccount(account, this.#before.operator, options) ? account : undefined;
    this.#trusted.set(name, trusted);
    return trusted;
  }

  #trustedUser(account: string, name: string): UserEntry | undefined {
    const parent = this.#trustedAccount(account);
    const user = parent && findReadable(() => this.#before.findUser(account, name));
    return user && !verifyUser(user, parent, this.#before.operator, this.#options) ? user : undefined;
  }
}

const lostAccount = ({ name, claims }: AccountEntry, reason: string): LostTrust => ({
  kind: 'account',
  account: name,
  name,
  key: claims.sub ?? '',
  reason,
});

const lostUser = ({ account, name, claims }: UserEntry, reason: string): LostTrust => ({
  kind: 'user',
  account,
  name,
  key: claims.sub ?? '',
  reason,
});

const acceptedKeys = ({ identity, signingKeys, strict }: Authority): string[] =>
  strict ? [...signingKeys] : [identity, ...signingKeys];

/** Whether a key that was accepted no longer is. */
function isNarrower(is: Authority, was: Authority): boolean {
  const accepted = new Set(acceptedKeys(is));
  return acceptedKeys(was).some((key) => !accepted.has(key));
}

/** Whether an unscoped key became a scoped one, or its template could say something else to its users. */
function isNewScope(key: string, was: AccountEntry, is: AccountEntry): boolean {
  const before = findScope(was.claims, key);
  const after = findScope(is.claims, key);
  if (!before || !after) return after !== undefined;
  const { template = {} } = after;
  if (isConstant(template) && !template.bearer_token) return false;
  const valuesOf = ({ claims }: AccountEntry) => ({ name: claims.name, tags: claims.nats.tags });
  return (
    diffClaims(before.template, template).length > 0 ||
    (!isConstant(template) && diffClaims(valuesOf(was), valuesOf(is)).length > 0)
  );
}

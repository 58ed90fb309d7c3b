import type { Change } from '../../domain/change.js';
import { isRevoked } from '../../domain/claims/revocation.js';
import type { AccountClaims, AnyClaims } from '../../domain/claims/types.js';
import { draftAccount, draftUser } from '../../domain/draft.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Entry, UserEntry } from '../../domain/tree/tree.js';
import { isAuthentic, notAuthentic, vouchFor } from '../../domain/trust/authentic.js';
import { NscError } from '../../errors.js';
import { ActivationRenewal } from './renew-activation.js';
import { renewCreds } from './renew-creds.js';
import type { LeftToken, Resigned, ResignedActivation, ResignedUser, Resigning } from './resign-types.js';
import { refuseUnfit } from './unfit-user.js';
import { unlessDamaged } from './unless-damaged.js';

export type { LeftToken, Resigned, ResignedUser, Resigning, SignedToken } from './resign-types.js';

/**
 * Signs tokens anew without another change: accounts, users with their creds, and the activations that accounts of this
 * store import with. Times of issue only move forward; user keys, permissions and the time of expiry stay. What has
 * expired is signed anew, too, and stays expired.
 *
 * One token never stands in the way of the others. What cannot or must not be signed anew is listed in `left`:
 *
 * - revoked: a later time of issue would let it in again;
 * - altered or unreadable: a new signature would make a forged token a real one. Nobody accepts it as it is;
 * - refused: who would have to sign it may not or cannot (`signerFor`).
 *
 * A user whose seed is not at hand gets a new token and no creds; where that is because a file is damaged, it says so.
 *
 * @throws NscError what `signerFor` and `signerOfAccount` throw; `bad-token` for an account that has to change for
 *   another reason and was altered
 */
export function resign(request: Resigning): Resigned {
  return new Resignation(request).run();
}

class Resignation {
  readonly #request: Resigning;
  readonly #accounts = new Map<string, Change>();
  readonly #users: ResignedUser[] = [];
  readonly #userChanges: Change[] = [];
  readonly #activations: ResignedActivation[] = [];
  readonly #left: LeftToken[] = [];
  readonly #renewal: ActivationRenewal;
  /** Names of accounts whose own token does not hold, so that nothing is signed on its word. */
  readonly #broken = new Set<string>();
  /** Names of those that hold. */
  readonly #held = new Set<string>();
  /** Who signed before, as far as the seed is at hand. */
  readonly #issuers = new Map<string, KeyPair | undefined>();

  constructor(request: Resigning) {
    this.#request = request;
    this.#renewal = new ActivationRenewal(request, (entry) => this.#isAuthentic(entry));
  }

  run(): Resigned {
    const { tree, accounts, activations, edits, usersOf } = this.#request;
    const named = typeof accounts === 'boolean' ? [] : accounts;
    const isAll = accounts === true || activations;
    const names = isAll ? tree.accountNames() : new Set([...named, ...(edits?.keys() ?? [])]);
    for (const name of names) this.#resignAccount(name);
    for (const name of usersOf) this.#resignUsers(name);
    return {
      changes: [...this.#accounts.values(), ...this.#userChanges],
      accounts: [...this.#accounts.keys()],
      users: this.#users,
      activations: this.#activations,
      left: this.#left,
    };
  }

  #resignAccount(name: string): void {
    const account = this.#readAccount(name);
    if (!account) return;
    const { nats } = account.claims;
    const { now, signerOfAccount, activations, edits } = this.#request;
    const successor = this.#findSuccessor(account);
    const edited = edits?.get(name)?.(nats) ?? nats;
    const shares = activations ? this.#renewal.renewImports(account) : undefined;
    const isRenewed = shares !== undefined && shares.imports !== nats.imports;
    if (shares) this.#left.push(...shares.left);
    if (!successor && edited === nats && !isRenewed) return;
    if (!this.#holds(account)) {
      if (edited !== nats) throw notAuthentic('account', name);
      return;
    }

    const signer = successor ?? signerOfAccount(account);
    if (signer instanceof NscError) {
      if (edited !== nats) throw signer;
      for (const { exporter } of shares?.renewed ?? []) {
        this.#leave({ kind: 'activation', account: exporter, name }, 'refused', signer);
      }
      return;
    }
    const body = isRenewed ? { ...edited, imports: shares.imports } : edited;
    const claims = { ...account.claims, nats: body } as AccountClaims;
    const change = draftAccount(name, claims, { signer, now, previous: account });
    vouchFor(change.claims, account.claims);
    this.#accounts.set(name, change);
    if (isRenewed) this.#activations.push(...shares.renewed);
  }

  /** Who signs an account anew; undefined leaves it to its own signer. */
  #findSuccessor(account: AccountEntry): KeyPair | undefined {
    const { accounts, signerFor } = this.#request;
    const { name, claims } = account;
    if (accounts !== true && (accounts === false || !accounts.includes(name))) return undefined;
    const signer = signerFor({ kind: 'account', issuer: claims.iss ?? '', account, name, claims });
    if (!(signer instanceof NscError)) return signer;
    this.#leave({ kind: 'account', account: name, name }, 'refused', signer);
    return undefined;
  }

  #resignUsers(accountName: string): void {
    const { tree, userNames } = this.#request;
    const account = this.#broken.has(accountName) ? undefined : this.#readAccount(accountName);
    if (!account) return;
    const edited = this.#accounts.get(accountName);
    const after = edited?.type === 'put-account' ? { ...account, claims: edited.claims } : account;
    for (const name of userNames?.(accountName) ?? tree.userNames(accountName)) {
      const { found: user, error } = unlessDamaged(() => tree.findUser(accountName, name));
      if (error) this.#leave({ kind: 'user', account: accountName, name }, 'unreadable', error);
      if (user && !this.#resignUser(user, account, after)) return;
    }
  }

  /** @returns whether other users of the account may be signed */
  #resignUser(user: UserEntry, account: AccountEntry, after: AccountEntry): boolean {
    const { tree, now, signerFor, revives } = this.#request;
    const { name, claims } = user;
    const signer = signerFor({ kind: 'user', issuer: claims.iss ?? '', account, name, claims });
    if (!signer) return true;
    if (!this.#holds(account)) return false;
    const wasRevoked = isRevoked(account.claims, claims);
    const leave = (reason: LeftToken['reason'], error?: NscError): true => {
      this.#leave({ kind: 'user', account: account.name, name }, reason, error);
      return true;
    };
    if (wasRevoked && !revives) return leave('revoked');
    if (signer instanceof NscError) return leave('refused', signer);
    if (!this.#isAuthentic(user)) return leave('altered', notAuthentic('user', name));
    const unfit = refuseUnfit(user, { signer, account: after, operator: tree.operator });
    if (unfit) return leave('refused', unfit);
    this.#signUser(user, wasRevoked, draftUser({ account: after, name }, claims, { signer, now, previous: user }));
    return true;
  }

  #signUser(user: UserEntry, wasRevoked: boolean, drafted: readonly Change[]): void {
    const { account, name, claims } = user;
    for (const change of drafted) {
      this.#userChanges.push(change);
      if (change.type !== 'put-user') continue;
      vouchFor(change.claims, claims);
      const { creds, problem } = renewCreds(this.#request.tree, user, change.token);
      if (creds) this.#userChanges.push({ type: 'put-creds', account, user: name, creds });
      const expires = Number(claims.exp ?? 0);
      this.#users.push({
        account,
        name,
        publicKey: claims.sub ?? '',
        hasCreds: creds !== undefined,
        ...(problem !== undefined && { problem }),
        ...(expires > 0 && { expires }),
        ...(wasRevoked && { wasRevoked }),
      });
    }
  }

  #readAccount(name: string): AccountEntry | undefined {
    const { found, error } = unlessDamaged(() => this.#request.tree.findAccount(name));
    if (!error) return found;
    this.#broken.add(name);
    this.#leave({ kind: 'account', account: name, name }, 'unreadable', error);
    return undefined;
  }

  /** Whether an account is what its issuer signed; told once where it is not. */
  #holds(account: AccountEntry): boolean {
    const { name } = account;
    if (this.#held.has(name)) return true;
    if (this.#isAuthentic(account)) {
      this.#held.add(name);
      return true;
    }
    if (!this.#broken.has(name))
      this.#leave({ kind: 'account', account: name, name }, 'altered', notAuthentic('account', name));
    this.#broken.add(name);
    return false;
  }

  /** Many tokens have the same few issuers, and their seeds are at hand as a rule. */
  #isAuthentic(entry: Entry<AnyClaims>): boolean {
    const { iss = '' } = entry.claims;
    if (!this.#issuers.has(iss)) {
      this.#issuers.set(
        iss,
        findReadable(() => this.#request.tree.findKeyPair(iss)),
      );
    }
    return isAuthentic(entry, this.#issuers.get(iss));
  }

  #leave(token: Pick<LeftToken, 'kind' | 'account' | 'name'>, reason: LeftToken['reason'], error?: NscError): void {
    this.#left.push({ ...token, reason, ...(error && { message: error.message, error }) });
  }
}

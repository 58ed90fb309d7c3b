import type { Change } from '../../domain/change.js';
import { isRevoked, isRevokedBy, issueTime, latestOf } from '../../domain/claims/revocation.js';
import type { AccountBody, ActivationClaims, Export, Import } from '../../domain/claims/types.js';
import { findSeed } from '../../domain/creds/creds.js';
import { draftAccount, draftUser } from '../../domain/draft.js';
import { type KeyPair, keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { findExport } from '../../domain/sharing/find-export.js';
import { decodeKind } from '../../domain/token/decode.js';
import { issue } from '../../domain/token/issue.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree, UserEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';

/** A token that may be signed anew. */
export interface SignedToken {
  readonly kind: 'account' | 'user' | 'activation';
  /** The key that signed it. */
  readonly issuer: string;
  /** The account itself, the one of the user, or the one that exports. */
  readonly account: AccountEntry;
  /** Of the account or the user; of an activation, the name of the account that imports with it. */
  readonly name: string;
}

/** What is looked at, and who signs it anew. */
export interface Resigning {
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
  /** The key that signs in place of who did; undefined leaves the token as it is. */
  signerFor(token: SignedToken): KeyPair | undefined;
  /** Signs accounts that change although their own signer stays: through other imports, or another body. */
  signerOfAccount(account: AccountEntry): KeyPair;
  /** Whether accounts themselves are looked at. */
  readonly accounts: boolean;
  /** Names of the accounts whose users are looked at. */
  readonly usersOf: readonly string[];
  /** Whether the activations are looked at that accounts of this store import with. */
  readonly activations: boolean;
  /** What changes in accounts besides, by name. */
  readonly edits?: ReadonlyMap<string, (body: AccountBody) => AccountBody>;
  /** Whether revoked users and activations are signed anew, too, and so accepted again. */
  readonly revives?: boolean;
}

/** A user whose token is another one now. */
export interface ResignedUser {
  readonly account: string;
  readonly name: string;
  readonly publicKey: string;
  /** Whether its creds were written; otherwise its seed is not at hand, and whoever has it needs the new token. */
  readonly hasCreds: boolean;
  /** Unix seconds; absent for ever. */
  readonly expires?: number;
}

/** A token that stays as it was although somebody else signs such tokens now. */
export interface LeftToken {
  readonly kind: 'user' | 'activation' | 'account';
  readonly account: string;
  readonly name: string;
  readonly reason: 'revoked' | 'unreadable';
  readonly message?: string;
}

export interface Resigned {
  /** Accounts first, then users with their creds. */
  readonly changes: readonly Change[];
  /** Names of accounts that are signed anew, for any reason. */
  readonly accounts: readonly string[];
  readonly users: readonly ResignedUser[];
  readonly activations: readonly { readonly importer: string; readonly exporter: string; readonly subject: string }[];
  readonly left: readonly LeftToken[];
}

/**
 * Signs tokens anew without another change: accounts, users with their creds, and the activations that accounts of this
 * store import with. Times of issue only move forward; user keys, permissions and the time of expiry stay.
 *
 * A revoked token stays as it is, because a later time of issue would let it in again.
 *
 * @throws NscError what `signerFor` and `signerOfAccount` throw, and `key-mismatch` for a seed that is another's
 */
export function resign(request: Resigning): Resigned {
  return new Resignation(request).run();
}

class Resignation {
  readonly #request: Resigning;
  readonly #accounts = new Map<string, Change>();
  readonly #users: ResignedUser[] = [];
  readonly #userChanges: Change[] = [];
  readonly #activations: { importer: string; exporter: string; subject: string }[] = [];
  readonly #left: LeftToken[] = [];
  readonly #exporters = new Map<string, AccountEntry | undefined>();

  constructor(request: Resigning) {
    this.#request = request;
  }

  run(): Resigned {
    const { tree, accounts, activations, edits, usersOf } = this.#request;
    const names = accounts || activations ? tree.accountNames() : [...(edits?.keys() ?? [])];
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
    const { tree, now, signerFor, signerOfAccount, accounts, activations, edits } = this.#request;
    const account = this.#read({ kind: 'account', account: name, name }, () => tree.findAccount(name));
    if (!account) return;
    const { iss = '' } = account.claims;
    const successor = accounts ? signerFor({ kind: 'account', issuer: iss, account, name }) : undefined;
    const imports = activations ? this.#renewImports(account) : account.claims.nats.imports;
    const edited = edits?.get(name)?.(account.claims.nats) ?? account.claims.nats;
    const isChanged = edited !== account.claims.nats || imports !== account.claims.nats.imports;
    if (!successor && !isChanged) return;
    const body = imports === account.claims.nats.imports ? edited : { ...edited, imports };
    const signer = successor ?? signerOfAccount(account);
    this.#accounts.set(
      name,
      draftAccount(name, { ...account.claims, nats: body } as AccountEntry['claims'], {
        signer,
        now,
        previous: account,
      }),
    );
  }

  /** The same list unless an activation is another one. */
  #renewImports(importer: AccountEntry): AccountEntry['claims']['nats']['imports'] {
    const { imports } = importer.claims.nats;
    const renewed = imports?.map((entry) => entry && this.#renewImport(importer, entry));
    return renewed?.some((entry, at) => entry !== imports?.[at]) ? renewed : imports;
  }

  #renewImport(importer: AccountEntry, entry: Import): Import {
    const activation = entry.token ? findReadable(() => decodeKind(entry.token ?? '', 'activation').claims) : undefined;
    const exporter = activation && this.#findExporter(entry.account ?? '');
    if (!activation || !exporter) return entry;
    const { iss = '', nats } = activation;
    const signer = this.#request.signerFor({
      kind: 'activation',
      issuer: iss,
      account: exporter,
      name: importer.name,
    });
    if (!signer) return entry;
    const shared = findExport(exporter.claims, entry.type ?? 'stream', nats.subject ?? '');
    const { name, claims } = exporter;
    if (isRevokedBy(shared?.revocations, activation) && !this.#request.revives) {
      this.#left.push({ kind: 'activation', account: name, name: importer.name, reason: 'revoked' });
      return entry;
    }
    this.#activations.push({ importer: importer.name, exporter: name, subject: nats.subject ?? '' });
    return { ...entry, token: this.#renew(activation, { signer, account: claims.sub ?? '', shared }) };
  }

  #renew(
    activation: ActivationClaims,
    { signer, account, shared }: { signer: KeyPair; account: string; shared: Export | undefined },
  ): string {
    const { issuer_account: _stale, ...body } = activation.nats;
    const nats = signer.publicKey === account ? body : { ...body, issuer_account: account };
    const after = latestOf(this.#request.now, [Number(activation.iat ?? 0) + 1]);
    const now = issueTime(shared?.revocations, activation.sub ?? '', Number(after));
    return issue('activation', { ...activation, nats }, signer, { now }).token;
  }

  #findExporter(publicKey: string): AccountEntry | undefined {
    if (!this.#exporters.has(publicKey)) {
      this.#exporters.set(publicKey, this.#request.tree.findAccountByKey(publicKey));
    }
    return this.#exporters.get(publicKey);
  }

  #resignUsers(accountName: string): void {
    const { tree } = this.#request;
    const account = this.#read({ kind: 'account', account: accountName, name: accountName }, () =>
      tree.findAccount(accountName),
    );
    if (!account) return;
    const edited = this.#accounts.get(accountName);
    const after = edited?.type === 'put-account' ? { ...account, claims: edited.claims } : account;
    for (const name of tree.userNames(accountName)) {
      const user = this.#read({ kind: 'user', account: accountName, name }, () => tree.findUser(accountName, name));
      if (user) this.#resignUser(user, account, after);
    }
  }

  #resignUser(user: UserEntry, account: AccountEntry, after: AccountEntry): void {
    const { now, signerFor, revives } = this.#request;
    const { name, claims } = user;
    const { iss = '', sub = '', exp } = claims;
    const signer = signerFor({ kind: 'user', issuer: iss, account, name });
    if (!signer) return;
    if (isRevoked(account.claims, claims) && !revives) {
      this.#left.push({ kind: 'user', account: account.name, name, reason: 'revoked' });
      return;
    }
    const pair = this.#findUserPair(user);
    this.#userChanges.push(...draftUser({ account: after, name }, claims, { signer, now, previous: user, pair }));
    const expires = Number(exp ?? 0);
    this.#users.push({
      account: account.name,
      name,
      publicKey: sub,
      hasCreds: pair !== undefined,
      ...(expires > 0 && { expires }),
    });
  }

  /** From the keystore, or from the creds, which may be all that is left of it. */
  #findUserPair({ account, name, claims: { sub = '' } }: UserEntry): KeyPair | undefined {
    const { tree } = this.#request;
    const stored = tree.findKeyPair(sub);
    if (stored) return stored;
    const creds = tree.findCreds(account, name);
    const seed = creds && findSeed(creds.reveal());
    const pair = seed && keyPairFromSeed(seed.reveal());
    return pair?.publicKey === sub ? pair : undefined;
  }

  #read<Found>(token: Pick<LeftToken, 'kind' | 'account' | 'name'>, find: () => Found | undefined): Found | undefined {
    try {
      return find();
    } catch (error) {
      if (!(error instanceof NscError)) throw error;
      this.#left.push({ ...token, reason: 'unreadable', message: error.message });
      return undefined;
    }
  }
}

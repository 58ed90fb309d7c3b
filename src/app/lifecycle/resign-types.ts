import type { Change } from '../../domain/change.js';
import type { AccountBody, AnyClaims } from '../../domain/claims/types.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { NscError } from '../../errors.js';

/** A token that may be signed anew. */
export interface SignedToken {
  readonly kind: 'account' | 'user' | 'activation';
  /** The key that signed it. */
  readonly issuer: string;
  /** The account itself, the one of the user, or the one that exports. */
  readonly account: AccountEntry;
  /** Of the account or the user; of an activation, the name of the account that imports with it. */
  readonly name: string;
  readonly claims: AnyClaims;
}

/** What is looked at, and who signs it anew. */
export interface Resigning {
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
  /**
   * The key that signs in place of who did; undefined leaves the token as it is and does not mention it, an error is why
   * it has to be left. What is thrown stops everything.
   */
  signerFor(token: SignedToken): KeyPair | NscError | undefined;
  /**
   * Signs accounts that change although their own signer stays: through other imports, or another body. An error is why
   * an account cannot get its new activations.
   */
  signerOfAccount(account: AccountEntry): KeyPair | NscError;
  /** Whether accounts themselves are looked at; or the names of those that are. */
  readonly accounts: boolean | readonly string[];
  /** Names of the accounts whose users are looked at. */
  readonly usersOf: readonly string[];
  /** The users that are looked at; default: all of the account. */
  userNames?(account: string): readonly string[];
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
  /** Why no creds were written, where it is not just that the seed is elsewhere: a damaged file, or another's. */
  readonly problem?: string;
  /** Unix seconds; absent for ever. */
  readonly expires?: number;
  /** It was refused by servers, and with `revives` it is no longer. */
  readonly wasRevoked?: boolean;
}

/** An activation that another account imports with. */
export interface ResignedActivation {
  /** Name of the account that imports. */
  readonly importer: string;
  /** Name of the account that exports. */
  readonly exporter: string;
  readonly subject: string;
  readonly wasRevoked?: boolean;
}

/** A token that stays as it was although somebody else signs such tokens now. */
export interface LeftToken {
  readonly kind: 'user' | 'activation' | 'account';
  /** Of the account itself, the one of the user, or the one that exports. */
  readonly account: string;
  /** Of the account or the user; of an activation, the name of the account that imports with it. */
  readonly name: string;
  /** Why: a new signature would let a revoked token in again; an altered or unreadable one is not what its issuer signed. */
  readonly reason: 'revoked' | 'altered' | 'unreadable' | 'refused';
  readonly message?: string;
  /** What `message` is from. */
  readonly error?: NscError;
}

export interface Resigned {
  /** Accounts first, then each user with its creds. */
  readonly changes: readonly Change[];
  /** Names of accounts that are signed anew, for any reason. */
  readonly accounts: readonly string[];
  readonly users: readonly ResignedUser[];
  readonly activations: readonly ResignedActivation[];
  readonly left: readonly LeftToken[];
}

import { findScope, isScopedBodyEmpty, signingKeysOf } from '../../domain/claims/scope.js';
import type { UserBody, UserScope } from '../../domain/claims/types.js';
import type { KeyInput } from '../../domain/key-input.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { roleNotFound } from '../../domain/tree/roles.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { chooseSigner } from '../../domain/trust/signer.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { SignedToken } from './resign-types.js';

/** What bound a user whose key signed it: nothing, a scope that is known, or one that nobody knows any more. */
type Bond = 'none' | 'lost' | { readonly role: string; readonly key: string };

/** Chooses who signs tokens anew, as an edit would: `-K`, else who signed before, or took over from that key. */
export class ResignSigners {
  readonly #tree: Tree;
  readonly #requested: KeyInput | undefined;
  readonly #chosen = new Map<string, KeyPair | NscError>();

  /** @param requested what `-K` named */
  constructor(tree: Tree, requested: KeyInput | undefined) {
    this.#tree = tree;
    this.#requested = requested;
  }

  /**
   * The key that signs a token anew, or why there is none: that is for one token, and others go on.
   *
   * A user keeps what it may do: under a role it stays in the role, and it comes under none.
   *
   * @throws NscError where `-K` names a key that may not sign the token
   */
  signerFor({ kind, issuer, account, claims }: SignedToken): KeyPair | NscError {
    const bond = kind === 'user' ? this.#bondOf(account, issuer, claims.nats as UserBody) : 'none';
    return this.#remember(`${kind} ${account.name} ${issuer} ${bond === 'lost'}`, () => {
      if (kind === 'user') return this.#chooseForUser(account, issuer, bond);
      if (kind === 'activation' && !this.#isOf(account, issuer)) return notOf(account, issuer);
      return chooseSigner({
        tree: this.#tree,
        kind,
        account,
        requested: this.#requested,
        previousIssuer: issuer,
      }).signer;
    });
  }

  /** Signs an account that gets other activations: `-K` is for those. */
  signerOfAccount(account: AccountEntry): KeyPair | NscError {
    const { iss: previousIssuer } = account.claims;
    return this.#remember(`importer ${account.name}`, () => {
      return chooseSigner({ tree: this.#tree, kind: 'account', account, previousIssuer }).signer;
    });
  }

  #remember(id: string, choose: () => KeyPair | NscError): KeyPair | NscError {
    const known = this.#chosen.get(id);
    if (known) return known;
    const chosen = this.#unlessRefused(choose);
    this.#chosen.set(id, chosen);
    return chosen;
  }

  /** Without `-K` a refusal is about one key that signed before; with it, it is about the command. */
  #unlessRefused(choose: () => KeyPair | NscError): KeyPair | NscError {
    try {
      return choose();
    } catch (error) {
      const isSealed = error instanceof NscError && error.code === 'keystore-sealed';
      if (error instanceof NscError && this.#requested === undefined && !isSealed) return error;
      throw error;
    }
  }

  #chooseForUser(account: AccountEntry, issuer: string, bond: Bond): KeyPair | NscError {
    if (bond === 'lost') return scopeLost(account, issuer);
    const isListed = issuer === account.claims.sub || signingKeysOf(account.claims).includes(issuer);
    let requested = this.#requested;
    if (!requested && !isListed && bond !== 'none' && bond.role !== '') {
      if (!hasRole(account, bond.role)) return roleNotFound(account, bond.role);
      requested = { text: bond.role };
    }
    const choice = chooseSigner({ tree: this.#tree, kind: 'user', account, requested, previousIssuer: issuer });
    return isSameBond(bond, choice.scope, issuer) ? choice.signer : otherBond(account, bond, choice.scope);
  }

  #bondOf(account: AccountEntry, issuer: string, body: UserBody): Bond {
    if (issuer === account.claims.sub) return 'none';
    const scope = findScope(account.claims, issuer);
    if (scope) return { role: scope.role ?? '', key: issuer };
    if (signingKeysOf(account.claims).includes(issuer)) return 'none';
    const slot = this.#tree.keyring.records.get(issuer)?.slot;
    if (slot?.kind === 'role') return { role: slot.role, key: issuer };
    if (slot?.kind === 'scope') return { role: '', key: slot.key };
    // whoever was under no scope has numbers of its own; a record is not believed, as it would give a former role all
    return isScopedBodyEmpty(body) ? 'lost' : 'none';
  }

  /** Whether a key is, or was, one of an account. */
  #isOf({ claims }: AccountEntry, key: string): boolean {
    if (key === claims.sub || signingKeysOf(claims).includes(key)) return true;
    const slot = this.#tree.keyring.records.get(key)?.slot;
    return slot !== undefined && 'account' in slot && slot.account === claims.sub;
  }
}

const hasRole = ({ claims }: AccountEntry, role: string): boolean =>
  (claims.nats.signing_keys ?? []).some((key) => typeof key !== 'string' && key.role === role);

function isSameBond(bond: Bond, scope: UserScope | undefined, issuer: string): boolean {
  if (bond === 'none' || bond === 'lost' || !scope) return bond === 'none' && !scope;
  return bond.role === '' ? scope.key === issuer || scope.role === undefined : scope.role === bond.role;
}

const otherBond = (account: AccountEntry, bond: Bond, scope: UserScope | undefined): NscError => {
  const was = typeof bond === 'string' ? 'no role' : `role ${quote(bond.role)}`;
  const is = scope ? `role ${quote(scope.role ?? scope.key)}` : 'no role';
  return new NscError(
    'no-signer',
    `users of account ${quote(account.name)} who are in ${was} can only be signed by a key of ${is}, which changes what they may do`,
    { hint: 'move them one by one with: nsc edit user' },
  );
};

const scopeLost = (account: AccountEntry, issuer: string): NscError =>
  new NscError(
    'no-signer',
    `account ${quote(account.name)} no longer has the role of ${issuer}, which said what its users may do`,
    { hint: 'put each of them in another role with: nsc edit user NAME --role ROLE', details: { issuer } },
  );

const notOf = (account: AccountEntry, issuer: string): NscError =>
  new NscError('signer-not-allowed', `${issuer} is no key of account ${quote(account.name)}`, {
    hint: 'give who imports a new activation with: nsc generate activation',
    details: { issuer },
  });

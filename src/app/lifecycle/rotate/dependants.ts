import { isRevokedBy } from '../../../domain/claims/revocation.js';
import { signingKeysOf } from '../../../domain/claims/scope.js';
import type { ActivationClaims, Import } from '../../../domain/claims/types.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { findExport } from '../../../domain/sharing/find-export.js';
import { decodeKind, verifyToken } from '../../../domain/token/decode.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import type { Refusal } from '../../../domain/trust/refusal.js';
import { verifyAccount, verifyUser } from '../../../domain/trust/verify.js';

/** A token of the store that servers would accept, and who signed it. */
export interface Dependant {
  readonly kind: 'account' | 'user' | 'activation';
  /** Of the account itself, the one of the user, or the one that exports. */
  readonly account: string;
  /** Of the account or the user; of an activation, the name of the account that imports with it. */
  readonly name: string;
  /** Public key. */
  readonly issuer: string;
}

/**
 * What in the store servers would accept and some keys signed: accounts by keys of the operator; users, and activations
 * that accounts of this store import with, by keys of accounts. Keys of users sign nothing. What cannot be read is
 * accepted by nobody.
 *
 * @param keys public keys
 * @param now Unix seconds
 * @param slot what they leave: a key that several accounts list stays with the others
 */
export function dependantsOf(tree: Tree, keys: readonly string[], now: number, slot?: Slot): Dependant[] {
  const signers = new Set(keys);
  const isOf = (role: string): boolean => keys.some((key) => key.startsWith(role));
  if (!isOf('O') && !isOf('A')) return [];
  const of = slot && 'account' in slot ? tree.findAccountByKey(slot.account)?.name : undefined;
  const isLeft = ({ account }: Dependant): boolean => of === undefined || account === of;
  return tree.accountNames().flatMap((name) => {
    const account = findReadable(() => tree.findAccount(name));
    if (!account) return [];
    return [
      ...dependingAccount(tree, account, signers, now),
      ...(isOf('A') && (of === undefined || of === name) ? dependingUsers(tree, account, signers, now) : []),
      ...(isOf('A') ? dependingActivations(tree, account, signers, now).filter(isLeft) : []),
    ];
  });
}

function dependingAccount(tree: Tree, account: AccountEntry, signers: ReadonlySet<string>, now: number): Dependant[] {
  const { iss = '' } = account.claims;
  // in a managed store accounts may sign themselves
  if (!signers.has(iss) || !iss.startsWith('O')) return [];
  const refusal = verifyAccount(account, tree.operator, { now });
  return isAcceptable(refusal) ? [{ kind: 'account', account: account.name, name: account.name, issuer: iss }] : [];
}

function dependingUsers(tree: Tree, account: AccountEntry, signers: ReadonlySet<string>, now: number): Dependant[] {
  const { claims } = account;
  if (![claims.sub ?? '', ...signingKeysOf(claims)].some((key) => signers.has(key))) return [];
  return tree.userNames(account.name).flatMap((name): Dependant[] => {
    const user = findReadable(() => tree.findUser(account.name, name));
    const { iss = '' } = user?.claims ?? {};
    if (!user || !signers.has(iss)) return [];
    const refusal = verifyUser(user, account, tree.operator, { now, revocations: true });
    return isAcceptable(refusal) ? [{ kind: 'user', account: account.name, name, issuer: iss }] : [];
  });
}

/** What is valid from tomorrow on depends on its key today. */
const isAcceptable = (refusal: Refusal | undefined): boolean =>
  refusal === undefined || refusal.code === 'not-yet-valid';

function dependingActivations(
  tree: Tree,
  importer: AccountEntry,
  signers: ReadonlySet<string>,
  now: number,
): Dependant[] {
  return (importer.claims.nats.imports ?? []).flatMap((entry): Dependant[] => {
    const token = entry?.token ? findReadable(() => decodeKind(entry.token ?? '', 'activation')) : undefined;
    const { iss = '' } = token?.claims ?? {};
    const exporter = token && signers.has(iss) ? tree.findAccountByKey(entry?.account ?? '') : undefined;
    if (!entry || !token || !exporter || !verifyToken(token) || !isAccepted(exporter, entry, token.claims, now))
      return [];
    return [{ kind: 'activation', account: exporter.name, name: importer.name, issuer: iss }];
  });
}

/** Servers look at activations where the export wants one. */
function isAccepted(exporter: AccountEntry, entry: Import, activation: ActivationClaims, now: number): boolean {
  const { exp = 0, nats } = activation;
  const shared = findExport(exporter.claims, entry.type ?? 'stream', nats.subject ?? '');
  if (!shared?.token_req) return false;
  return !(exp > 0 && now > exp) && !isRevokedBy(shared.revocations, activation);
}

import { findScope, signingKeysOf } from '../claims/scope.js';
import type { AccountClaims, OperatorClaims } from '../claims/types.js';
import type { Tree } from '../tree/tree.js';
import type { KeyRecord, Keyring, KeyState } from './keyring.js';
import { isSameSlot, ownerOf, type Slot } from './slot.js';

/** A key of the tree, or one that was, and where it is in its life. */
export interface KeyInfo {
  readonly key: string;
  readonly slot: Slot;
  readonly state: KeyState;
  /** Whether the tree refers to it: a token has it as subject or lists it. */
  readonly isListed: boolean;
  /** Absent for a key that only tokens speak of. */
  readonly record?: KeyRecord;
}

/**
 * The state of a key. Tokens have the last word on who is trusted, because nsc changes them without a keyring: a listed
 * key that a record calls removed is active again, and one that is no longer listed was removed. Keys of users that are
 * about to come or to go are in no token of the store, so the one that the token is about is active.
 */
export function stateOf(record: KeyRecord | undefined, isListed: boolean): KeyState {
  if (record === undefined) return isListed ? 'active' : 'removed';
  const { state, slot } = record;
  if (state === 'compromised') return 'compromised';
  if (isListed) return slot.kind === 'user' || state === 'removed' ? 'active' : state;
  return slot.kind === 'user' && state !== 'active' ? state : 'removed';
}

/**
 * The state of a listed key where it is listed. Several accounts may list the same key, and it comes or goes in one of
 * them: the others go on to sign with it. One that is compromised is so everywhere.
 *
 * @param owner of the token that lists it, as `ownerOf` says
 */
export function stateUnder(record: KeyRecord | undefined, owner: string): KeyState {
  return isBusyElsewhere(record, owner) ? 'active' : stateOf(record, true);
}

/** Whether a key comes or goes somewhere else than under an owner. */
export const isBusyElsewhere = (record: KeyRecord | undefined, owner: string): boolean =>
  record !== undefined && (record.state === 'next' || record.state === 'retiring') && ownerOf(record.slot) !== owner;

/** Where a key stands according to tokens, unless its record knows better: a coming identity is listed as signing key. */
function infoOf({ records }: Keyring, key: string, listedIn: Slot): KeyInfo {
  const record = records.get(key);
  const slot = record && isElsewhere(record.slot, listedIn) ? record.slot : listedIn;
  return { key, slot, state: stateUnder(record, ownerOf(listedIn)), isListed: true, ...(record && { record }) };
}

/**
 * Before and after its time as identity of the operator, a key is one of its signing keys. A scope without a role keeps
 * the name of its first key.
 */
const isElsewhere = (recorded: Slot, listedIn: Slot): boolean =>
  recorded.kind === 'operator-identity' ? listedIn.kind === 'operator-signing' : bothScopes(recorded, listedIn);

const bothScopes = (a: Slot, b: Slot): boolean => a.kind === 'scope' && b.kind === 'scope' && a.account === b.account;

/** The keys of the operator, as listed. */
export function operatorKeyInfos(keyring: Keyring, { sub = '', nats }: OperatorClaims): KeyInfo[] {
  return [
    infoOf(keyring, sub, { kind: 'operator-identity' }),
    ...(nats.signing_keys ?? []).map((key) => infoOf(keyring, key, { kind: 'operator-signing' })),
  ];
}

/** Where a signing key of an account stands, according to its token. */
export function accountSlot(claims: AccountClaims, key: string): Slot {
  const { sub: account = '' } = claims;
  const scope = findScope(claims, key);
  if (scope === undefined) return { kind: 'account-signing', account };
  return scope.role ? { kind: 'role', account, role: scope.role } : { kind: 'scope', account, key };
}

/** The keys of an account, as listed. */
export function accountKeyInfos(keyring: Keyring, claims: AccountClaims): KeyInfo[] {
  const { sub: account = '' } = claims;
  return [
    infoOf(keyring, account, { kind: 'account-identity', account }),
    ...signingKeysOf(claims).map((key) => infoOf(keyring, key, accountSlot(claims, key))),
  ];
}

/** The key of a user. */
export const userKeyInfo = (keyring: Keyring, account: string, user: string, key: string): KeyInfo =>
  infoOf(keyring, key, { kind: 'user', account, user });

/**
 * Every key in a slot: those that the tree has there, in listed order, then those that only the keyring knows of, which
 * are coming or gone. Keys of other slots cost nothing to look past.
 */
export function keysInSlot(tree: Tree, slot: Slot): KeyInfo[] {
  const { keyring } = tree;
  const listed = listedAround(tree, slot).filter((info) => isSameSlot(info.slot, slot));
  const known = new Set(listed.map(({ key }) => key));
  const others = [...keyring.records.values()].filter(
    (record) => isSameSlot(record.slot, slot) && !known.has(record.key),
  );
  return [
    ...listed,
    ...others.map((record) => ({
      key: record.key,
      slot,
      state: stateOf(record, false),
      isListed: false,
      record,
    })),
  ];
}

/** What the token that has the slot lists, of whatever slot. */
function listedAround(tree: Tree, slot: Slot): KeyInfo[] {
  if (slot.kind === 'operator-identity' || slot.kind === 'operator-signing') {
    return operatorKeyInfos(tree.keyring, tree.operator.claims);
  }
  const account = tree.findAccountByKey(slot.account);
  if (!account) return [];
  if (slot.kind !== 'user') return accountKeyInfos(tree.keyring, account.claims);
  const key = tree.findUser(account.name, slot.user)?.claims.sub;
  return key === undefined ? [] : [userKeyInfo(tree.keyring, slot.account, slot.user, key)];
}

/** Whether a key is trusted, or may be, and signs nothing unless somebody activates it. */
export const isSilent = (state: KeyState): boolean => state !== 'active';

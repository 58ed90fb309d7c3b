import type { KeyRecord, KeyState } from '../../domain/keyring/keyring.js';
import type { Slot } from '../../domain/keyring/slot.js';
import { accountKeyInfos, type KeyInfo, operatorKeyInfos, stateOf, userKeyInfo } from '../../domain/keyring/state.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';

/** Which keys are reported. */
export interface KeyScope {
  readonly operator: boolean;
  /** Names. */
  readonly accounts: readonly string[];
  /** Whether users' own keys are, all of them. Those that are coming, going or compromised are in any case. */
  readonly users: boolean;
  /** Whether keys are that were removed. */
  readonly removed: boolean;
  /** Keys in this state only. */
  readonly state?: KeyState | undefined;
  /** Whether records of accounts are that the store no longer has. */
  readonly gone: boolean;
}

/** A key and whose it is; or why a token could not be looked at. */
export type FoundKey = Owned | { readonly error: string };

interface Owned {
  readonly info: KeyInfo;
  /** Absent for keys of the operator, and of accounts that are gone. */
  readonly account?: AccountEntry;
}

/**
 * The keys that are meant: the operator's, then account by account its own and those of its users. Each owner's are in the
 * order of its token; keys that only the keyring knows come after them. One user is held at a time.
 */
export function* keysIn(tree: Tree, scope: KeyScope): Generator<FoundKey> {
  const isWanted = ({ state }: KeyInfo): boolean =>
    scope.state === undefined ? scope.removed || state !== 'removed' : state === scope.state;
  for (const found of everyKey(tree, scope)) if ('error' in found || isWanted(found.info)) yield found;
}

function* everyKey(tree: Tree, { operator, accounts, users, gone }: KeyScope): Generator<FoundKey> {
  const { keyring } = tree;
  const byOwner = groupRecords(keyring.records.values());
  const take = (owner: string): readonly KeyRecord[] => {
    const records = byOwner.get(owner) ?? [];
    byOwner.delete(owner);
    return records;
  };
  if (operator) {
    const listed = operatorKeyInfos(keyring, tree.operator.claims);
    yield* owned(uniqueKeys([...listed, ...unlisted(take(OPERATOR))]));
  }
  for (const name of accounts) {
    const account = yield* readOr(() => tree.findAccount(name));
    if (!account) continue;
    const records = take(account.claims.sub ?? '');
    const ofUsers = records.filter(({ slot }) => slot.kind === 'user');
    const ofAccount = records.filter(({ slot }) => slot.kind !== 'user');
    yield* owned(uniqueKeys([...accountKeyInfos(keyring, account.claims), ...unlisted(ofAccount)]), account);
    if (users) yield* userKeys(tree, account);
    yield* owned(recordedUserKeys(tree, account, ofUsers, users), account);
  }
  if (!gone) return;
  byOwner.delete(OPERATOR);
  for (const records of byOwner.values()) yield* owned(unlisted(records));
}

function* userKeys(tree: Tree, account: AccountEntry): Generator<FoundKey> {
  const { sub = '' } = account.claims;
  for (const name of tree.userNames(account.name)) {
    const user = yield* readOr(() => tree.findUser(account.name, name));
    if (user) yield { info: userKeyInfo(tree.keyring, sub, name, user.claims.sub ?? ''), account };
  }
}

/** Keys of users in the keyring, without those that {@link userKeys} gives. */
function recordedUserKeys(
  tree: Tree,
  account: AccountEntry,
  records: readonly KeyRecord[],
  hasListed: boolean,
): KeyInfo[] {
  return records.flatMap((record): KeyInfo[] => {
    const { key, slot } = record;
    const user = slot.kind === 'user' ? findReadable(() => tree.findUser(account.name, slot.user)) : undefined;
    const isListed = user?.claims.sub === key;
    const state = stateOf(record, isListed);
    const isPlain = isListed && (hasListed || state === 'active');
    return isPlain ? [] : [{ key, slot, state, isListed, record }];
  });
}

/** Owner of the operator's keys. */
export const OPERATOR = '';

/** @returns public key of an account, or {@link OPERATOR} → records of its keys, and of the account's users */
export function groupRecords(records: Iterable<KeyRecord>): Map<string, KeyRecord[]> {
  const groups = new Map<string, KeyRecord[]>();
  for (const record of records) {
    const owner = ownerOf(record.slot);
    const group = groups.get(owner);
    if (group) group.push(record);
    else groups.set(owner, [record]);
  }
  return groups;
}

const ownerOf = (slot: Slot): string => ('account' in slot ? slot.account : OPERATOR);

const unlisted = (records: readonly KeyRecord[]): KeyInfo[] =>
  records.map((record) => ({
    key: record.key,
    slot: record.slot,
    state: stateOf(record, false),
    isListed: false,
    record,
  }));

/** What a token lists counts before what the keyring says. */
function uniqueKeys(infos: readonly KeyInfo[]): KeyInfo[] {
  const seen = new Set<string>();
  return infos.filter(({ key }) => !seen.has(key) && seen.add(key));
}

function* owned(infos: readonly KeyInfo[], account?: AccountEntry): Generator<FoundKey> {
  for (const info of infos) yield { info, ...(account && { account }) };
}

function* readOr<Read>(read: () => Read | undefined): Generator<FoundKey, Read | undefined> {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    yield { error: error.message };
    return undefined;
  }
}

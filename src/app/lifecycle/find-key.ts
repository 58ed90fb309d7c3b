import type { KeyInput } from '../../domain/key-input.js';
import { findByAlias } from '../../domain/keyring/keyring.js';
import {
  accountKeyInfos,
  isSilent,
  type KeyInfo,
  keysInSlot,
  operatorKeyInfos,
  stateOf,
  userKeyInfo,
} from '../../domain/keyring/state.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/**
 * The key a person names, by public key, seed, key file or alias: one of the tree, or one that only the keyring knows.
 *
 * @throws NscError `key-not-found`
 */
export function getKeyInfo(tree: Tree, given: KeyInput): KeyInfo {
  const key = given.publicKey ?? findByAlias(tree.keyring, given.text)?.key;
  if (key === undefined) {
    throw new NscError('key-not-found', `${quote(given.text)} is neither a key, a key file nor an alias`, {
      hint: 'see them with: nsc keys list',
      details: { key: given.text },
    });
  }
  const info = findKeyInfo(tree, key);
  if (info) return info;
  throw new NscError('key-not-found', `operator ${quote(tree.operator.name)} has nothing to do with ${key}`, {
    hint: 'see its keys with: nsc keys list --all',
    details: { key },
  });
}

/** The key of a tree, wherever it is; accounts and users are searched for it. */
export function findKeyInfo(tree: Tree, key: string): KeyInfo | undefined {
  const { keyring, operator } = tree;
  const isIt = (info: KeyInfo): boolean => info.key === key;
  const record = keyring.records.get(key);
  // listed in several places, it is meant where it comes or goes
  if (record?.state === 'next' || record?.state === 'retiring') {
    const found = keysInSlot(tree, record.slot).find(isIt);
    if (found && isSilent(found.state) && found.state !== 'removed') return found;
  }
  if (key.startsWith('O')) {
    const found = operatorKeyInfos(keyring, operator.claims).find(isIt);
    if (found) return found;
  }
  for (const name of /^[AU]/.test(key) ? tree.accountNames() : []) {
    const account = findReadable(() => tree.findAccount(name));
    if (!account) continue;
    if (key.startsWith('A')) {
      const found = accountKeyInfos(keyring, account.claims).find(isIt);
      if (found) return found;
      continue;
    }
    const user = tree.findUserByKey(name, key);
    if (user) return userKeyInfo(keyring, account.claims.sub ?? '', user.name, key);
  }
  return record && { key, slot: record.slot, state: stateOf(record, false), isListed: false, record };
}

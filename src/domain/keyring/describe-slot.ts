import { quote } from '../../lib/display.js';
import type { Tree } from '../tree/tree.js';
import type { Slot } from './slot.js';

/** A slot in words: `role "reader" of account "A"`, `signing keys of operator "O"`. */
export function describeSlot(tree: Tree, slot: Slot): string {
  if (slot.kind === 'operator-identity') return `identity of operator ${quote(tree.operator.name)}`;
  if (slot.kind === 'operator-signing') return `signing keys of operator ${quote(tree.operator.name)}`;
  const name = tree.findAccountByKey(slot.account)?.name;
  const account = `account ${name === undefined ? slot.account : quote(name)}`;
  switch (slot.kind) {
    case 'account-identity':
      return `identity of ${account}`;
    case 'account-signing':
      return `signing keys of ${account}`;
    case 'role':
      return `role ${quote(slot.role)} of ${account}`;
    case 'scope':
      return `scope of ${slot.key} of ${account}`;
    case 'user':
      return `key of user ${quote(slot.user)} of ${account}`;
  }
}

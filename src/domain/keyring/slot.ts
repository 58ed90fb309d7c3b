/**
 * A place in the chain of trust that a key fills. Rotation puts another key there, and what the place means stays: the
 * users of a role, for instance, are signed by whichever key has it.
 *
 * Accounts are named by their public key, which survives a rename.
 */
export type Slot =
  | { readonly kind: 'operator-identity' }
  | { readonly kind: 'operator-signing' }
  | { readonly kind: 'account-identity'; readonly account: string }
  | { readonly kind: 'account-signing'; readonly account: string }
  | { readonly kind: 'role'; readonly account: string; readonly role: string }
  /** A scope without a role has no name but its first key. */
  | { readonly kind: 'scope'; readonly account: string; readonly key: string }
  | { readonly kind: 'user'; readonly account: string; readonly user: string };

/** The public key of the account that a slot is in; `''` for those of the operator. */
export const ownerOf = (slot: Slot): string => ('account' in slot ? slot.account : '');

/** A text that is the same for the same slot. */
export function slotId(slot: Slot): string {
  switch (slot.kind) {
    case 'operator-identity':
    case 'operator-signing':
      return slot.kind;
    case 'account-identity':
    case 'account-signing':
      return `${slot.kind} ${slot.account}`;
    case 'role':
      return `role ${slot.account} ${slot.role}`;
    case 'scope':
      return `scope ${slot.account} ${slot.key}`;
    case 'user':
      return `user ${slot.account} ${slot.user}`;
  }
}

/** Asked of every record of a keyring: most differ in what is compared first. */
export const isSameSlot = (a: Slot, b: Slot): boolean =>
  a.kind === b.kind && (!('account' in a && 'account' in b) || a.account === b.account) && slotId(a) === slotId(b);

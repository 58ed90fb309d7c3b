import { scopesOf } from '../../../domain/claims/scope.js';
import type { UserScope } from '../../../domain/claims/types.js';
import { ownerOf, type Slot } from '../../../domain/keyring/slot.js';
import { isBusyElsewhere, type KeyInfo, keysInSlot } from '../../../domain/keyring/state.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quote, quoteWord } from '../../../lib/display.js';

/** The keys of a slot by where they are in their life. */
export interface SlotKeys {
  /** Announced; there is one at most. */
  readonly next: KeyInfo | undefined;
  readonly active: readonly KeyInfo[];
  readonly retiring: readonly KeyInfo[];
  readonly removed: readonly KeyInfo[];
}

/**
 * The keys of a slot that a rotation may change.
 *
 * @throws NscError `managed-operator` for a slot of an operator that is managed elsewhere, `policy-refused` for the
 *   identity of an account, `account-not-found`
 */
export function getSlotKeys(tree: Tree, slot: Slot): SlotKeys {
  refuseFixed(tree, slot);
  const infos = keysInSlot(tree, slot);
  const inState = (state: KeyInfo['state']): KeyInfo[] => infos.filter((info) => info.state === state);
  return {
    next: inState('next')[0],
    active: inState('active'),
    retiring: inState('retiring'),
    removed: inState('removed'),
  };
}

/** Where else a key comes or goes at present: the keyring tells of one place, so others have to wait for it. */
export function findOtherPlace(tree: Tree, { slot, record }: KeyInfo): Slot | undefined {
  if (!record || !isBusyElsewhere(record, ownerOf(slot))) return undefined;
  const owner = ownerOf(record.slot);
  return owner === '' || tree.findAccountByKey(owner) ? record.slot : undefined;
}

export const isOperatorSlot = ({ kind }: Slot): boolean => kind === 'operator-identity' || kind === 'operator-signing';

/** Keys that cannot be replaced here, or not at all. */
function refuseFixed(tree: Tree, slot: Slot): void {
  if (isOperatorSlot(slot) && tree.managed) {
    throw new NscError(
      'managed-operator',
      `operator ${quote(tree.operator.name)} is managed elsewhere, and only there its keys are rotated`,
      { hint: 'import the JWT it has then with: nsc add operator --url FILE --force' },
    );
  }
  if (slot.kind !== 'account-identity') return;
  const account = getSlotAccount(tree, slot);
  throw new NscError(
    'policy-refused',
    `the identity of account ${quote(account.name)} is what servers know it by, and does not rotate`,
    {
      hint: `let signing keys sign in its place, and rotate those: nsc rotate start --account ${quoteWord(account.name)}`,
      details: { account: account.name },
    },
  );
}

/**
 * The account that a slot belongs to.
 *
 * @throws NscError `account-not-found`
 */
export function getSlotAccount(tree: Tree, slot: Slot): AccountEntry {
  const key = 'account' in slot ? slot.account : '';
  const account = tree.findAccountByKey(key);
  if (account) return account;
  throw new NscError(
    'account-not-found',
    `account ${quote(key)} does not exist under operator ${quote(tree.operator.name)}`,
    {
      hint: 'see them all with: nsc list accounts',
      details: { account: key },
    },
  );
}

/** Who signs where a slot of signing keys is empty; it makes room for the first of them, and stays what it is. */
export function identityAbove(tree: Tree, slot: Slot): string[] {
  if (slot.kind === 'operator-signing') return [tree.operator.claims.sub ?? ''];
  return slot.kind === 'account-signing' ? [slot.account] : [];
}

/** What names a slot on the command line: `--account "A" --role "reader"`. */
export function slotWords(tree: Tree, slot: Slot): string {
  if (slot.kind === 'operator-signing') return '--operator';
  if (slot.kind === 'operator-identity') return '--identity';
  if (slot.kind === 'scope') return slot.key;
  const account = `--account ${quoteWord(getSlotAccount(tree, slot).name)}`;
  if (slot.kind === 'role') return `${account} --role ${quoteWord(slot.role)}`;
  return slot.kind === 'user' ? `${account} --user ${quoteWord(slot.user)}` : account;
}

/** The scopes that some keys have in an account, in listed order; plain keys have none. */
export function scopesInSlot(account: AccountEntry, keys: readonly KeyInfo[]): UserScope[] {
  const known = new Set(keys.map(({ key }) => key));
  return scopesOf(account.claims).filter(({ key }) => key !== undefined && known.has(key));
}

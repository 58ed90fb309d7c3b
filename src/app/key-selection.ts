import { isPublicKey, roleOf } from '../domain/nkey/codec.js';
import { accountKeys, allKeys, operatorKeys, type TreeKey, userKeys } from '../domain/tree/keys.js';
import { getAccount, getUser } from '../domain/tree/lookup.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { QueryContext } from './command.js';

/** Which keys a person means. Without a kind: operator, selected account and its users. */
export interface KeySelection {
  readonly operator?: boolean | undefined;
  readonly accounts?: boolean | undefined;
  readonly users?: boolean | undefined;
  readonly curves?: boolean | undefined;
  readonly all?: boolean | undefined;
  /** Limits accounts and users to one account, by name or public key. */
  readonly account?: string | undefined;
  /** Limits users to one, by name or public key. */
  readonly user?: string | undefined;
  /** One curve key, by its public key, whether something refers to it or not. */
  readonly curveKey?: string | undefined;
  /** A part of the public key, in any letter case. */
  readonly filter?: string | undefined;
  /** Keys of the keystore that nothing in the operator refers to, in place of those it refers to. */
  readonly notReferenced?: boolean | undefined;
}

type Kind = 'operator' | 'accounts' | 'users' | 'curves';
type SelectContext = Pick<QueryContext, 'workspace' | 'tree'>;

/** The entity of a key that nothing refers to. */
export const NOBODY = '?';

/**
 * The keys that are meant, those of the operator first, then account by account, then users. A curve key belongs to its
 * account's keys and is of a kind of its own as well (nsc-core.md §9.18, E-60, E-65).
 *
 * @throws NscError `account-not-found`, `user-not-found`, `key-not-found` and `wrong-key-kind` for the curve key, and
 *   what reading the operator throws; the keystore alone can be looked at without one
 */
export function* selectKeys(context: SelectContext, selection: KeySelection): Generator<TreeKey> {
  const wanted = (selection.filter ?? '').toUpperCase();
  const keys = selection.notReferenced
    ? unreferencedKeys(context, selection)
    : referencedKeys(context, context.tree, selection);
  for (const key of keys) if (key.publicKey.includes(wanted)) yield key;
}

function isKindNamed({ operator, accounts, users, curves, all, curveKey }: KeySelection): boolean {
  return Boolean(operator || accounts || users || curves || all || curveKey !== undefined);
}

const wants = (selection: KeySelection, kind: Kind): boolean =>
  Boolean(!isKindNamed(selection) || selection.all || selection[kind]);

function* referencedKeys(context: SelectContext, tree: Tree, selection: KeySelection): Generator<TreeKey> {
  const accounts = accountsOf(context, tree, selection);
  if (wants(selection, 'operator')) yield* operatorKeys(tree);
  let isCurveFound = false;
  for (const name of accounts) {
    for (const key of accountKeys(tree, name)) {
      const isNamed = key.publicKey === selection.curveKey;
      isCurveFound ||= isNamed;
      const ofKind = wants(selection, 'accounts') || (key.role === 'curve' && wants(selection, 'curves'));
      if (isNamed || ofKind) yield key;
    }
  }
  if (selection.curveKey !== undefined && !isCurveFound) yield looseCurveKey(context, selection.curveKey);
  if (wants(selection, 'users')) yield* usersOf(tree, accounts, selection.user);
}

function accountsOf({ workspace }: SelectContext, tree: Tree, selection: KeySelection): string[] {
  const isNamed = isKindNamed(selection);
  if (selection.account === undefined && isNamed) return tree.accountNames();
  if (selection.account === undefined && workspace.selected.account === '') return [];
  return [getAccount(tree, selection.account, workspace.selected.account).name];
}

/** One user may be in any of several accounts. */
function* usersOf(tree: Tree, accounts: readonly string[], wanted: string | undefined): Generator<TreeKey> {
  if (wanted === undefined) {
    for (const name of accounts) yield* userKeys(tree, name);
    return;
  }
  const [only] = accounts;
  if (only !== undefined && accounts.length === 1) {
    yield* userKeys(tree, only, getUser(tree, getAccount(tree, only, ''), wanted).name);
    return;
  }
  const isKey = isPublicKey(wanted, 'user');
  const found = accounts.flatMap((account) => {
    const user = isKey ? tree.findUserByKey(account, wanted) : tree.findUser(account, wanted);
    return user ? [user] : [];
  });
  if (found.length === 0) {
    throw new NscError(
      'user-not-found',
      `no account of operator ${quote(tree.operator.name)} has a user ${quote(wanted)}`,
      {
        hint: 'see them all with: nsc list users --account ACCOUNT',
        details: { user: wanted },
      },
    );
  }
  for (const { account, name } of found) yield* userKeys(tree, account, name);
}

function looseCurveKey({ workspace }: SelectContext, publicKey: string): TreeKey {
  if (!isPublicKey(publicKey, 'curve')) {
    throw new NscError('wrong-key-kind', `${quote(publicKey)} is not the public key of a curve key`, {
      hint: 'nsc list keys --curve --all shows those of accounts',
    });
  }
  if (!workspace.storedKeys().includes(publicKey)) {
    throw new NscError('key-not-found', `no account refers to ${publicKey}, and it is not in the keystore`, {
      hint: 'nsc list keys --curve shows the curve keys of accounts',
      details: { publicKey },
    });
  }
  return nobodys(publicKey);
}

/** Kinds narrow this down too; keys of servers and the like are of none of them. */
function* unreferencedKeys(context: SelectContext, selection: KeySelection): Generator<TreeKey> {
  const { workspace } = context;
  const tree = workspace.selected.operator === '' ? undefined : context.tree;
  const referenced = new Set<string>();
  if (tree) for (const { publicKey } of allKeys(tree)) referenced.add(publicKey);
  const isAny = !isKindNamed(selection) || selection.all;
  for (const publicKey of workspace.storedKeys()) {
    if (referenced.has(publicKey)) continue;
    const kind = KIND_OF_ROLE[roleOf(publicKey)];
    if (isAny || (kind && selection[kind]) || publicKey === selection.curveKey) yield nobodys(publicKey);
  }
}

const KIND_OF_ROLE: Readonly<Partial<Record<string, Kind>>> = {
  operator: 'operator',
  account: 'accounts',
  user: 'users',
  curve: 'curves',
};

const nobodys = (publicKey: string): TreeKey => ({
  publicKey,
  role: roleOf(publicKey) as TreeKey['role'],
  name: NOBODY,
  signing: false,
});

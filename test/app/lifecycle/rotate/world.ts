import { abortRotation } from '../../../../src/app/lifecycle/rotate/abort.js';
import { activateRotation } from '../../../../src/app/lifecycle/rotate/activate.js';
import { finishRotation } from '../../../../src/app/lifecycle/rotate/finish.js';
import { rotateNow } from '../../../../src/app/lifecycle/rotate/now.js';
import { startRotation } from '../../../../src/app/lifecycle/rotate/start.js';
import type { StepContext, Stepped } from '../../../../src/app/lifecycle/rotate/stepped.js';
import { applyChanges } from '../../../../src/domain/apply.js';
import type { Change } from '../../../../src/domain/change.js';
import { newUser } from '../../../../src/domain/claims/new.js';
import type { Export, UserBody } from '../../../../src/domain/claims/types.js';
import { formatCreds } from '../../../../src/domain/creds/creds.js';
import type { Slot } from '../../../../src/domain/keyring/slot.js';
import { type KeyPair, keyPairFromRaw } from '../../../../src/domain/nkey/key-pair.js';
import { issueActivation } from '../../../../src/domain/sharing/issue-activation.js';
import { issue } from '../../../../src/domain/token/issue.js';
import { memoryTree, type TreeContent } from '../../../../src/domain/tree/memory-tree.js';
import type { Tree, UserEntry } from '../../../../src/domain/tree/tree.js';
import { sha256 } from '../../../../src/lib/ed25519.js';
import { account, KEYS, type KeyName, NOW, operator, pub, scope, under } from '../../../domain/trust/hierarchy.js';

/** An operator with a bit of everything that keys sign. */

export const SLOTS = {
  operator: { kind: 'operator-signing' },
  identity: { kind: 'operator-identity' },
  plain: { kind: 'account-signing', account: pub('a1') },
  bare: { kind: 'account-signing', account: pub('b1') },
  role: { kind: 'role', account: pub('a1'), role: 'reader' },
  scope: { kind: 'scope', account: pub('a1'), key: pub('a4') },
  user: { kind: 'user', account: pub('a1'), user: 'plain' },
  caller: { kind: 'user', account: pub('b1'), user: 'caller' },
} as const satisfies Record<string, Slot>;

export type SlotName = keyof typeof SLOTS;

export const STEPS = {
  start: (context: StepContext, slot: Slot) => startRotation(context, slot),
  activate: activateRotation,
  finish: finishRotation,
  abort: abortRotation,
  now: (context: StepContext, slot: Slot) => rotateNow(context, slot),
} as const satisfies Record<string, (context: StepContext, slot: Slot) => Stepped>;

export type StepName = keyof typeof STEPS;

const ORDERS: Export = { name: 'orders', subject: 'orders', type: 'service', token_req: true };
const TEMPLATE = { pub: { allow: ['x'] }, subs: -1, data: -1, payload: -1 };

/**
 * Account "A" (a1) has a plain key (a2), role "reader" (a3) and a scope without a role (a4); account "B" (b1) has no
 * signing key, imports from "A", and has an auth callout by user "caller".
 */
export function worldOf({ strict = false, stored }: { strict?: boolean; stored?: readonly KeyName[] } = {}): Tree {
  const body = {
    signing_keys: [pub('a2'), scope('a3', 'reader', TEMPLATE), scope('a4', '', TEMPLATE)],
    exports: [ORDERS],
  };
  const A = account('A', 'a1', { by: 'o2', nats: body });
  const activation = issueActivation(
    { exporter: { name: 'A', claims: A.claims }, entry: ORDERS, target: pub('b1'), subject: 'orders' },
    KEYS.a2,
    NOW,
  ).token;
  const B = account('B', 'b1', {
    by: strict ? 'o2' : 'o1',
    nats: {
      imports: [{ name: 'orders', subject: 'orders', account: pub('a1'), type: 'service', token: activation }],
      authorization: { auth_users: [pairOf('caller').publicKey] },
      ...(strict && { signing_keys: [pub('ax')] }),
    },
  });
  const free = { subs: -1, data: -1, payload: -1 };
  const users = [
    userOf('A/plain', { by: 'a2', nats: under('a1', free) }),
    userOf('A/reader', { by: 'a3', nats: under('a1'), exp: NOW + 1e6 }),
    userOf('A/scoped', { by: 'a4', nats: under('a1') }),
    userOf('B/caller', strict ? { by: 'ax', nats: under('b1', free) } : { by: 'b1' }),
    ...(strict ? [] : [userOf('A/direct', { by: 'a1' })]),
  ];
  const pairs = users.map(({ name }) => pairOf(name));
  const seeds = [...(stored ?? (Object.keys(KEYS) as KeyName[])).map((name) => KEYS[name]), ...pairs];
  const content: TreeContent = {
    operator: operator({
      nats: { signing_keys: [pub('o2')], system_account: pub('b1'), strict_signing_key_usage: strict },
    }),
    accounts: [A, B],
    users,
    seeds: seeds.map(({ publicKey, seed }) => ({ publicKey, seed })),
    creds: users.map((entry) => ({
      account: entry.account,
      user: entry.name,
      creds: formatCreds(entry.token, pairOf(entry.name)),
    })),
  };
  return memoryTree(content);
}

/** The own key of a user. */
export const pairOf = (name: string): KeyPair => keyPairFromRaw('user', sha256(name));

function userOf(
  path: `${string}/${string}`,
  { by, nats, exp }: { readonly by: KeyName; readonly nats?: UserBody; readonly exp?: number },
): UserEntry {
  const [of = '', name = ''] = path.split('/');
  const fresh = newUser(pairOf(name).publicKey, name);
  const claims = { ...fresh, nats: nats ?? fresh.nats, ...(exp !== undefined && { exp }) };
  return { account: of, name, ...issue('user', claims, KEYS[by], { now: NOW }) };
}

/** A tree that steps are done on, one after the other. */
export class Rotating {
  tree: Tree;
  now = NOW + 60;
  #made = 0;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  get context(): StepContext {
    return {
      tree: this.tree,
      now: this.now,
      newKey: (role): KeyPair => {
        this.#made += 1;
        return keyPairFromRaw(role, sha256(`${role} ${this.#made}`));
      },
      workspace: { findKeyPair: (key: string) => this.tree.findKeyPair(key) } as StepContext['workspace'],
    };
  }

  plan(step: StepName, slot: SlotName): Stepped {
    return STEPS[step](this.context, SLOTS[slot]);
  }

  apply(changes: readonly Change[]): void {
    this.tree = applyChanges(this.tree, changes);
  }

  do(...steps: readonly (readonly [StepName, SlotName])[]): this {
    for (const [step, slot] of steps) this.apply(this.plan(step, slot).changes);
    return this;
  }
}

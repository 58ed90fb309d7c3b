import { applyChanges } from '../../../domain/apply.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { type KeyInfo, keysInSlot } from '../../../domain/keyring/state.js';
import { type KeyPair, keyPairFromRaw } from '../../../domain/nkey/key-pair.js';
import { NscError } from '../../../errors.js';
import type { QueryContext } from '../../command.js';
import type { LeftToken, Resigned, ResignedUser } from '../resign.js';
import { activateRotation } from '../rotate/activate.js';
import { type Dependant, dependantsOf } from '../rotate/dependants.js';
import { handOver } from '../rotate/hand-over.js';
import { getSlotAccount, identityAbove, isOperatorSlot } from '../rotate/slot-keys.js';
import { startRotation } from '../rotate/start.js';
import type { StepContext } from '../rotate/stepped.js';
import type { StepName } from '../schedule/next-step.js';

/** A user that gets another token. */
export interface ChangedUser {
  readonly account: string;
  readonly name: string;
  readonly publicKey: string;
  /** Where its creds are that are written anew; absent where its seed is not at hand. */
  readonly creds?: string;
  /** Unix seconds; absent for ever. */
  readonly expires?: number;
}

/** What a rotation of a slot changes. */
export interface Impact {
  readonly slot: Slot;
  /** How far a rotation has come. */
  readonly stage: 'idle' | 'announced' | 'retiring';
  /** The keys that sign now, and will be replaced. */
  readonly signers: readonly string[];
  /** Accounts that get a new signature from the operator. */
  readonly accounts: readonly string[];
  readonly users: readonly ChangedUser[];
  readonly activations: Resigned['activations'];
  readonly left: readonly LeftToken[];
  /** What the store still has of keys that retire, and servers accept. */
  readonly dependants: readonly Dependant[];
  /** Accounts that servers need after each step. */
  readonly pushes: Readonly<Record<StepName, readonly string[]>>;
  /** Whether there is something to take out in the end; the identity above a slot that was empty stays. */
  readonly isFinished: boolean;
  /** Why it cannot be done at present. */
  readonly problem?: NscError;
}

/**
 * What would change if a slot were rotated at this moment: the steps themselves are done, on a copy of the tree and with
 * a key that is nobody's.
 *
 * Where a step is refused, that is told, and what depends on the keys is found all the same.
 */
export function findImpact(context: QueryContext, slot: Slot): Impact {
  const { tree, now } = context;
  const keys = keysInSlot(tree, slot);
  const of = (state: KeyInfo['state']): KeyInfo[] => keys.filter((info) => info.state === state);
  const active = of('active');
  const retiring = of('retiring').map(({ key }) => key);
  const stage = of('next').length > 0 ? 'announced' : retiring.length > 0 ? 'retiring' : 'idle';
  const signers = active.length > 0 ? active.map(({ key }) => key) : identityAbove(tree, slot);
  const found = stage === 'retiring' ? NOTHING : rehearse(context, slot, { stage, signers });
  const account = 'account' in slot ? [getSlotAccount(tree, slot).name] : [];
  return {
    slot,
    stage,
    signers,
    accounts: isOperatorSlot(slot) ? found.accounts : [],
    users: found.users.map((user) => changedUser(context, user)),
    activations: found.activations,
    left: found.left,
    dependants: dependantsOf(tree, retiring, now, slot),
    pushes: { start: slot.kind === 'user' ? found.announced : account, activate: found.accounts, finish: account },
    isFinished: active.length > 0 || retiring.length > 0,
    ...(found.problem && { problem: found.problem }),
  };
}

/** What comes of the steps. */
interface Rehearsed extends Pick<Resigned, 'accounts' | 'users' | 'activations' | 'left'> {
  /** Accounts that change when the new key is announced. */
  readonly announced: readonly string[];
  readonly problem?: NscError;
}

const NOTHING: Rehearsed = { accounts: [], users: [], activations: [], left: [], announced: [] };

function rehearse(
  context: QueryContext,
  slot: Slot,
  { stage, signers }: { readonly stage: Impact['stage']; readonly signers: readonly string[] },
): Rehearsed {
  const rehearsal: StepContext = { ...context, newKey: placeholder };
  const started = stage === 'idle' ? attempt(() => startRotation(rehearsal, slot)) : undefined;
  const problem = started instanceof NscError ? started : undefined;
  const changes = started instanceof NscError ? [] : (started?.changes ?? []);
  const announced = { ...rehearsal, tree: applyChanges(context.tree, changes) };
  if (problem && slot.kind === 'user') return { ...NOTHING, problem };
  const done = attempt(() => takeOver(announced, slot, signers));
  if (done instanceof NscError) return { ...NOTHING, problem: problem ?? done };
  const accounts = started instanceof NscError ? [] : (started?.accounts ?? []);
  return { ...done, announced: accounts, ...(problem && { problem }) };
}

/** Signs with the announced key where its seed is at hand, else with one of its kind: nobody gets to see it. */
function takeOver(context: StepContext, slot: Slot, from: readonly string[]): Omit<Rehearsed, 'announced'> {
  const { tree } = context;
  if (slot.kind === 'user') return { ...activateRotation(context, slot), activations: [] };
  const next = keysInSlot(tree, slot).find(({ state }) => state === 'next');
  const stored = next && tree.findKeyPair(next.key);
  return handOver(context, slot, { from, to: stored ?? placeholder(isOperatorSlot(slot) ? 'operator' : 'account') });
}

function changedUser(
  { workspace }: QueryContext,
  { account, name, publicKey, hasCreds, expires }: ResignedUser,
): ChangedUser {
  const creds = workspace.credsPath(workspace.selected.operator, account, name);
  return { account, name, publicKey, ...(hasCreds && { creds }), ...(expires !== undefined && { expires }) };
}

function attempt<Outcome>(run: () => Outcome): Outcome | NscError {
  try {
    return run();
  } catch (error) {
    if (error instanceof NscError && error.code !== 'bug') return error;
    throw error;
  }
}

/** A key that stands for the one to come. */
const placeholder = (role: Parameters<typeof keyPairFromRaw>[0]): KeyPair => keyPairFromRaw(role, new Uint8Array(32));

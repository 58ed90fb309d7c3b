import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { quote } from '../../../lib/display.js';
import type { Plan, PlanContext } from '../../command.js';
import { getResolverUrl } from '../../distribution/resolver-url.js';
import { flag, type InputOf } from '../../option.js';
import { keyOption, newKeyOption } from '../../options/key.js';
import { pushFirstOptions } from '../../options/push-first.js';
import type { Reach } from '../../reach.js';
import { changed } from '../../result.js';
import { getKeyInfo } from '../find-key.js';
import { findRepeated, type RotationStep } from './repeated.js';
import { serverNeeds } from './server-needs.js';
import { getSlotAccount, isOperatorSlot } from './slot-keys.js';
import type { StartOptions } from './start.js';
import type { Stepped } from './stepped.js';
import { getTarget, targetOptions } from './target.js';

/** Options of every step of a rotation. */
export const stepOptions = {
  ...targetOptions,
  ...pushFirstOptions,
  push: flag('push', {
    help: 'afterwards send the accounts that changed to all servers; once more, to send what they lack',
  }),
};

/** Options of the steps that bring in a new key. */
export const newKeyOptions = {
  sk: newKeyOption('sk', {
    help: 'the new key: public key, seed or key file. A seed is stored in the keystore',
    defaultText: 'generate',
  }),
  from: keyOption('from', {
    help: 'replace this key only, where several are active: public key or alias',
    defaultText: 'all that are active',
    complete: 'known-key',
  }),
};

/** What brings in a new key, as the command line has it. Throws `key-not-found`. */
export function readStart(
  { tree }: Pick<PlanContext, 'tree'>,
  input: Partial<InputOf<typeof newKeyOptions>>,
): StartOptions {
  return { key: input.sk, from: input.from && getKeyInfo(tree, input.from).key };
}

/** A step, and what becomes of it. */
interface StepRequest {
  readonly step: RotationStep | 'now';
  /** How servers get the accounts afterwards; undefined when they do not. */
  readonly reach: Reach | undefined;
  make(slot: Slot): Stepped;
  /** Whether a step that was committed before is the one that is asked for; default: it is. */
  isMeant?(repeated: Stepped): boolean;
}

/**
 * The plan of a step. With `--push` one that was committed before is done again, so that servers get what they did not
 * get then.
 *
 * @throws NscError those of `getTarget` and of the step; `missing-option` when nothing says where to push to
 */
export function planStep(
  context: PlanContext,
  input: Partial<InputOf<typeof targetOptions>>,
  { step, reach, make, isMeant = () => true }: StepRequest,
): Plan {
  const { tree } = context;
  const slot = getTarget(context, input);
  const repeated = reach && step !== 'now' ? findRepeated(tree, slot, step) : undefined;
  const stepped = repeated && isMeant(repeated) ? repeated : make(slot);
  const { changes } = stepped;
  // an earlier step may have been pushed in vain
  const accounts = [...new Set([...accountOf(tree, slot), ...stepped.accounts])];
  if (reach) getResolverUrl(applyChanges(tree, changes), reach.url);
  return {
    changes,
    warnings: [
      ...stepped.warnings,
      ...serverNeeds(tree, step, { stepped, isPushed: reach !== undefined }),
      ...(reach && accounts.length === 0 ? ['there is nothing to push: no account changes'] : []),
    ],
    result: changed(...stepped.steps),
    ...(reach && accounts.length > 0 && { push: { accounts, reach } }),
  };
}

const accountOf = (tree: Tree, slot: Slot): string[] => (isOperatorSlot(slot) ? [] : [getSlotAccount(tree, slot).name]);

/** What is asked before tokens are signed anew; nothing where none is. */
export function askToSign(changes: readonly Change[]): string | undefined {
  const users = changes.filter((change) => change.type === 'put-user');
  const [first] = users;
  if (first) {
    const who = users.length === 1 ? `user ${quote(first.name)}` : `${users.length} users`;
    return `Sign ${who} of account ${quote(first.account)} anew?`;
  }
  const signed = changes.filter((change) => change.type === 'put-account');
  const [account] = signed;
  if (account)
    return `Sign ${signed.length === 1 ? `account ${quote(account.name)}` : `${signed.length} accounts`} anew?`;
  return changes.length === 0 ? undefined : 'Let the other key sign from now on?';
}

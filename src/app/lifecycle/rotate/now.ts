import { applyChanges } from '../../../domain/apply.js';
import type { Change } from '../../../domain/change.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import { quote } from '../../../lib/display.js';
import { NOTHING, resignWarnings } from '../resign-report.js';
import { activateRotation } from './activate.js';
import { finishRotation } from './finish.js';
import { mergeChanges } from './merge-changes.js';
import { getSlotAccount, getSlotKeys, isOperatorSlot } from './slot-keys.js';
import { type StartOptions, startRotation } from './start.js';
import type { StepContext, Stepped } from './stepped.js';
import { splitSigner } from './user-key.js';

/**
 * Start, activate and finish in one: nobody has time to get used to the new key, so servers and clients that have not
 * got what is new are refused meanwhile.
 *
 * @throws NscError those of the three steps
 */
export function rotateNow(context: StepContext, slot: Slot, options: StartOptions = {}): Stepped {
  const [ofAccount, ofUser] = slot.kind === 'user' ? splitSigner(context) : [context, context];
  const started = startRotation(ofAccount, slot, options);
  const announced = applyChanges(context.tree, started.changes);
  const activated = activateRotation({ ...ofUser, tree: announced }, slot);
  const active = applyChanges(announced, activated.changes);
  // nothing goes where the identity gave way to a first signing key
  const { retiring } = getSlotKeys(active, slot);
  const finished = retiring.length === 0 ? undefined : finishRotation({ ...ofAccount, tree: active }, slot);
  const steps: Stepped[] = [started, activated, ...(finished ? [finished] : [])];
  return {
    changes: mergeChanges(steps.flatMap(({ changes }): readonly Change[] => changes)),
    steps: [
      ...started.steps.slice(0, -1),
      ...activated.steps.slice(0, activated.steps.length - activated.oldKeys.length),
      ...(finished?.steps ?? []),
    ],
    warnings: [
      ...resignWarnings({ ...NOTHING, users: activated.users, left: activated.left }),
      ...warnOfCopies(context, slot, activated, finished),
    ],
    accounts: [...new Set(steps.flatMap(({ accounts }) => accounts))],
    operatorChanged: steps.some(({ operatorChanged }) => operatorChanged),
    users: activated.users,
    left: activated.left,
    oldKeys: finished?.oldKeys ?? [],
    ...(activated.newKey !== undefined && { newKey: activated.newKey }),
  };
}

function warnOfCopies({ tree }: StepContext, slot: Slot, { users }: Stepped, finished: Stepped | undefined): string[] {
  if (isOperatorSlot(slot) || !finished || users.length === 0) return [];
  const { name } = getSlotAccount(tree, slot);
  return [
    `pass the new creds on: once servers have account ${quote(name)}, they refuse the ones before, and until then the new ones`,
  ];
}

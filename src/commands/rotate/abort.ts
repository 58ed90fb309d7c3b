import { mutation } from '../../app/command.js';
import { abortRotation } from '../../app/lifecycle/rotate/abort.js';
import { askToSign, planStep, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { getSlotKeys } from '../../app/lifecycle/rotate/slot-keys.js';
import { getTarget, targetConflicts } from '../../app/lifecycle/rotate/target.js';
import { pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Go back to the old key',
  description:
    'Before nsc rotate activate, the announced key is taken out again. After it, the old key signs again, and signs all ' +
    'that the new one signed; the new one is taken out, and the new key of a user is revoked. After nsc rotate finish ' +
    'there is no way back but another rotation. Seeds stay in the keystore.',
  options: stepOptions,
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [{ command: 'nsc rotate abort --account Orders', what: 'as if it had not been begun' }],

  plan: (context, input) =>
    planStep(context, input, {
      step: 'abort',
      reach: pushReach(input),
      make: (slot) => abortRotation(context, slot),
    }),
  confirm: (context, input, { changes }) =>
    getSlotKeys(context.tree, getTarget(context, input)).next ? undefined : askToSign(changes),
});

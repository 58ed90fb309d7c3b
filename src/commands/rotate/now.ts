import { mutation } from '../../app/command.js';
import { rotateNow } from '../../app/lifecycle/rotate/now.js';
import { askToSign, newKeyOptions, planStep, readStart, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { targetConflicts } from '../../app/lifecycle/rotate/target.js';
import { pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Replace a key in one go',
  description:
    'Start, activate and finish at once. That is quick, and not smooth: servers refuse the new creds until they have ' +
    'the account, and the ones before from then on. For a rotation that nobody notices take the three steps. For a key ' +
    'that somebody else may have there is nsc compromise.',
  options: { ...newKeyOptions, ...stepOptions },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [{ command: 'nsc rotate now --account Orders --push', what: 'new signing key, new creds, all servers' }],

  plan(context, input) {
    const options = readStart(context, input);
    return planStep(context, input, {
      step: 'now',
      reach: pushReach(input),
      make: (slot) => rotateNow(context, slot, options),
    });
  },
  confirm: (_context, _input, { changes }) => askToSign(changes),
});

import { mutation } from '../../app/command.js';
import { activateRotation } from '../../app/lifecycle/rotate/activate.js';
import { askToSign, planStep, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { targetConflicts } from '../../app/lifecycle/rotate/target.js';
import { pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Let the announced key sign, and sign anew what the old one signed',
  description:
    'The second step of a rotation. All that the old key signed is signed by the new one, at once or not at all: ' +
    'accounts by a key of the operator; users with their creds, and the activations that accounts of this store import ' +
    'with, by a key of an account. Nothing else about them changes. The old key is trusted until nsc rotate finish, so ' +
    'that copies of the old creds work until then; what is revoked stays revoked.\n\n' +
    'The new identity of an operator signs its JWT, and the old one becomes a signing key. The user whose key rotates ' +
    'gets a JWT and creds of its new key, and the old ones work until nsc rotate finish.',
  options: stepOptions,
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [
    { command: 'nsc rotate activate --account Orders', what: 'sign all its users anew' },
    { command: 'nsc rotate activate --operator --push', what: 'sign all accounts anew, and send them to the servers' },
  ],

  plan: (context, input) =>
    planStep(context, input, {
      step: 'activate',
      reach: pushReach(input),
      make: (slot) => activateRotation(context, slot),
    }),
  confirm: (_context, _input, { changes }) => askToSign(changes),
});

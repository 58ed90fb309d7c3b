import { mutation } from '../../app/command.js';
import { activateRotation } from '../../app/lifecycle/rotate/activate.js';
import { askToSign, planStep, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { getSlotKeys, isOperatorSlot } from '../../app/lifecycle/rotate/slot-keys.js';
import { getTarget, targetConflicts } from '../../app/lifecycle/rotate/target.js';
import { unknownToServers } from '../../app/lifecycle/rotate/unknown-to-servers.js';
import type { Readiness } from '../../app/lifecycle/servers-ready.js';
import { flag } from '../../app/option.js';
import { pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Let the announced key sign, and sign anew what the old one signed',
  description:
    'The second step of a rotation. All that the old key signed is signed by the new one, at once or not at all: ' +
    'accounts by a key of the operator; users with their creds, and the activations that accounts of this store import ' +
    'with, by a key of an account. Nothing else about them changes. The old key is trusted until nsc rotate finish, so ' +
    'that copies of the old creds work until then; what is revoked stays revoked.\n\n' +
    'The new identity of an operator signs its JWT, and the old one becomes a signing key. The user whose key rotates ' +
    'gets a JWT and creds of its new key, and until nsc rotate finish the old ones work.\n\n' +
    'With --check-servers nothing is done unless every server knows the new key: it has the account that lists it, or ' +
    'the JWT of the operator that does, which it reads when it starts. For a key of the operator --push asks that ' +
    'unless --check-servers=false says otherwise, because servers would refuse everybody.',
  options: {
    ...stepOptions,
    checkServers: flag('check-servers', {
      help: 'ask the servers first whether they know the new key; with --push that is usual for the operator',
    }),
  },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [
    { command: 'nsc rotate activate --account Orders', what: 'sign all its users anew' },
    { command: 'nsc rotate activate --account Orders --check-servers', what: 'only if all servers know the new key' },
    { command: 'nsc rotate activate --operator --push', what: 'sign all accounts anew, and send them to the servers' },
  ],

  async fetch(context, input): Promise<[readiness: Readiness | undefined]> {
    const slot = getTarget(context, input);
    const isChecked = input.checkServers ?? (input.push === true && isOperatorSlot(slot));
    const reach = pushReach(isChecked ? { ...input, push: true } : input);
    if (!isChecked || !reach || !getSlotKeys(context.tree, slot).next) return [undefined];
    const { askReadiness } = await import('../../app/lifecycle/servers-ready.js');
    return [await askReadiness(context, [{ slot, step: 'activate' }], reach)];
  },

  plan(context, input, readiness) {
    const { tree } = context;
    const reach = pushReach(input.checkServers ? { ...input, push: true } : input);
    const planned = planStep(context, input, {
      step: 'activate',
      reach: input.push ? reach : undefined,
      make(slot) {
        const reasons = readiness?.reasonsFor(tree, { slot, step: 'activate' }) ?? [];
        if (reasons.length > 0) throw unknownToServers(tree, slot, reasons);
        return activateRotation(context, slot);
      },
    });
    return { ...planned, warnings: [...(planned.warnings ?? []), ...(readiness?.warnings ?? [])] };
  },
  confirm: (_context, _input, { changes }) => askToSign(changes),
});

import { mutation } from '../../app/command.js';
import { finishRotation } from '../../app/lifecycle/rotate/finish.js';
import { inUseOnServers } from '../../app/lifecycle/rotate/in-use.js';
import { planStep, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { getSlotKeys } from '../../app/lifecycle/rotate/slot-keys.js';
import { getTarget, targetConflicts } from '../../app/lifecycle/rotate/target.js';
import type { ServerReason } from '../../app/lifecycle/server-reason.js';
import { flag, type InputOf } from '../../app/option.js';
import { pushReach } from '../../app/options/push-first.js';

export const command = mutation({
  summary: 'Take the old key out',
  description:
    'The last step of a rotation. The old key is listed no longer, so that servers refuse what it signed as soon as they ' +
    'have the account, or the JWT of the operator; the old key of a user is revoked. While the store has anything valid ' +
    'that it signed, that is refused. With --check-servers the servers are asked as well: for accounts that are not as ' +
    'they are here, and for clients that are connected with old creds.\n\n' +
    'The seed of the old key stays in the keystore.',
  options: {
    checkServers: flag('check-servers', {
      help: 'ask the servers first whether anything still depends on the old key',
    }),
    ...stepOptions,
  },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [
    { command: 'nsc rotate finish --account Orders --push', what: 'shut out what the old key signed' },
    { command: 'nsc rotate finish --account Orders --check-servers', what: 'only if the servers can do without it' },
  ],

  async fetch(context, input): Promise<[reasons: readonly ServerReason[]]> {
    const reach = input.checkServers ? reachOf(input) : undefined;
    const keys = reach ? getSlotKeys(context.tree, getTarget(context, input)).retiring.map(({ key }) => key) : [];
    if (!reach || keys.length === 0) return [[]];
    const { checkServers } = await import('../../app/lifecycle/check-servers.js');
    return [await checkServers(context, { keys, reach })];
  },

  plan(context, input, reasons) {
    const reach = reachOf(input);
    return planStep(context, input, {
      step: 'finish',
      reach: input.push ? reach : undefined,
      make(slot) {
        if (reasons.length > 0) throw inUseOnServers(context.tree, slot, reasons);
        return finishRotation(context, slot);
      },
    });
  },
  confirm: (_context, _input, { changes }) =>
    changes.length === 0
      ? undefined
      : 'Take the old key out? Servers refuse what it signed then, and there is no way back',
});

/** Servers are reached to push, or to be asked. */
const reachOf = (input: Partial<InputOf<typeof stepOptions>> & { readonly checkServers?: boolean | undefined }) =>
  pushReach(input.checkServers ? { ...input, push: true } : input);

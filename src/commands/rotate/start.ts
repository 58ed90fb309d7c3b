import { mutation } from '../../app/command.js';
import { newKeyOptions, planStep, readStart, stepOptions } from '../../app/lifecycle/rotate/plan-step.js';
import { startRotation } from '../../app/lifecycle/rotate/start.js';
import { targetConflicts } from '../../app/lifecycle/rotate/target.js';
import { pushReach } from '../../app/options/push-first.js';
import type { Slot } from '../../domain/keyring/slot.js';

export const command = mutation({
  summary: 'Announce the key that is to come',
  description:
    'The first step of a rotation. Makes a key, or takes the one that --sk names, and lists it: among the signing keys of ' +
    'the operator or the account, or with the role and all that the role allows. It signs nothing yet, and nothing that ' +
    'is valid changes. The new key of a user is only stored. Where an operator or an account has no signing key, this ' +
    'brings in its first, to which the identity hands over.\n\n' +
    'Servers need what changed before the next step, nsc rotate activate: accounts (--push, nsc push), the JWT of ' +
    'the operator in their configuration.',
  options: { ...newKeyOptions, ...stepOptions },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: targetConflicts,
  examples: [
    { command: 'nsc rotate start --account Orders --push', what: 'the signing keys of an account' },
    { command: 'nsc rotate start --role reader', what: 'the key of a role of the selected account' },
    { command: 'nsc rotate start --operator --sk new.nk', what: 'a signing key of the operator, made elsewhere' },
  ],

  plan(context, input) {
    const options = readStart(context, input);
    const { key } = options;
    const isMeant = ({ newKey }: { readonly newKey?: string }): boolean =>
      key === undefined || key === 'generate' || key.publicKey === newKey;
    const make = (slot: Slot) => startRotation(context, slot, options);
    return planStep(context, input, { step: 'start', reach: pushReach(input), make, isMeant });
  },
});

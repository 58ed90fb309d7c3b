import { type Slot, slotId } from '../../../domain/keyring/slot.js';
import { keysInSlot } from '../../../domain/keyring/state.js';
import { getAccount } from '../../../domain/tree/lookup.js';
import { NscError } from '../../../errors.js';
import { NO_SPAN, parseSpan, type Span } from '../../../lib/span.js';
import type { QueryContext } from '../../command.js';
import { flag, type InputOf, type Option, value } from '../../option.js';
import { getSlotKeys } from '../rotate/slot-keys.js';
import { getTarget, targetOptions } from '../rotate/target.js';
import type { Rhythm } from './next-step.js';
import { type FoundSlots, findSlots, hasKeys, type KeyedSlot } from './slots.js';

const span = (long: string, help: string, usual: string): Option<Span> =>
  value(long, { placeholder: 'SPAN', help, defaultText: usual }, parseSpan);

const USUAL = { interval: '90d', propagation: '2d', retention: '7d' };

export const rhythmOptions = {
  interval: span(
    'interval',
    'start to replace a key when it has been active for so long, such as 90d, 12w or 3M',
    USUAL.interval,
  ),
  propagation: span(
    'propagation',
    'let a key sign when it has been announced for so long, such as 2d or 12h; 0 for no wait',
    USUAL.propagation,
  ),
  retention: span(
    'retention',
    'take a key out when it has been silent for so long, such as 7d or 2w; 0 for no wait',
    USUAL.retention,
  ),
};

/**
 * How long keys stay in each state.
 *
 * @throws NscError `bad-value` for an interval of nothing, with which keys would be replaced without an end
 */
export function rhythmOf({ interval, propagation, retention }: InputOf<typeof rhythmOptions>): Rhythm {
  if (interval?.count === NO_SPAN.count) {
    throw new NscError('bad-value', 'with an interval of 0 keys would be replaced at every run', {
      hint: 'name how old a key may get, such as --interval 90d',
    });
  }
  return {
    interval: interval ?? parseSpan(USUAL.interval),
    propagation: propagation ?? parseSpan(USUAL.propagation),
    retention: retention ?? parseSpan(USUAL.retention),
  };
}

/** What is rotated: targets one by one, or all of them. */
export const slotOptions = {
  ...targetOptions,
  identity: { ...targetOptions.identity, help: 'the identity of the operator; with --all, that too' },
  all: flag('all', { help: 'the signing keys of the operator, and the signing keys and roles of every account' }),
  users: flag('users', { help: "the users' own keys: of the account, or with --all of every account" }),
};

/** One thing at a time, or all of them. */
export const slotConflicts: (keyof typeof slotOptions)[][] = [
  ['all', 'key', 'operator', 'role', 'user'],
  ['all', 'account'],
  ['key', 'account'],
  ['key', 'users'],
  ['user', 'users'],
  ['role', 'users'],
];

/**
 * The slots that are named. Signing keys of an operator that is managed elsewhere are not part of all of them.
 *
 * @throws NscError `missing-option` when none is, those of `getTarget`, and of `getSlotKeys` for what cannot rotate
 */
export function namedSlots(context: QueryContext, input: Partial<InputOf<typeof slotOptions>>): FoundSlots {
  const { tree, workspace } = context;
  const { all, identity = false, users = false, operator = false, ...target } = input;
  if (all) {
    const scope = { operator: !tree.managed, accounts: tree.accountNames(), users };
    const { slots, unreadable } = findSlots(tree, scope);
    const isMeant = ({ slot: { kind } }: KeyedSlot): boolean =>
      kind === 'operator-identity' ? identity : kind !== 'user' || users;
    return { slots: slots.filter((slot) => isMeant(slot) && hasKeys(slot)), unreadable };
  }
  const named: Slot[] = [
    ...(operator ? [{ kind: 'operator-signing' } as const] : []),
    ...(identity ? [{ kind: 'operator-identity' } as const] : []),
  ];
  const isOne = target.key !== undefined || target.role !== undefined || target.user !== undefined;
  if (isOne || (target.account !== undefined && !users)) named.push(getTarget(context, target));
  if (named.length === 0 && !users) {
    throw new NscError('missing-option', 'nothing says which keys are meant', {
      hint: 'name them with --operator, --identity, --account, --role or --user, or take --all',
    });
  }
  for (const slot of named) getSlotKeys(tree, slot);
  const slots = named.map((slot) => ({ slot, keys: keysInSlot(tree, slot) }));
  if (!users) return { slots, unreadable: [] };
  const account = getAccount(tree, target.account, workspace.selected.account).name;
  const found = findSlots(tree, { operator: false, accounts: [account], users });
  const others = found.slots.filter((of) => of.slot.kind === 'user' && hasKeys(of));
  const isNamed = ({ slot }: KeyedSlot): boolean => named.some((one) => slotId(one) === slotId(slot));
  return { slots: [...slots, ...others.filter((of) => !isNamed(of))], unreadable: found.unreadable };
}

import { query } from '../../app/command.js';
import { dependantsOf } from '../../app/lifecycle/rotate/dependants.js';
import { sinceWhen } from '../../app/lifecycle/schedule/next-step.js';
import { findSlots, hasKeys, isUnderWay, type KeyedSlot } from '../../app/lifecycle/schedule/slots.js';
import { stepCommand } from '../../app/lifecycle/schedule/step-command.js';
import { flag, text } from '../../app/option.js';
import type { Column } from '../../app/result.js';
import { describeSlot } from '../../domain/keyring/describe-slot.js';
import { ownerOf } from '../../domain/keyring/slot.js';
import type { KeyInfo } from '../../domain/keyring/state.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { findReadable } from '../../domain/tree/readable.js';
import type { Tree } from '../../domain/tree/tree.js';
import { formatDate, formatRfc3339 } from '../../lib/moment.js';

export const command = query({
  summary: 'Tell which rotations are under way, and what comes next',
  description:
    'Lists the keys of everything that is being rotated: their state and since when they have it, how many tokens of ' +
    'the store still depend on a key that retires, when a key should be replaced (nsc keys expire), and the step that ' +
    'can be taken. With --all every key is listed that can be rotated. Exit code 0, whatever is due: nsc rotate auto ' +
    '--check is for monitoring.',
  options: {
    all: flag('all', { short: 'A', help: 'also what no rotation is under way for' }),
    account: text('account', {
      short: 'a',
      placeholder: 'ACCOUNT',
      help: 'of this account only',
      complete: 'account',
    }),
  },
  examples: [
    { command: 'nsc rotate status', what: 'what is under way' },
    { command: 'nsc rotate status --all --json', what: 'every key that can be rotated, for a script' },
  ],

  run({ tree, now }, { all = false, account }) {
    const name = account === undefined ? undefined : getAccount(tree, account, '').name;
    const { slots, unreadable } = findSlots(tree, {
      operator: name === undefined,
      accounts: name === undefined ? tree.accountNames() : [name],
      users: all,
    });
    const shown = slots.filter((slot) => (all ? hasKeys(slot) : isUnderWay(slot)));
    const report = reportSlots(tree, shown, now);
    return {
      kind: 'listed',
      title: all ? 'keys that can be rotated' : 'rotations under way',
      columns: COLUMNS,
      rows: [...report.flatMap(rowsOf), ...unreadable.map((error) => ({ slot: error, key: '', state: '?', error }))],
      whenEmpty: all ? 'there are no keys to rotate' : 'no rotation is under way',
      json: () => ({ slots: report, unreadable }),
    };
  },
});

interface KeyStatus {
  readonly key: string;
  readonly alias?: string | undefined;
  readonly state: string;
  /** RFC 3339, both. */
  readonly since?: string | undefined;
  readonly expires?: string | undefined;
  /** Whether a token has it or lists it. */
  readonly listed: boolean;
  /** Tokens of the store that servers accept and that it signed; of keys that retire. */
  readonly dependants?: number | undefined;
}

interface SlotStatus {
  readonly slot: string;
  readonly kind: string;
  readonly account?: string | undefined;
  readonly keys: readonly KeyStatus[];
  readonly next: { readonly step: string; readonly command: string; readonly blocked: boolean };
}

function reportSlots(tree: Tree, slots: readonly KeyedSlot[], now: number): SlotStatus[] {
  const retiring = slots.flatMap(({ keys }) => keys.filter(({ state }) => state === 'retiring'));
  const counts = new Map(retiring.map(({ key }) => [key, 0]));
  const owners = new Map(retiring.map(({ key, slot }) => [key, ownerOf(slot)]));
  if (retiring.length > 0) {
    for (const { issuer, account } of dependantsOf(tree, [...counts.keys()], now)) {
      const owner = owners.get(issuer);
      // a key that retires from one account signs on for others that list it
      if (owner && tree.findAccount(account)?.claims.sub !== owner) continue;
      counts.set(issuer, (counts.get(issuer) ?? 0) + 1);
    }
  }
  return slots.map((of): SlotStatus => {
    const { slot } = of;
    const keys = of.keys.filter(({ state, isListed }) => state !== 'removed' && (isListed || state !== 'compromised'));
    const account = 'account' in slot ? findReadable(() => tree.findAccountByKey(slot.account))?.name : undefined;
    return {
      slot: describeSlot(tree, slot),
      kind: slot.kind,
      ...(account !== undefined && { account }),
      keys: keys.map((info) => statusOf(info, counts.get(info.key))),
      next: stepOf(tree, { slot, keys }, counts),
    };
  });
}

function statusOf(info: KeyInfo, dependants: number | undefined): KeyStatus {
  const { key, state, isListed, record } = info;
  const since = sinceWhen(info);
  return {
    key,
    ...(record?.alias !== undefined && { alias: record.alias }),
    state,
    ...(since !== undefined && { since: formatRfc3339(since) }),
    ...(record?.expires !== undefined && { expires: formatRfc3339(record.expires) }),
    listed: isListed,
    ...(dependants !== undefined && { dependants }),
  };
}

/** The step that can be taken; `blocked` while something depends on a key that would go. */
function stepOf(tree: Tree, { slot, keys }: KeyedSlot, counts: ReadonlyMap<string, number>): SlotStatus['next'] {
  const find = (state: KeyInfo['state']): KeyInfo | undefined => keys.find((info) => info.state === state);
  const stolen = find('compromised');
  if (stolen) return { step: 'compromise', command: `nsc compromise ${stolen.key}`, blocked: false };
  const step = find('next') ? 'activate' : find('retiring') ? 'finish' : 'start';
  const blocked = step === 'finish' && keys.some(({ key }) => (counts.get(key) ?? 0) > 0);
  return { step, command: stepCommand(tree, step, slot), blocked };
}

type Row = Readonly<Record<string, unknown>>;

const COLUMNS: readonly Column[] = [
  { key: 'slot', title: 'Of' },
  { key: 'key', title: 'Key' },
  { key: 'state', title: 'State' },
  { key: 'since', title: 'Since' },
  { key: 'expires', title: 'Due' },
  { key: 'dependants', title: 'Depend', align: 'right' },
  { key: 'next', title: 'Next' },
];

/** The state of the key that a step is about. */
const ABOUT: Readonly<Record<string, string>> = {
  start: 'active',
  activate: 'next',
  finish: 'retiring',
  compromise: 'compromised',
};

/** A row for each key; what comes next stands beside the first one that it is about. */
function rowsOf({ slot, keys, next }: SlotStatus): Row[] {
  const about = Math.max(
    0,
    keys.findIndex(({ state }) => state === ABOUT[next.step]),
  );
  return keys.map(({ key, alias, state, since, expires, dependants }, at) => ({
    slot,
    key: alias === undefined ? key : `${key} (${alias})`,
    state,
    since: dateOf(since),
    expires: dateOf(expires),
    dependants: dependants ?? '',
    next: at !== about ? '' : next.blocked ? 'finish, once nothing depends on the old key' : next.command,
  }));
}

const dateOf = (moment: string | undefined): string =>
  moment === undefined ? '' : formatDate(Date.parse(moment) / 1000);

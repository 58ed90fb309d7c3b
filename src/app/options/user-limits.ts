import {
  CONNECTION_TYPES,
  readCidr,
  readConnectionType,
  readLocale,
  readTimeRange,
} from '../../domain/claims/grammar.js';
import type { Int64, TimeRange, UserPermissionLimits } from '../../domain/claims/types.js';
import { parseAmount } from '../../lib/amount.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { goLower, goTrim } from '../../lib/go-lower.js';
import { flag, type InputOf, list, type Option, value } from '../option.js';
import { ok, type Step, warn } from '../result.js';

const amount = (long: string, help: string) =>
  value<Int64>(long, { placeholder: 'N', help, defaultText: 'unchanged' }, parseAmount);

/** One range for each occurrence, since a range is no list. */
const timeOption: Option<TimeRange[]> = {
  long: 'time',
  placeholder: 'FROM-TO',
  help: 'allow connections at a time of day, as 08:00:00-17:30:00',
  repeatable: true,
  read: (texts) => texts.map(readTimeRange),
};

/** What `edit user` and `edit signing-key` share besides permissions (reference: nsc-core.md §9.10). */
export const userLimitOptions = {
  time: timeOption,
  rmTime: list('rm-time', { placeholder: 'FROM,…', help: 'remove the time ranges that start there' }),
  locale: value('locale', { placeholder: 'ZONE', help: 'time zone of the time ranges, as Europe/Berlin' }, readLocale),
  sourceNetwork: list(
    'source-network',
    { placeholder: 'CIDR,…', help: 'allow connections from these networks' },
    readCidr,
  ),
  rmSourceNetwork: list('rm-source-network', { placeholder: 'CIDR,…', help: 'remove source networks' }, (network) =>
    goLower(goTrim(network)),
  ),
  connType: list(
    'conn-type',
    {
      placeholder: 'TYPE,…',
      help: 'allow these connection types only',
      complete: CONNECTION_TYPES,
    },
    readConnectionType,
  ),
  rmConnType: list('rm-conn-type', { placeholder: 'TYPE,…', help: 'remove connection types' }, readConnectionType),
  subs: amount('subs', 'most subscriptions (-1 = unlimited)'),
  data: amount('data', 'most bytes of data (-1 = unlimited)'),
  payload: amount('payload', 'largest message in bytes (-1 = unlimited)'),
  bearer: flag('bearer', { help: 'let the JWT alone connect, without proof of the key' }),
};

export type UserLimitInput = Partial<InputOf<typeof userLimitOptions>>;

/** Edits limits, networks, times and connection types; networks and types end up free of duplicates. */
export function patchUserLimits<L extends UserPermissionLimits>(
  limits: L,
  input: UserLimitInput,
): { limits: L; steps: Step[] } {
  const steps: Step[] = [];
  const patch: UserPermissionLimits = {};
  for (const [name, label] of [
    ['payload', 'max payload'],
    ['data', 'max data'],
    ['subs', 'max subscriptions'],
  ] as const) {
    const given = input[name];
    if (given === undefined) continue;
    patch[name] = given;
    steps.push(ok(`changed ${label} to ${given}`));
  }
  if (input.bearer !== undefined) {
    patch.bearer_token = input.bearer;
    steps.push(ok(`changed bearer to ${input.bearer}`));
  }
  if (input.locale !== undefined) {
    patch.times_location = input.locale;
    steps.push(ok(`changed locale to ${quote(input.locale)}`));
  }
  const editList = (
    label: string,
    before: readonly string[] | undefined,
    add: readonly string[] = [],
    remove: readonly string[] = [],
  ): string[] => {
    const gone = new Set(remove);
    for (const item of add) steps.push(ok(`added ${label} ${quote(item)}`));
    for (const item of gone) {
      const isThere = before?.includes(item) || add.includes(item);
      steps.push(isThere ? ok(`removed ${label} ${quote(item)}`) : warn(`${label} ${quote(item)} was not there`));
    }
    return [...new Set([...(before ?? []), ...add])].filter((item) => !gone.has(item));
  };
  if (input.connType || input.rmConnType) {
    patch.allowed_connection_types = editList(
      'connection type',
      limits.allowed_connection_types,
      input.connType,
      input.rmConnType,
    );
  }
  if (input.sourceNetwork || input.rmSourceNetwork) {
    const networks = editList('source network', limits.src, input.sourceNetwork, input.rmSourceNetwork);
    patch.src = networks.sort(compareBytes);
  }
  if (input.time || input.rmTime) patch.times = patchTimes(limits.times ?? [], input, steps);
  return { limits: { ...limits, ...patch }, steps };
}

function patchTimes(before: readonly TimeRange[], input: UserLimitInput, steps: Step[]): TimeRange[] {
  const times = [...before, ...(input.time ?? [])];
  for (const range of input.time ?? []) steps.push(ok(`added time range ${range.start}-${range.end}`));
  for (const start of input.rmTime ?? []) {
    const at = times.findIndex((range) => range.start === start);
    if (at >= 0) times.splice(at, 1);
    steps.push(
      at >= 0 ? ok(`removed time range that starts at ${start}`) : warn(`no time range starts at ${quote(start)}`),
    );
  }
  return times;
}

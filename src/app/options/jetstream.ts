import { allowsStorage, withoutJetStream } from '../../domain/claims/jetstream.js';
import type { AccountLimits, Int64, JetStreamLimits } from '../../domain/claims/types.js';
import { NscError } from '../../errors.js';
import { parseAmount } from '../../lib/amount.js';
import { FIRST_LIMITS, isUnset, readTier, tierLabel } from '../jetstream-tier.js';
import { asking, flag, type InputOf, integer, value } from '../option.js';
import { ok, type Step } from '../result.js';
import { type JetStreamField, limitQuestion, sizeQuestion, tierQuestion } from './jetstream-questions.js';

const amount = (long: string, help: string, field: JetStreamField) =>
  value<Int64>(
    long,
    { placeholder: 'N', help, defaultText: 'unchanged', ask: limitQuestion(help, field) },
    parseAmount,
  );
const older = (long: string, current: string) =>
  value<Int64>(
    long,
    { placeholder: 'N', help: `older name of --${current}`, hidden: true, deprecated: `--${current}` },
    parseAmount,
  );
const tier = (long: string, help: string) => integer(long, { placeholder: 'N', help }, { min: 0, max: 1_000_000 });

export const jetStreamOptions = {
  jsTier: asking(
    tier('js-tier', 'replica tier the limits belong to: 0 = all streams, N = streams of N replicas'),
    tierQuestion,
  ),
  jsMemStorage: amount('js-mem-storage', 'most bytes in memory (0 = none, -1 = unlimited)', 'mem_storage'),
  jsDiskStorage: amount('js-disk-storage', 'most bytes on disk (0 = none, -1 = unlimited)', 'disk_storage'),
  jsStreams: amount('js-streams', 'most streams (-1 = unlimited)', 'streams'),
  jsConsumer: amount('js-consumer', 'most consumers (-1 = unlimited)', 'consumer'),
  jsMaxMemStream: amount(
    'js-max-mem-stream',
    'largest memory stream in bytes (-1 = unlimited)',
    'mem_max_stream_bytes',
  ),
  jsMaxDiskStream: amount(
    'js-max-disk-stream',
    'largest disk stream in bytes (-1 = unlimited)',
    'disk_max_stream_bytes',
  ),
  jsMaxAckPending: amount(
    'js-max-ack-pending',
    'most unacknowledged messages of a consumer (-1 = unlimited)',
    'max_ack_pending',
  ),
  jsMaxBytesRequired: flag('js-max-bytes-required', { help: 'streams must name a size limit', ask: sizeQuestion }),
  jsEnable: tier('js-enable', 'allow JetStream without limits in a tier (0 = all streams)'),
  jsDisable: flag('js-disable', { help: 'remove all JetStream limits, so that nothing may be stored' }),
  rmJsTier: tier('rm-js-tier', 'remove the limits of a tier (0 = all streams)'),
  memStorage: older('mem-storage', 'js-mem-storage'),
  diskStorage: older('disk-storage', 'js-disk-storage'),
  streams: older('streams', 'js-streams'),
  consumer: older('consumer', 'js-consumer'),
};

type JetStreamInput = Partial<InputOf<typeof jetStreamOptions>>;

const AMOUNTS = [
  ['jsStreams', 'streams', 'streams', 'max streams'],
  ['jsConsumer', 'consumer', 'consumer', 'max consumers'],
  ['jsMemStorage', 'memStorage', 'mem_storage', 'max memory storage'],
  ['jsMaxMemStream', undefined, 'mem_max_stream_bytes', 'max memory stream'],
  ['jsDiskStorage', 'diskStorage', 'disk_storage', 'max disk storage'],
  ['jsMaxDiskStream', undefined, 'disk_max_stream_bytes', 'max disk stream'],
  ['jsMaxAckPending', undefined, 'max_ack_pending', 'max ack pending'],
] as const;

/** Flags of this group that were given and ask for something, which `--js-disable=false` does not. */
export function givenJetStreamFlags(input: JetStreamInput): string[] {
  const names = Object.keys(jetStreamOptions) as (keyof typeof jetStreamOptions)[];
  return names
    .filter((name) => (name === 'jsDisable' ? input.jsDisable : input[name] !== undefined))
    .map((name) => `--${jetStreamOptions[name].long}`);
}

/**
 * Edits JetStream limits; without any of its options nothing changes (E-16).
 *
 * @throws NscError `conflicting-options`, `missing-option`, `policy-refused`, `item-not-found`
 */
export function patchJetStream(limits: AccountLimits, input: JetStreamInput): { limits: AccountLimits; steps: Step[] } {
  const given = givenJetStreamFlags(input);
  if (given.length === 0) return { limits, steps: [] };
  refuseCompany(given);
  if (input.jsDisable) {
    const tiers = Object.keys(limits.tiered_limits ?? {});
    return {
      limits: withoutJetStream(limits),
      steps: ['global', ...tiers].map((label) => ok(`deleted limits of tier ${label}`)),
    };
  }
  if (input.rmJsTier !== undefined) return removeTier(limits, input.rmJsTier);
  const number = input.jsEnable ?? input.jsTier ?? 0;
  const before = readTier(limits, number);
  if (input.jsEnable !== undefined) {
    if (before && allowsStorage(before)) {
      throw new NscError('policy-refused', `JetStream is enabled for tier ${tierLabel(number)} already`, {
        hint: `lift its limits one by one, such as with: --js-tier ${number} --js-disk-storage -1`,
      });
    }
    return {
      limits: writeTier(limits, number, { ...before, mem_storage: -1, disk_storage: -1 }),
      steps: [ok(`enabled tier ${tierLabel(number)}`)],
    };
  }
  const { patch, steps } = readAmounts(input, tierLabel(number));
  if (steps.length === 0) {
    throw new NscError('missing-option', `no limit for tier ${tierLabel(number)} was given`, {
      hint: 'give one beside --js-tier, such as --js-disk-storage 10gib, or use --js-enable',
    });
  }
  return { limits: writeTier(limits, number, { ...before, ...(isUnset(before) && FIRST_LIMITS), ...patch }), steps };
}

function refuseCompany(given: readonly string[]): void {
  const alone = ['--js-disable', '--js-enable', '--rm-js-tier'].find((flag) => given.includes(flag));
  if (alone === undefined || given.length === 1) return;
  const others = given.filter((flag) => flag !== alone).join(', ');
  throw new NscError('conflicting-options', `${alone} stands alone, but ${others} was given, too`, {
    hint: 'edit the account twice',
  });
}

function readAmounts(input: JetStreamInput, label: string): { patch: JetStreamLimits; steps: Step[] } {
  const patch: JetStreamLimits = {};
  const steps: Step[] = [];
  for (const [name, olderName, field, what] of AMOUNTS) {
    const amountGiven = input[name] ?? (olderName && input[olderName]);
    if (amountGiven === undefined) continue;
    patch[field] = amountGiven;
    steps.push(ok(`changed ${label} ${what} to ${amountGiven}`));
  }
  if (input.jsMaxBytesRequired !== undefined) {
    patch.max_bytes_required = input.jsMaxBytesRequired;
    steps.push(ok(`changed ${label} max bytes required to ${input.jsMaxBytesRequired}`));
  }
  return { patch, steps };
}

function writeTier(limits: AccountLimits, number: number, tierLimits: JetStreamLimits): AccountLimits {
  if (number === 0) return { ...limits, ...tierLimits };
  return { ...withoutJetStream(limits), tiered_limits: { ...limits.tiered_limits, [tierLabel(number)]: tierLimits } };
}

function removeTier(limits: AccountLimits, number: number): { limits: AccountLimits; steps: Step[] } {
  const label = tierLabel(number);
  const { [label]: gone, ...others } = limits.tiered_limits ?? {};
  if (number === 0 ? !allowsStorage(limits) : gone === undefined) {
    throw new NscError('item-not-found', `the account has no limits for tier ${label}`, {
      hint: 'see its tiers with: nsc describe account NAME',
    });
  }
  const rest = withoutJetStream(limits);
  const keeps = number !== 0 && Object.keys(others).length > 0;
  return { limits: keeps ? { ...rest, tiered_limits: others } : rest, steps: [ok(`deleted limits of tier ${label}`)] };
}

import type { Int64, JetStreamLimits } from '../../domain/claims/types.js';
import { isSystemAccount } from '../../domain/tree/system-account.js';
import { FIRST_LIMITS, isUnset, readTier, tierLabel } from '../jetstream-tier.js';
import type { Question } from '../option.js';
import { editedAccount, type FindClaims, selectedTree } from './current.js';

/** A limit that is a number. */
export type JetStreamField = Exclude<keyof JetStreamLimits, 'max_bytes_required'>;

/** What interactive mode asks first; without an answer it asks nothing more about JetStream. */
export const tierQuestion: Question<number> = {
  message: 'JetStream tier to set limits of: 0 = all streams, N = streams of N replicas (empty = leave as it is)',
  type: 'input',
  when: (workspace, input) =>
    [input.jsEnable, input.jsDisable, input.rmJsTier].every((given) => given === undefined) &&
    !isSystemAccount(selectedTree(workspace), editedAccount(workspace, input)),
  check: (number, workspace, input) => void readTier(editedAccount(workspace, input).nats.limits ?? {}, number),
};

/** Asks for one limit of the tier that was chosen. */
export function limitQuestion(help: string, field: JetStreamField): Question<Int64> {
  const allowsSomething = field === 'mem_storage' || field === 'disk_storage';
  return {
    message: `JetStream: ${help}`,
    type: 'input',
    default: (workspace, input) => String(chosenTier(workspace, input)[field] ?? 0),
    when: (workspace, input) => input.jsTier !== undefined && (allowsSomething || getsStorage(workspace, input)),
  };
}

/** Asks whether streams need a size limit. */
export const sizeQuestion: Question<boolean> = {
  message: 'JetStream: must streams name a size limit?',
  type: 'confirm',
  default: (workspace, input) => String(chosenTier(workspace, input).max_bytes_required ?? false),
  when: (workspace, input) => input.jsTier !== undefined && getsStorage(workspace, input),
};

const chosenTier: FindClaims<JetStreamLimits> = (workspace, input) => {
  const limits = editedAccount(workspace, input).nats.limits ?? {};
  const number = Number(input.jsTier ?? 0);
  const tier = number === 0 ? limits : limits.tiered_limits?.[tierLabel(number)];
  return tier === undefined || isUnset(tier) ? FIRST_LIMITS : tier;
};

/** Without memory and disk the other limits count for nothing. */
const getsStorage: FindClaims<boolean> = (workspace, input) => {
  const { mem_storage, disk_storage } = chosenTier(workspace, input);
  const [memory, disk] = [input.jsMemStorage ?? mem_storage ?? 0, input.jsDiskStorage ?? disk_storage ?? 0];
  return Number(memory) !== 0 || Number(disk) !== 0;
};

import type { LostTrust } from '../domain/trust/blast-radius.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

/** Tokens that are named one by one; of more only the number is told. */
const NAMED = 20;

/** What a change takes trust away from, a line for each token. */
export function lostTrustWarnings(lost: readonly LostTrust[]): string[] {
  const lines = lost
    .slice(0, NAMED)
    .map((token) => `${nameOf(token)} will no longer be ${servedAs(token)}: ${token.reason}`);
  return lost.length > NAMED ? [...lines, `… and ${lost.length - NAMED} more`] : lines;
}

/**
 * For `--keep-valid`.
 *
 * @throws NscError `would-lose-trust` unless the list is empty
 */
export function refuseLostTrust(lost: readonly LostTrust[]): void {
  const [first, ...others] = lost;
  if (!first) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new NscError('would-lose-trust', `${nameOf(first)}${more} would no longer be ${servedAs(first)}`, {
    hint: 'issue them anew with a key that stays, or leave out --keep-valid',
    details: { lost },
  });
}

function nameOf({ kind, account, name }: LostTrust): string {
  if (kind === 'account') return `account ${quote(account)}`;
  return `${kind} ${quote(name)} of account ${quote(account)}`;
}

const servedAs = ({ kind }: LostTrust): string => (kind === 'import' ? 'served' : 'accepted');

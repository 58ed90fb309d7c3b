import type { Issue } from '../../domain/claims/types.js';
import type { Refusal } from '../../domain/trust/refusal.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Finding } from '../result.js';

/** Signing it again would make a forged payload genuine, so no edit mends it. */
export const RESTORE = 'it was altered or damaged: restore it from a backup';

/** A chain that is broken, as a finding; the rule is the code of the refusal. */
export function refused(refusal: Refusal | undefined, hint: string): Finding[] {
  if (refusal === undefined) return [];
  const { code, message } = refusal;
  return [{ rule: code, level: 'error', message, hint: code === 'bad-signature' ? RESTORE : hint }];
}

/** A file that was renamed by hand: names of files are what commands use (E-40). */
export const nameFindings = (name: string, claimed: string | undefined): Issue[] =>
  claimed === undefined || claimed === name
    ? []
    : [{ rule: 'name', level: 'warning', message: `stored as ${quote(name)}, but the JWT says ${quote(claimed)}` }];

/** What was read, or a finding that says why it cannot be. */
export function readOr<Read>(read: () => Read | undefined): Read | { finding: Finding } {
  try {
    return read() ?? { finding: { rule: 'unreadable', level: 'error', message: 'it vanished while it was read' } };
  } catch (error) {
    return { finding: failure(error, 'unreadable', 'error') };
  }
}

/** An error of the store as a finding; throws every other one. */
export function failure(error: unknown, rule: string, level: Finding['level']): Finding {
  if (!(error instanceof NscError)) throw error;
  return { rule, level, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) };
}

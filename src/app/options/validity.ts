import type { RegisteredClaims } from '../../domain/claims/types.js';
import { NscError } from '../../errors.js';
import { checkMoment, formatDate, formatRelative, parseMoment } from '../../lib/moment.js';
import { asking, type InputOf, type Question, value } from '../option.js';
import { ok, type Step } from '../result.js';
import type { FindClaims } from './current.js';

const START = 'Valid from (0 = at once)';
const EXPIRY = 'Valid until (0 = no end)';

/** Texts, because a relative moment counts from when the plan is made; reading them checks the grammar. */
export const validityOptions = {
  start: value(
    'start',
    {
      placeholder: 'WHEN',
      help: 'valid from: a date, a date and time, or from now on as 3h, 2d, 1w, 6M, 1y; 0 for at once',
      ask: { message: START, type: 'input', default: () => '0' },
    },
    checkMoment,
  ),
  expiry: value(
    'expiry',
    {
      placeholder: 'WHEN',
      help: 'valid until, written like --start; 0 for no end',
      ask: { message: EXPIRY, type: 'input', default: () => '0' },
    },
    checkMoment,
  ),
};

/** The same for an edit: interactive mode shows what stands in the claims. */
export function editValidityOptions(find: FindClaims<RegisteredClaims>): typeof validityOptions {
  const question = (message: string, name: 'nbf' | 'exp'): Question<string> => ({
    message,
    type: 'input',
    default: (workspace, input) => {
      const seconds = find(workspace, input)[name] ?? 0;
      return seconds > 0 ? formatDate(seconds) : '0';
    },
  });
  return {
    start: asking(validityOptions.start, question(START, 'nbf')),
    expiry: asking(validityOptions.expiry, question(EXPIRY, 'exp')),
  };
}

/**
 * Sets `nbf` and `exp`.
 *
 * @param now Unix seconds, from which relative moments count
 */
export function patchValidity<Claims extends RegisteredClaims>(
  claims: Claims,
  input: InputOf<typeof validityOptions>,
  now: number,
): { claims: Claims; steps: Step[] } {
  const steps: Step[] = [];
  let patched = claims;
  const describe = (seconds: number): string => `${formatDate(seconds)} (${formatRelative(now, seconds)})`;
  if (input.start) {
    const nbf = parseMoment(input.start, now);
    patched = { ...patched, nbf };
    steps.push(ok(nbf === 0 ? 'valid at once' : `valid from ${describe(nbf)}`));
  }
  if (input.expiry) {
    const exp = parseMoment(input.expiry, now);
    patched = { ...patched, exp };
    steps.push(ok(exp === 0 ? 'never expires' : `expires ${describe(exp)}`));
  }
  refuseEndBeforeBegin(patched, steps.length > 0);
  return { claims: patched, steps };
}

function refuseEndBeforeBegin({ nbf = 0, exp = 0 }: RegisteredClaims, isNew: boolean): void {
  if (!isNew || nbf <= 0 || exp <= 0 || exp > nbf) return;
  throw new NscError('bad-value', 'it would expire before it becomes valid', {
    hint: 'give a later --expiry, or an earlier --start',
  });
}

import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { parseRfc3339 } from '../../lib/moment.js';
import { value } from '../option.js';

/** Up to which second to revoke, in Unix seconds; 0 means now, as when it is absent (nsc-distribution.md §3.7). */
export const revokeAtOption = value(
  'at',
  {
    placeholder: 'WHEN',
    help: 'refuse what was issued up to then: RFC 3339, as 2030-01-31T12:00:00Z, or Unix seconds; 0 for now',
    defaultText: 'now',
    ask: { message: 'Refuse what was issued up to (0 = now)', type: 'input', default: () => '0' },
  },
  readRevocationTime,
);

function readRevocationTime(text: string): number {
  const seconds = /^[+-]?\d{1,15}$/.test(text) ? Number(text) || 0 : parseRfc3339(text);
  if (seconds !== undefined) return seconds;
  throw new NscError('bad-value', `${quote(text)} is neither an RFC 3339 time nor a number of Unix seconds`, {
    hint: 'write it as 2030-01-31T12:00:00Z or 1896091200; 0 for now',
  });
}

import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { parseGoDuration } from '../../lib/duration.js';
import { RESPONSE_TYPES } from './check/export.js';
import { checkInfo } from './check/info.js';
import { isServerSubject } from './check/server-subject.js';
import { checkSubject, isWildcard } from './check/subject.js';
import type { Int64, Issue } from './types.js';

/**
 * How people write values of exports and activations on a command line (nsc-core.md §6). Every reader gives the value
 * as claims hold it, or throws `bad-value`.
 */

const SUBJECT_HINT = 'write tokens with dots between them, such as orders.eu.new or orders.>';

/** A subject, wildcards allowed. Servers take `a.>.b` for `a.>` where it is exported, and never where it is imported. */
export function readSubject(text: string): string {
  const subject = unlessBroken(text, checkSubject(text, `subject ${quote(text)}`), SUBJECT_HINT);
  if (isServerSubject(subject)) return subject;
  throw new NscError('bad-value', `subject ${quote(text)} has white space, or a ">" that is not at the end`, {
    hint: SUBJECT_HINT,
  });
}

/** The one subject that latencies are published on. */
export function readResultsSubject(text: string): string {
  if (!isWildcard(text)) return readSubject(text);
  throw new NscError('bad-value', `latencies go to one subject, and ${quote(text)} has wildcards`, {
    hint: 'write a subject without * and >',
  });
}

/**
 * How many requests are measured: `header` (or `headers`) for those that ask for it, or a percentage. Everything else
 * is refused, 0 too: nsc takes all that for `header` (E-17).
 */
export function readSampling(text: string): number | 'headers' {
  if (/^headers?$/i.test(text)) return 'headers';
  const percent = /^\d{1,3}%?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (percent >= 1 && percent <= 100) return percent;
  throw new NscError('bad-value', `${quote(text)} is neither "header" nor a percentage from 1 to 100`, {
    hint:
      percent === 0
        ? 'to measure nothing: nsc edit export --rm-latency-sampling'
        : 'write header, or a number such as 25',
  });
}

/** How a service answers, spelled as claims have it. */
export function readResponseType(text: string): string {
  if (RESPONSE_TYPES.includes(text)) return text;
  throw new NscError('bad-value', `${quote(text)} is not a response type`, {
    hint: `use one of ${RESPONSE_TYPES.join(', ')}`,
  });
}

/** Nanoseconds of a duration that is not negative. */
export function readThreshold(text: string): Int64 {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds >= 0) return nanoseconds;
  throw new NscError('bad-value', `${quote(text)} is negative`, { hint: 'write a duration such as 2s, or 0 for none' });
}

/** A URL with scheme and host; the empty text is allowed and means none. */
export function readInfoUrl(text: string): string {
  return unlessBroken(text, checkInfo({ info_url: text }), 'write it in full, as https://example.com/orders');
}

/** A text of the length that claims allow; the empty text means none. */
export function readDescription(text: string): string {
  return unlessBroken(text, checkInfo({ description: text }), 'say it shorter, and where to read more with --info-url');
}

function unlessBroken(value: string, [broken]: readonly Issue[], hint: string): string {
  if (broken === undefined) return value;
  throw new NscError('bad-value', broken.message, { hint });
}

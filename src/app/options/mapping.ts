import { checkSubject } from '../../domain/claims/check/subject.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { text, value } from '../option.js';

/** Which entry of the subject mappings an edit is about. */
export const mappingOptions = {
  from: value(
    'from',
    {
      short: 'f',
      placeholder: 'SUBJECT',
      help: 'subject that clients publish to; wildcards allowed',
      ask: { message: 'Subject that clients publish to', type: 'input', required: true },
    },
    readSubject,
  ),
  to: value(
    'to',
    {
      short: 't',
      placeholder: 'SUBJECT',
      help: 'subject the messages go to; {{wildcard(1)}} stands for what the first * matched',
    },
    readSubject,
  ),
  cluster: text('cluster', { placeholder: 'NAME', help: 'for clients of that cluster only' }),
};

/** The rules that source and destination have in common (jwt-nkeys.md M1, M2). */
function readSubject(given: string): string {
  const [broken] = checkSubject(given, `subject ${quote(given)}`);
  if (broken === undefined) return given;
  throw new NscError('bad-value', broken.message, {
    hint: 'write tokens with dots between them, such as orders.*.new',
  });
}

/**
 * The source of a mapping.
 *
 * @throws NscError `missing-option`
 */
export function requireSource(from: string | undefined): string {
  if (from !== undefined) return from;
  throw new NscError('missing-option', 'the subject that is mapped is needed', { hint: 'name it with --from SUBJECT' });
}

/** `"a" -> "b"`, with the cluster if there is one. */
export const describeMapping = (from: string, to: string, cluster = ''): string =>
  `${quote(from)} -> ${quote(to)}${cluster === '' ? '' : ` in cluster ${quote(cluster)}`}`;

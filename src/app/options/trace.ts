import { checkSubject, isWildcard } from '../../domain/claims/check/subject.js';
import type { AccountBody } from '../../domain/claims/types.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type InputOf, integer, value } from '../option.js';
import { ok, type Step } from '../result.js';
import { editedAccount } from './current.js';

const readTraceSubject = (subject: string): string => {
  if (subject === '') return subject;
  if (checkSubject(subject).length > 0) {
    throw new NscError('bad-value', `${quote(subject)} is not a subject`, {
      hint: 'write tokens with dots between them, such as traces.orders',
    });
  }
  if (isWildcard(subject)) {
    throw new NscError('bad-value', `traces go to one subject, and ${quote(subject)} has wildcards`, {
      hint: 'write a subject without * and >',
    });
  }
  return subject;
};

export const traceOptions = {
  traceContextSubject: value(
    'trace-context-subject',
    {
      placeholder: 'SUBJECT',
      help: 'where message traces are sent; "" for nowhere',
      ask: {
        message: 'Subject that message traces are sent to',
        type: 'input',
        default: (workspace, input) => editedAccount(workspace, input).nats.trace?.dest ?? '',
      },
    },
    readTraceSubject,
  ),
  traceContextSampling: integer(
    'trace-context-sampling',
    {
      placeholder: 'PERCENT',
      help: 'share of messages that is traced (0 = all)',
      ask: {
        message: 'Percentage of messages that is traced (0 = all)',
        type: 'input',
        default: (workspace, input) => String(editedAccount(workspace, input).nats.trace?.sampling ?? 0),
        when: (workspace, input) =>
          Boolean(input.traceContextSubject ?? editedAccount(workspace, input).nats.trace?.dest),
      },
    },
    { min: 0, max: 100 },
  ),
};

/**
 * Edits where traces go. A new subject starts without sampling (reference: nsc-core.md §9.9).
 *
 * @throws NscError `policy-refused` for sampling without a subject
 */
export function patchTrace(
  body: AccountBody,
  input: Partial<InputOf<typeof traceOptions>>,
): { body: AccountBody; steps: Step[] } {
  const { traceContextSubject: dest, traceContextSampling: sampling } = input;
  const steps: Step[] = [];
  let { trace, ...rest } = body;
  if (dest === '') {
    trace = undefined;
    steps.push(ok('disabled the trace context'));
  } else if (dest !== undefined) {
    const { sampling: _restarted, ...kept } = trace ?? {};
    trace = { ...kept, dest };
    steps.push(ok(`changed trace context subject to ${quote(dest)}`));
  }
  if (sampling !== undefined) {
    if (trace === undefined) {
      throw new NscError('policy-refused', 'sampling needs a subject to send traces to', {
        hint: 'give one with --trace-context-subject SUBJECT',
      });
    }
    trace = { ...trace, sampling };
    steps.push(ok(`changed trace context sampling to ${sampling}%`));
  }
  return { body: trace === undefined ? rest : { ...rest, trace }, steps };
}

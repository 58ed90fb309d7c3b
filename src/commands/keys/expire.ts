import { mutation } from '../../app/command.js';
import {
  getKnownKey,
  knownKeyOptions,
  noteKey,
  removeOption,
  requireDifference,
} from '../../app/lifecycle/key-report-edit.js';
import { value } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import type { KeyInfo } from '../../domain/keyring/state.js';
import { NscError } from '../../errors.js';
import { checkMoment, formatDate, formatRelative, parseMoment } from '../../lib/moment.js';

export const command = mutation({
  summary: 'Say when a key should be replaced',
  description:
    'Sets the day on which a key is due to be rotated: nsc keys list and nsc validate tell when it has come. Servers know ' +
    'nothing of it, and the key goes on working: what ends by itself is a JWT (nsc edit user --expiry), not a key. The day is kept in ' +
    'the keyring beside the store.',
  options: {
    ...knownKeyOptions,
    at: value(
      'at',
      {
        placeholder: 'WHEN',
        help: 'a date, or a date and time, to come',
        ask: {
          message: 'Due on (a date, or from now on as 90d, 6M, 1y)',
          type: 'input',
          when: (_workspace, { remove, in: span }) => remove !== true && span === undefined,
        },
      },
      checkDue,
    ),
    in: value('in', { placeholder: 'SPAN', help: 'from now on: 12h, 90d, 12w, 6M, 1y' }, checkSpan),
    remove: removeOption('the day'),
  },
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: [['at', 'in', 'remove']],
  examples: [
    { command: 'nsc keys expire OSIGNER… --in 1y', what: 'to be rotated within a year' },
    { command: 'nsc keys expire OSIGNER… --at 2031-01-01', what: 'by the end of 2030' },
  ],

  plan(context, input) {
    const info = getKnownKey(context, input);
    const { now } = context;
    const text = input.at ?? input.in;
    const due = text === undefined ? undefined : parseMoment(text, now);
    if (due !== undefined && due <= now) throw isPast(due);
    if (due !== undefined && (info.state === 'removed' || info.state === 'compromised')) throw isOver(info);
    requireDifference(info, 'expires', due, {
      remove: input.remove,
      noun: 'a due date',
      option: '--at DATE or --in SPAN',
    });
    return {
      changes: [noteKey(context, info, 'expires', due)],
      result: changed(
        ok(
          due === undefined
            ? `${info.key} is no longer due to be replaced`
            : `${info.key} is due to be replaced at ${formatDate(due)} (${formatRelative(now, due)}); servers know nothing of it`,
        ),
      ),
    };
  },
});

/** 0 would be no date, which `--remove` says. */
function checkDue(text: string): string {
  if (text !== '' && text !== '0') return checkMoment(text);
  throw new NscError('bad-value', 'no date is given', { hint: 'take the date away with --remove' });
}

function checkSpan(text: string): string {
  if (/^\d+[mhdwMy]$/.test(text)) return checkMoment(text);
  throw new NscError('bad-value', `"${text}" is not a time span to come`, {
    hint: 'write one number with one of the units m, h, d, w, M, y, such as 90d; --at takes dates',
  });
}

const isOver = ({ key, state }: KeyInfo): NscError =>
  new NscError('rotation-state', `${key} is ${state}, so it is not due for anything`, {
    hint: 'see the keys that sign with: nsc keys list --state active',
    details: { publicKey: key, state },
  });

const isPast = (due: number): NscError =>
  new NscError('bad-value', `${formatDate(due)} is past`, {
    hint: 'name a day to come; a key that must not be used any longer is replaced with: nsc rotate start KEY',
  });

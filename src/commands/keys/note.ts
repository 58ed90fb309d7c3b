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
import { readNote } from '../../domain/keyring/texts.js';

export const command = mutation({
  summary: 'Write something down about a key',
  description:
    'A note is a line of text for people: where the seed is kept, who may use it. It is kept in the keyring beside the ' +
    'store, in the clear: no JWT changes. It takes the place of the one that was there.',
  options: {
    ...knownKeyOptions,
    text: value(
      'text',
      {
        placeholder: 'TEXT',
        help: 'the note',
        ask: { message: 'Note', type: 'input', when: (_workspace, { remove }) => remove !== true },
      },
      readNote,
    ),
    remove: removeOption('the note'),
  },
  positional: { option: 'key', max: 2, placeholder: 'KEY TEXT', second: 'text' },
  conflicts: [['text', 'remove']],
  examples: [{ command: "nsc keys note OSIGNER… 'seed in the safe, 2nd shelf'", what: 'seen by nsc keys show' }],

  plan(context, input) {
    const info = getKnownKey(context, input);
    requireDifference(info, 'note', input.text, { remove: input.remove, noun: 'a note', option: '--text TEXT' });
    return {
      changes: [noteKey(context, info, 'note', input.text)],
      result: changed(
        ok(input.text === undefined ? `took the note about ${info.key} away` : `noted it about ${info.key}`),
      ),
    };
  },
});

import { mutation } from '../../app/command.js';
import { text } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

export const command = mutation({
  summary: 'Select the operator that commands work on',
  options: {
    name: text('name', {
      placeholder: 'OPERATOR',
      help: 'operator, by name',
      complete: 'operator',
      hidden: true,
      ask: {
        message: 'Operator',
        type: 'select',
        choices: (workspace) => workspace.operatorNames(),
        takesDefault: true,
      },
    }),
  },
  positional: { option: 'name', max: 1, placeholder: 'OPERATOR' },
  examples: [{ command: 'nsc select operator Acme', what: 'work on Acme from now on' }],

  plan({ workspace }, { name }) {
    if (name === undefined)
      throw new NscError('missing-option', 'no operator was named', { hint: 'nsc list operators shows them' });
    workspace.tree(name);
    return {
      operator: name,
      changes: [{ type: 'select', operator: name }],
      result: changed(ok(`selected operator ${quote(name)}`)),
    };
  },
});

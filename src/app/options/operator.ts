import { type Option, text } from '../option.js';

const choosable = {
  placeholder: 'OPERATOR',
  help: 'operator, by name or public key',
  defaultText: 'the selected operator',
  complete: 'operator',
} as const;

/** The operator a list is about, by name or public key. */
export const operatorOption: Option<string> = text('operator', { ...choosable, short: 'o' });

/** The same for commands that are about the operator itself. */
export const operatorNameOption: Option<string> = text('name', {
  ...choosable,
  short: 'n',
  ask: {
    message: 'Operator',
    type: 'select',
    choices: (workspace) => workspace.operatorNames(),
    default: (workspace) => workspace.selected.operator,
    takesDefault: true,
  },
});

import { checkName } from '../../domain/name.js';
import { type Answers, type Option, type Question, text } from '../option.js';
import { refuseTakenAccount, refuseTakenOperator, refuseTakenUser } from '../taken-name.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount, selectedTree } from './current.js';

type Kind = 'operator' | 'account' | 'user';

/** The name of a new entity. `*` stands for a made-up one. Interactive mode asks for it unless `when` says no. */
export function newNameOption(kind: Kind, ask: Pick<Question<string>, 'when'> = {}): Option<string> {
  return text('name', {
    short: 'n',
    placeholder: 'NAME',
    help: `name of the ${kind}; * makes one up`,
    ask: {
      ...ask,
      message: `Name of the ${kind} (* makes one up)`,
      type: 'input',
      required: true,
      check: (name, workspace, input) => {
        if (name !== '*') refuseTaken(kind, checkName(kind, name), workspace, input);
      },
    },
  });
}

function refuseTaken(kind: Kind, name: string, workspace: Workspace, input: Answers): void {
  if (kind === 'operator') refuseTakenOperator(workspace, name);
  else if (kind === 'account') refuseTakenAccount(selectedTree(workspace), name);
  else refuseTakenUser(selectedTree(workspace), chosenAccount(workspace, input).name, name);
}

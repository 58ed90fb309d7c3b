import type { Export } from '../../domain/claims/types.js';
import { exportsOf } from '../../domain/sharing/find-export.js';
import { type Answers, flag, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { accountOption } from './account.js';
import { chosenAccount } from './current.js';
import { offerSubjects, typeOf } from './existing-export.js';

/** The export whose activations a command is about (nsc-distribution.md §3.7). */
export const activatedExportOptions = {
  account: accountOption,
  service: flag('service', {
    help: 'the export is a service, not a stream',
    ask: {
      message: 'Is the export a service (rather than a stream)?',
      type: 'confirm',
      takesDefault: true,
      default: (workspace, input) => String(exportsOfAsked(workspace, input).every(({ type }) => type === 'service')),
    },
  }),
  subject: text('subject', {
    short: 's',
    placeholder: 'SUBJECT',
    help: 'subject of the export, or a part of it',
    defaultText: 'the only export of that type',
    ask: {
      message: 'Export',
      type: 'select',
      takesDefault: true,
      choices: (workspace, input) => {
        const type = typeOf(input.service === true);
        return offerSubjects(exportsOfAsked(workspace, input).filter((entry) => entry.type === type));
      },
    },
  }),
};

const exportsOfAsked = (workspace: Workspace, input: Answers): Export[] =>
  exportsOf(chosenAccount(workspace, input).claims);

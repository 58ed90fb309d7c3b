import type { Import } from '../../domain/claims/types.js';
import { importsOf } from '../../domain/sharing/imports.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { namesIn } from '../../domain/tree/names.js';
import { findImports } from '../get-import.js';
import { type Answers, type Choice, flag, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount, selectedTree } from './current.js';

/** Which import of an account is meant. Stands after the account in an option set. */
export const importSelectionOptions = {
  subject: text('subject', {
    short: 's',
    placeholder: 'SUBJECT',
    help: 'the remote subject of the import',
    defaultText: 'the only import of the account',
    ask: {
      message: 'Import',
      type: 'select',
      takesDefault: true,
      choices: (workspace, input) => {
        const all = importsOf(chosenAccount(workspace, input).claims).map(remoteSubject);
        return [...new Set(all)];
      },
    },
  }),
  srcAccount: text('src-account', {
    placeholder: 'ACCOUNT',
    help: 'the account it comes from, by public key or name',
    complete: 'account',
    ask: { message: 'From which account', type: 'select', choices: offerExporters },
  }),
  service: flag('service', {
    help: 'the service of that subject and account; --service=false for the stream',
    hidden: true,
    ask: {
      message: 'The service of that subject (rather than the stream)?',
      type: 'confirm',
      takesDefault: true,
      when: (workspace, input) => new Set(meantBy(workspace, input).map(({ type }) => type)).size > 1,
    },
  }),
};

function offerExporters(workspace: Workspace, input: Answers): Choice[] {
  const keys = [...new Set(meantBy(workspace, input).map((entry) => entry.account ?? ''))];
  const names = keys.length > 1 ? namesIn(selectedTree(workspace), keys) : new Map();
  return keys.map((key) => ({ value: key, label: names.has(key) ? `${names.get(key)} [${key}]` : key }));
}

function meantBy(workspace: Workspace, input: Answers): Import[] {
  const { subject, srcAccount: exporter } = input as { subject?: string; srcAccount?: string };
  return findImports(importsOf(chosenAccount(workspace, input).claims), { subject, exporter });
}

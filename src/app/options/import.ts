import { readSubject } from '../../domain/claims/export-grammar.js';
import { type Answers, flag, type InputOf, text, value } from '../option.js';
import type { Workspace } from '../workspace.js';
import { findChosen, importChoiceOption } from './import-choice.js';
import { textSourceOption } from './token-file.js';

/** Where an import comes from: an activation, or an account and a subject of it. */
export const importSourceOptions = {
  export: importChoiceOption,
  token: textSourceOption('token', {
    short: 'u',
    help: 'activation for a private export: file or http(s) URL. It says account, type and subject',
    ask: { message: 'File or URL of the activation (empty: the export is public)', type: 'input' },
  }),
  srcAccount: text('src-account', {
    placeholder: 'ACCOUNT',
    help: 'account that exports, by name or public key',
    complete: 'account',
    ask: { message: 'Account that exports, by name or public key', type: 'input', required: true },
  }),
  remoteSubject: value(
    'remote-subject',
    {
      placeholder: 'SUBJECT',
      help: 'subject in the account that exports',
      ask: {
        message: 'Subject in the account that exports',
        type: 'input',
        required: true,
        takesDefault: true,
        default: (workspace, input) => findChosen(workspace, input)?.subject,
      },
    },
    readSubject,
  ),
  service: flag('service', {
    help: 'import a service, which answers requests, rather than a stream',
    ask: {
      message: 'Is it a service (rather than a stream)?',
      type: 'confirm',
      default: () => 'true',
      takesDefault: true,
      when: (_workspace, { token }) => token === undefined,
    },
  }),
};

/** Which options exclude each other: an activation or a choice says what the others would. */
export const importSourceConflicts = [
  ['export', 'token', 'srcAccount'],
  ['token', 'remoteSubject'],
  ['export', 'service'],
] as const;

/** How an import is used. */
export const importUseOptions = {
  name: text('name', {
    short: 'n',
    placeholder: 'NAME',
    help: 'what the import is called',
    defaultText: 'the name of the activation, or the remote subject',
    ask: {
      message: 'Name of the import',
      type: 'input',
      takesDefault: true,
      default: (workspace, input) => findChosen(workspace, input)?.entry.name ?? (input.remoteSubject as string),
    },
  }),
  localSubject: value(
    'local-subject',
    {
      short: 's',
      placeholder: 'SUBJECT',
      help: 'subject in the account that imports; $1 stands for what the first * of the remote one matches',
      defaultText: 'the remote subject',
      ask: {
        message: 'Local subject',
        type: 'input',
        takesDefault: true,
        default: withoutAccount,
      },
    },
    readSubject,
  ),
  share: flag('share', {
    help: 'let the service see who asks, when it measures latencies',
    ask: {
      message: 'Share connection information with a service that measures latencies?',
      type: 'confirm',
      when: (workspace, input) => typeOf(workspace, input) === 'service',
    },
  }),
  allowTrace: flag('allow-trace', {
    help: 'let message traces of the exporting account go on into this one (streams)',
    ask: {
      message: 'Allow tracing?',
      type: 'confirm',
      when: (workspace, input) => typeOf(workspace, input) === 'stream',
    },
  }),
};

export type ImportSourceInput = Partial<InputOf<typeof importSourceOptions>>;
export type ImportUseInput = Partial<InputOf<typeof importUseOptions>>;

/** Unknown while it is an activation that says it. */
function typeOf(workspace: Workspace, input: Answers): 'stream' | 'service' | undefined {
  if (input.token !== undefined) return undefined;
  return findChosen(workspace, input)?.type ?? (input.service === true ? 'service' : 'stream');
}

/** A subject that has the importing account in it arrives without. */
function withoutAccount(workspace: Workspace, input: Answers): string | undefined {
  const position = Number(findChosen(workspace, input)?.entry.account_token_position ?? 0);
  if (position === 0) return undefined;
  return String(input.remoteSubject)
    .split('.')
    .filter((_token, at) => at + 1 !== position)
    .join('.');
}

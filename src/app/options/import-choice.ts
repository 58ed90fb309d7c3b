import type { ShareType } from '../../domain/claims/types.js';
import { type Importable, importableFrom, listImportable } from '../../domain/sharing/importable.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type Answers, type Choice, type Option, value } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount, selectedTree } from './current.js';

/** One of the exports that interactive mode offers for import. */
export interface ChosenExport {
  /** Name of the account that exports. */
  readonly account: string;
  readonly type: ShareType;
  /** The subject of the export. */
  readonly subject: string;
}

/** `ACCOUNT/TYPE/SUBJECT`: names of accounts have no slash, subjects may. */
const FORM = /^([^/]+)\/(stream|service)\/(.+)$/s;

/** What a select of interactive mode fills in place of the exporting account and the type; not for command lines. */
export const importChoiceOption: Option<ChosenExport> = value(
  'export',
  {
    placeholder: 'ACCOUNT/TYPE/SUBJECT',
    help: 'an export of this operator; a private one is activated on the way',
    hidden: true,
    ask: {
      message: 'Import',
      type: 'select',
      choices: offerExports,
      takesDefault: true,
      when: (_workspace, { token, srcAccount, remoteSubject }) =>
        [token, srcAccount, remoteSubject].every((given) => given === undefined),
    },
  },
  readChoice,
);

/** The export that was chosen, while it is there and the account does not import it. */
export function findChosen(workspace: Workspace, input: Answers): Importable | undefined {
  const chosen = input.export as ChosenExport | undefined;
  const exporter = chosen && selectedTree(workspace).findAccount(chosen.account);
  if (!chosen || !exporter) return undefined;
  const offered = [...importableFrom(exporter, chosenAccount(workspace, input))];
  return offered.find(({ type, entry }) => type === chosen.type && entry.subject === chosen.subject);
}

function offerExports(workspace: Workspace, input: Answers): Choice[] {
  const all = [...listImportable(selectedTree(workspace), chosenAccount(workspace, input))];
  const found = all.map(({ exporter, type, entry }) => ({
    value: `${exporter.name}/${type}/${entry.subject ?? ''}`,
    label: `${quote(entry.subject ?? '')}: ${entry.token_req ? 'private' : 'public'} ${type} of account ${quote(exporter.name)}`,
  }));
  return found.length === 0 ? [] : [...found, { value: '', label: 'something else' }];
}

function readChoice(text: string): ChosenExport {
  const [, account, type, subject] = FORM.exec(text) ?? [];
  if (account !== undefined && type !== undefined && subject !== undefined) {
    return { account, type: type as ShareType, subject };
  }
  throw new NscError('bad-value', `${quote(text)} does not name an export`, { hint: 'write ACCOUNT/TYPE/SUBJECT' });
}

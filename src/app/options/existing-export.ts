import type { AccountClaims, Export, ShareType } from '../../domain/claims/types.js';
import { exportsOf } from '../../domain/sharing/find-export.js';
import { type Answers, type Choice, flag, type Option, type Question, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount } from './current.js';

/** Asks for one of the exports. */
export const exportQuestion: Question<string> = {
  message: 'Export',
  type: 'select',
  takesDefault: true,
  choices: (workspace, input) => offerSubjects(exportsOf(chosenAccount(workspace, input).claims)),
};

/** An existing export by its subject. Stands after the account in an option set, so that it is asked later. */
export const exportSubjectOption: Option<string> = text('subject', {
  short: 's',
  placeholder: 'SUBJECT',
  help: 'the export, by its subject as it was added',
  defaultText: 'the only export of the account',
  ask: exportQuestion,
});

/** Each subject once, and what is exported on it. */
export function offerSubjects(exports: readonly Export[]): Choice[] {
  const kinds = new Map<string, string[]>();
  for (const entry of exports) {
    const { subject = '', type, token_req: isPrivate } = entry;
    kinds.set(subject, [...(kinds.get(subject) ?? []), `${isPrivate ? 'private' : 'public'} ${type}`]);
  }
  return [...kinds].map(([subject, what]) => ({ value: subject, label: `${subject} (${what.join(', ')})` }));
}

/** The export that the answers so far point at; undefined while that is none, or more than one. */
export function findChosenExport(workspace: Workspace, input: Answers): Export | undefined {
  const all = exportsOf(chosenAccount(workspace, input).claims);
  const matches = input.subject === undefined ? all : all.filter(({ subject }) => subject === input.subject);
  const type = typeof input.service === 'boolean' ? typeOf(input.service) : undefined;
  return matches.length === 1 ? matches[0] : matches.find((entry) => entry.type === type);
}

/** Whether a stream and a service have that subject, so that it does not say which one is meant. */
export function isTwin(account: AccountClaims, subject: unknown): boolean {
  const matches = exportsOf(account).filter((entry) => entry.subject === subject);
  return new Set(matches.map(({ type }) => type)).size > 1;
}

/** Which one is meant, where a stream and a service have the subject. Stands after the subject in an option set. */
export const twinOption = flag('service', {
  short: 'r',
  help: 'the service of that subject; --service=false for the stream',
  hidden: true,
  ask: {
    message: 'The service of that subject (rather than the stream)?',
    type: 'confirm',
    default: () => 'false',
    takesDefault: true,
    when: (workspace, input) => isTwin(chosenAccount(workspace, input).claims, input.subject),
  },
});

/** The type that `--service` and `--service=false` stand for. */
export const typeOf = (service: boolean): ShareType => (service ? 'service' : 'stream');

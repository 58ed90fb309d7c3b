import type { AccountClaims, Export, ShareType } from '../../domain/claims/types.js';
import { exportsOf } from '../../domain/sharing/find-export.js';
import { getAccount } from '../../domain/tree/lookup.js';
import { findNearest } from '../../domain/tree/nearest.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type Choice, flag, type Option, type Question, text } from '../option.js';
import type { Workspace } from '../workspace.js';

type Asked = Readonly<Record<string, unknown>>;

/** Asks for one of the exports. */
export const exportQuestion: Question<string> = {
  message: 'Export',
  type: 'select',
  takesDefault: true,
  choices: (workspace, input) => offerSubjects(exportsOf(chosenAccount(workspace, input))),
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

/** The account that was named, chosen before or selected, while questions are asked. */
export function chosenAccount(workspace: Workspace, { account }: Asked): AccountClaims {
  const tree = workspace.tree(workspace.selected.operator);
  return getAccount(tree, typeof account === 'string' ? account : undefined, workspace.selected.account).claims;
}

/** The export that the answers so far point at; undefined while that is none, or more than one. */
export function findChosenExport(workspace: Workspace, input: Asked): Export | undefined {
  const all = exportsOf(chosenAccount(workspace, input));
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
    when: (workspace, input) => isTwin(chosenAccount(workspace, input), input.subject),
  },
});

/** The type that `--service` and `--service=false` stand for. */
export const typeOf = (service: boolean): ShareType => (service ? 'service' : 'stream');

/**
 * The export of an account with exactly that subject, or its only one.
 *
 * @throws NscError `item-not-found`; `missing-option` when more than one is left
 */
export function getExport(
  account: AccountEntry,
  { subject, type }: { readonly subject?: string | undefined; readonly type?: ShareType | undefined },
): Export {
  const ofType = requireExports(account).filter((entry) => type === undefined || entry.type === type);
  const matches = subject === undefined ? ofType : ofType.filter((entry) => entry.subject === subject);
  const [first] = matches;
  if (first === undefined) throw exportNotFound(account, type, subject);
  if (subject === undefined && matches.length > 1) throw needsSubject(account, matches);
  if (matches.some((entry) => entry.type !== first.type)) throw needsType(account, first.subject ?? '');
  return first;
}

/** @throws NscError `item-not-found` when there are none */
export function requireExports(account: AccountEntry): Export[] {
  const all = exportsOf(account.claims);
  if (all.length > 0) return all;
  throw new NscError('item-not-found', `account ${quote(account.name)} has no exports`, {
    hint: `add one with: nsc add export --account ${quote(account.name)} --subject SUBJECT`,
  });
}

/** The list of exports with one of them replaced, or left out. */
export function withExport(account: AccountClaims, before: Export, after: Export | undefined): (Export | null)[] {
  const all = account.nats.exports ?? [];
  return all.flatMap((entry) => (entry !== before ? [entry] : after === undefined ? [] : [after]));
}

/** Nothing was found; a subject near the one that was given may have been meant. */
export function exportNotFound(
  account: AccountEntry,
  type: ShareType | undefined,
  subject: string | undefined,
): NscError {
  const subjects = exportsOf(account.claims).map(({ subject: known = '' }) => known);
  const nearest = subject === undefined ? undefined : findNearest(subject, subjects);
  const what = `${type ? `${type} export` : 'export'}${subject === undefined ? '' : ` ${quote(subject)}`}`;
  return new NscError('item-not-found', `account ${quote(account.name)} has no ${what}`, {
    hint:
      nearest !== undefined && nearest !== subject
        ? `did you mean ${quote(nearest)}?`
        : `it exports ${exportsOf(account.claims).map(showExport).join(', ')}`,
    details: { account: account.name, subjects },
  });
}

/** More than one export is left. */
export function needsSubject(account: AccountEntry, exports: readonly Export[]): NscError {
  return new NscError(
    'missing-option',
    `account ${quote(account.name)} has ${exports.length} exports to choose from: ${exports.map(showExport).join(', ')}`,
    { hint: 'name one with --subject SUBJECT', details: { subjects: exports.map(({ subject }) => subject) } },
  );
}

/** A stream and a service are left. */
export function needsType(account: AccountEntry, subject: string): NscError {
  return new NscError(
    'missing-option',
    `account ${quote(account.name)} exports ${quote(subject)} as a stream and as a service`,
    { hint: 'say which one is meant: --service for the service, --service=false for the stream' },
  );
}

const showExport = ({ type, subject = '' }: Export): string => `${type} ${quote(subject)}`;

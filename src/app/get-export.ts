import type { AccountClaims, Export, ShareType } from '../domain/claims/types.js';
import { exportsOf } from '../domain/sharing/find-export.js';
import { findNearest } from '../domain/tree/nearest.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote, quoteWord } from '../lib/display.js';

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
    hint: `add one with: nsc add export --account ${quoteWord(account.name)} --subject SUBJECT`,
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

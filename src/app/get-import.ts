import type { Import, ShareType } from '../domain/claims/types.js';
import { importsOf } from '../domain/sharing/imports.js';
import { localSubject } from '../domain/sharing/local-subject.js';
import { remoteSubject } from '../domain/sharing/remote-subject.js';
import { findNearest } from '../domain/tree/nearest.js';
import type { AccountEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';

/** What says which import is meant. */
export interface ImportSelection {
  readonly subject?: string | undefined;
  /** Public key of the account it comes from. */
  readonly exporter?: string | undefined;
  readonly type?: ShareType | undefined;
}

/**
 * The one import that is meant.
 *
 * @throws NscError `item-not-found`; `missing-option` when several are
 */
export function getImport(account: AccountEntry, selection: ImportSelection): Import {
  const all = importsOf(account.claims);
  const found = findImports(all, selection);
  const [first] = found;
  if (first === undefined) throw noImport(account, all, selection);
  // one that is there twice counts once for servers
  const isSame = (entry: Import): boolean => isAlike(entry, first) && localSubject(entry) === localSubject(first);
  if (found.every(isSame)) return found.at(-1) ?? first;
  throw severalImports(account, found, selection);
}

/** The imports that may be meant: by the remote subject, or where nothing has that, by the local one. */
export function findImports(all: readonly Import[], { subject, exporter, type }: ImportSelection): Import[] {
  const possible = all.filter(
    (entry) => (exporter === undefined || entry.account === exporter) && (type === undefined || entry.type === type),
  );
  if (subject === undefined) return possible;
  const found = possible.filter((entry) => remoteSubject(entry) === subject);
  return found.length > 0 ? found : possible.filter((entry) => localSubject(entry) === subject);
}

/** Whether two imports bring the same from the same account. */
const isAlike = (one: Import, other: Import): boolean =>
  one.account === other.account && one.type === other.type && remoteSubject(one) === remoteSubject(other);

function noImport(account: AccountEntry, all: readonly Import[], { subject, exporter }: ImportSelection): NscError {
  const name = quote(account.name);
  if (all.length === 0) {
    return new NscError('item-not-found', `account ${name} has no imports`, {
      hint: `see what it has with: nsc describe account ${name}`,
    });
  }
  const what = subject === undefined ? 'nothing' : `no ${quote(subject)}`;
  const whence = exporter === undefined ? '' : ` from ${exporter}`;
  const nearest = findNearest(subject ?? '', all.map(remoteSubject));
  return new NscError('item-not-found', `account ${name} imports ${what}${whence}`, {
    hint:
      nearest === undefined || nearest === subject
        ? `see what it imports with: nsc describe account ${name}`
        : `did you mean ${quote(nearest)}?`,
  });
}

function severalImports(account: AccountEntry, found: readonly Import[], { subject }: ImportSelection): NscError {
  const name = quote(account.name);
  const exporters = [...new Set(found.map((entry) => entry.account ?? ''))];
  if (subject === undefined) {
    const subjects = [...new Set(found.map(remoteSubject))];
    return new NscError('missing-option', `account ${name} has ${found.length} imports`, {
      hint: `name one with --subject: ${subjects.map(quote).join(', ')}`,
      details: { subjects },
    });
  }
  if (exporters.length > 1) {
    return new NscError('missing-option', `account ${name} imports ${quote(subject)} from several accounts`, {
      hint: `name one with --src-account: ${exporters.join(', ')}`,
      details: { accounts: exporters },
    });
  }
  const [first = {}] = found;
  if (found.every((entry) => isAlike(entry, first))) {
    const locals = [...new Set(found.map(localSubject))].filter((local) => local !== subject);
    return new NscError('missing-option', `account ${name} imports ${quote(subject)} more than once`, {
      hint: `name one by its local subject, with --subject: ${locals.map(quote).join(', ')}`,
      details: { subjects: locals },
    });
  }
  return new NscError('missing-option', `account ${name} imports ${quote(subject)} both as a stream and as a service`, {
    hint: 'say which one: --service, or --service=false for the stream',
  });
}

import type { AccountClaims, Import, ShareType } from '../../domain/claims/types.js';
import { remoteSubject } from '../../domain/sharing/remote-subject.js';
import { namesIn } from '../../domain/tree/names.js';
import { findNearest } from '../../domain/tree/nearest.js';
import type { AccountEntry } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { type Choice, flag, text } from '../option.js';
import type { Workspace } from '../workspace.js';
import { chosenAccount } from './existing-export.js';

type Asked = Readonly<Record<string, unknown>>;

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
        const all = importsOf(chosenAccount(workspace, input)).map(remoteSubject);
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

/** What says which import is meant. */
export interface ImportSelection {
  readonly subject?: string | undefined;
  /** Public key of the account it comes from. */
  readonly exporter?: string | undefined;
  readonly type?: ShareType | undefined;
}

/** The imports of an account, without the empty entries that some tokens have (jwt-nkeys.md I1). */
export const importsOf = ({ nats }: AccountClaims): Import[] => (nats.imports ?? []).filter((entry) => entry !== null);

/**
 * The one import that is meant.
 *
 * @throws NscError `item-not-found`; `missing-option` when several are
 */
export function getImport(account: AccountEntry, selection: ImportSelection): Import {
  const all = importsOf(account.claims);
  const found = all.filter((entry) => isMeant(entry, selection));
  const [only, second] = found;
  if (only === undefined) throw noImport(account, all, selection);
  if (second === undefined) return only;
  throw severalImports(account, found, selection);
}

const isMeant = (entry: Import, { subject, exporter, type }: ImportSelection): boolean =>
  (subject === undefined || remoteSubject(entry) === subject || entry.subject === subject) &&
  (exporter === undefined || entry.account === exporter) &&
  (type === undefined || entry.type === type);

function noImport(account: AccountEntry, all: readonly Import[], { subject, exporter }: ImportSelection): NscError {
  const name = quote(account.name);
  if (all.length === 0) return new NscError('item-not-found', `account ${name} has no imports`);
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
  return new NscError('missing-option', `account ${name} imports ${quote(subject)} both as a stream and as a service`, {
    hint: 'say which one: --service, or --service=false for the stream',
  });
}

function offerExporters(workspace: Workspace, input: Asked): Choice[] {
  const keys = [...new Set(meantBy(workspace, input).map((entry) => entry.account ?? ''))];
  const names = keys.length > 1 ? namesIn(workspace.tree(workspace.selected.operator), keys) : new Map();
  return keys.map((key) => ({ value: key, label: names.has(key) ? `${names.get(key)} [${key}]` : key }));
}

function meantBy(workspace: Workspace, input: Asked): Import[] {
  const { subject, srcAccount: exporter } = input as { subject?: string; srcAccount?: string };
  return importsOf(chosenAccount(workspace, input)).filter((entry) => isMeant(entry, { subject, exporter }));
}

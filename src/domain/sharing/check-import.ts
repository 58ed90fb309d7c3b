import { quote, quoteWord } from '../../lib/display.js';
import { show } from '../claims/check/show.js';
import type { Import, ShareType } from '../claims/types.js';
import type { AccountEntry, Tree } from '../tree/tree.js';
import { checkAccess } from './access.js';
import { checkActivation } from './activation.js';
import { checkLocalSubject } from './check-local-subject.js';
import { formsCycle } from './cycle.js';
import { type Exporter, type FindExporter, seekExporters } from './exporters.js';
import { type ExportMatch, matchExport } from './match-export.js';
import { accountText, type Found, type SharingProblem } from './problem.js';
import { remoteSubject } from './remote-subject.js';

/** What an import is checked with. */
export interface SharingContext {
  /** Unix seconds. */
  readonly now: number;
  /** Default: for this one check, accounts are looked up as they are needed. */
  readonly findExporter?: FindExporter;
}

/**
 * Whether servers (2.9.10 and newer) would carry messages over an import: its exporter has the export, of that type and
 * for the whole subject; the subject names the importer where the export wants it; a private one comes with an activation
 * that holds; and it leads to no cycle (nsc-distribution.md §5.6). What this store cannot tell is a warning. The rules
 * that an import has to keep in any case are those of `claims/check/import`; of them only what its activation breaks is
 * here, too.
 *
 * @param importer as it is; the import need not be in it
 */
export function checkImport(
  tree: Tree,
  importer: AccountEntry,
  entry: Import,
  { now, findExporter = seekExporters(tree, [importer]) }: SharingContext,
): SharingProblem[] {
  const { type, token } = entry;
  if (type === undefined) return [];
  const found: Found[] = [];
  const exporter = findOther(importer, entry, findExporter, found);
  const match = exporter && matchExport(exporter, type, remoteSubject(entry));
  if (exporter && match && match.kind !== 'found') found.push(unmatched(tree, exporter, entry, type, match));
  const verdicts = (match?.kind === 'found' ? match.entries : [undefined]).map((shared) => [
    ...(exporter && shared ? checkAccess(importer, exporter, entry, shared) : []),
    ...(token ? checkActivation(entry, token, { now, operator: tree.operator, importer, exporter, shared }) : []),
  ]);
  found.push(...checkLocalSubject(entry));
  // an import that servers drop when they happen to take one of several exports is none to rely on
  found.push(...(verdicts.find(hasError) ?? verdicts[0] ?? []));

  if (exporter && !hasError(found) && formsCycle(importer.claims.sub ?? '', entry, exporter, findExporter)) {
    found.push(cycle(exporter));
  }
  const subject = show(entry.subject ?? '');
  return found.map(({ what, ...problem }) => ({ ...problem, message: `import ${subject}: ${what}` }));
}

const hasError = (found: readonly Found[]): boolean => found.some(({ level }) => level === 'error');

/** The account that is imported from, unless it is the importer, or not here. */
function findOther(importer: AccountEntry, entry: Import, find: FindExporter, found: Found[]): Exporter | undefined {
  const { account: key = '' } = entry;
  if (key === importer.claims.sub) {
    found.push({ code: 'own-account', level: 'error', what: 'the account imports from itself' });
    return undefined;
  }
  const exporter = find(key);
  if (!exporter) {
    const what = `account ${accountText(key)} is not in this store, so its export was not checked`;
    found.push({ code: 'unknown-exporter', level: 'warning', what });
  }
  return exporter;
}

/** Why no export stands behind an import. Servers export some subjects of the system account by themselves. */
function unmatched(tree: Tree, exporter: Exporter, entry: Import, type: ShareType, match: ExportMatch): Found {
  const subject = remoteSubject(entry);
  const name = quote(exporter.name);
  const add = `nsc add export --account ${name} --subject ${quoteWord(subject)}${type === 'service' ? ' --service' : ''}`;
  if (match.kind === 'other-type') {
    const other = match.entry.type ?? '';
    const what = `account ${name} exports it as a ${other}, not as a ${type}`;
    return {
      code: 'kind-differs',
      level: 'error',
      what,
      hint: `import it as a ${other}, or export it as a ${type}: ${add}`,
    };
  }
  if (match.kind === 'partial') {
    const offered = match.entry.subject ?? '';
    const what = `account ${name} exports ${show(offered)}, which does not cover ${show(subject)}`;
    return { code: 'subject-not-covered', level: 'error', what, hint: `import ${quote(offered)}, or a part of it` };
  }
  const what = `account ${name} has no ${type} export of ${show(subject)}`;
  const isSystem = tree.operator.claims.nats.system_account === exporter.claims.sub;
  if (isSystem && /^\$(SYS|JS)\./.test(subject)) {
    return { code: 'export-missing', level: 'warning', what: `${what}; servers export some of their own` };
  }
  return { code: 'export-missing', level: 'error', what, hint: add };
}

const cycle = (exporter: Exporter): Found => ({
  code: 'cycle',
  level: 'error',
  what: `it leads back to where it comes from, because account ${quote(exporter.name)} imports that subject, too`,
  hint: 'import it on another local subject, or delete one of the imports',
});

import type { Import, Issue } from '../types.js';
import { checkImportToken } from './import-token.js';
import { about, issueOf, within } from './issue.js';
import { showKey } from './key.js';
import { show } from './show.js';
import { checkRenaming, checkSubject, toPattern } from './subject.js';
import { SubjectIndex } from './subject-index.js';

/** Rules I1–I18 over the imports of an account whose public key is `account` (jwt-nkeys.md §4.3). */
export function checkImports(imports: readonly (Import | null)[], account: string): Issue[] {
  const seenByExporter = new Map<string, SubjectIndex>();
  return imports.flatMap((entry) => {
    if (entry === null) return [issueOf('I1', 'the list of imports has an empty entry')];
    const overlaps = entry.type === 'service' ? checkOverlap(entry, seenByExporter) : [];
    return [...overlaps, ...checkImport(entry, account)];
  });
}

/** Rules I2 and I3; remembers the import's local subject. */
function checkOverlap(entry: Import, seenByExporter: Map<string, SubjectIndex>): Issue[] {
  const exporter = entry.account ?? '';
  const subject = entry.to || toPattern(entry.local_subject ?? '') || (entry.subject ?? '');
  const seen = seenByExporter.get(exporter) ?? new SubjectIndex();
  const overlapping = new Set([...seen.containedIn(subject), ...seen.containing(subject)]);
  const from = `from account ${showKey(exporter)}`;
  const issues = [...overlapping].map((other) =>
    issueOf('I2', `service imports on ${show(subject)} and ${show(other)} ${from} overlap`),
  );
  if (seen.has(subject)) issues.push(issueOf('I3', `two service imports ${from} are on ${show(subject)}`));
  seen.add(subject);
  seenByExporter.set(exporter, seen);
  return issues;
}

/** Rules I4–I18: one import of an account whose public key is `account`. */
export function checkImport(entry: Import | null, account: string): Issue[] {
  if (entry === null) return [issueOf('I4', 'an import is empty')];
  const issues = [
    ...checkKind(entry),
    ...checkSubjects(entry),
    ...(entry.share && entry.type !== 'service'
      ? [issueOf('I12', 'only a service import can share connection information')]
      : []),
    ...(entry.token ? checkImportToken(entry, entry.token, account) : []),
  ];
  return issues.length === 0 ? issues : about(`import ${show(entry.subject ?? '')}`, issues);
}

/** Rules I5–I7. */
function checkKind({ type, account, allow_trace: allowTrace }: Import): Issue[] {
  const issues: Issue[] = [];
  if (type !== 'service' && type !== 'stream') issues.push(issueOf('I5', 'type is neither stream nor service'));
  if (type === 'service' && allowTrace) issues.push(issueOf('I6', 'only a stream import can allow tracing'));
  if (!account) issues.push(issueOf('I7', 'no account to import from'));
  return issues;
}

/** Rules I8–I11. */
function checkSubjects({ subject = '', to, local_subject: local }: Import): Issue[] {
  return [
    ...(to ? [issueOf('I8', 'the member "to" is deprecated in favour of "local_subject"')] : []),
    ...within('I9', checkSubject(subject)),
    ...(local ? within('I10', checkRenaming(local, subject)) : []),
    ...(to && local ? [issueOf('I11', 'has both "to" and "local_subject"')] : []),
  ];
}

import { show } from '../claims/check/show.js';
import { toPattern } from '../claims/check/subject.js';
import { SubjectIndex } from '../claims/check/subject-index.js';
import type { Import } from '../claims/types.js';
import { localSubject } from './local-subject.js';
import { accountText, type SharingProblem } from './problem.js';

/**
 * Imports of one account that get in the way of earlier ones: streams that are imported twice, of which servers take the
 * first, and services of several exporters on overlapping local subjects. Those of one exporter are the business of the
 * validation rules I2 and I3 (jwt-nkeys.md §4.3), which in older servers make no difference between exporters.
 */
export function findClashes(imports: readonly (Import | null)[]): Map<Import, SharingProblem> {
  const clashes = new Map<Import, SharingProblem>();
  const streams = new Set<string>();
  const services = new SubjectIndex();
  const bySubject = new Map<string, Import[]>();
  for (const entry of imports) {
    const { subject = '', account = '' } = entry ?? {};
    if (entry?.type === 'stream') {
      const stream = `${account} ${subject}`;
      if (streams.has(stream)) clashes.set(entry, duplicate(subject));
      streams.add(stream);
    } else if (entry?.type === 'service') {
      const local = toPattern(localSubject(entry));
      const overlapping = [...services.containedIn(local), ...services.containing(local)];
      const other = overlapping
        .flatMap((known) => bySubject.get(known) ?? [])
        .find((known) => known.account !== account);
      if (other) clashes.set(entry, taken(entry, other));
      services.add(local);
      bySubject.set(local, [...(bySubject.get(local) ?? []), entry]);
    }
  }
  return clashes;
}

const duplicate = (subject: string): SharingProblem => ({
  code: 'duplicate-import',
  level: 'error',
  message: `import ${show(subject)}: the same stream of the same account is imported already`,
  hint: 'delete one of them with: nsc delete import',
});

const taken = (entry: Import, other: Import): SharingProblem => ({
  code: 'local-subject-taken',
  level: 'warning',
  message:
    `import ${show(entry.subject ?? '')}: its local subject ${show(localSubject(entry))} overlaps with ` +
    `${show(localSubject(other))} of a service of account ${accountText(other.account ?? '')}; servers ask both, and ` +
    'those before 2.11.15, or of 2.12 before 2.12.7, refuse the whole account',
  hint: 'import it with another --local-subject',
});

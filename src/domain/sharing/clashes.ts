import { show } from '../claims/check/show.js';
import { toPattern } from '../claims/check/subject.js';
import type { Import } from '../claims/types.js';
import { localSubject } from './local-subject.js';
import { accountText, type SharingProblem } from './problem.js';

/**
 * Imports of one account that get in the way of earlier ones: streams that are imported twice, of which servers take the
 * first, and services of several exporters on one local subject, of which servers before 2.11.1 take the first. Services
 * of one exporter are the business of the validation rules I2 and I3 (jwt-nkeys.md §4.3).
 */
export function findClashes(imports: readonly (Import | null)[]): Map<Import, SharingProblem> {
  const clashes = new Map<Import, SharingProblem>();
  const streams = new Set<string>();
  const exporterByService = new Map<string, string>();
  for (const entry of imports) {
    const { subject = '', account = '' } = entry ?? {};
    if (entry?.type === 'stream') {
      const stream = `${account} ${subject}`;
      if (streams.has(stream)) clashes.set(entry, duplicate(subject));
      streams.add(stream);
    } else if (entry?.type === 'service') {
      const local = toPattern(localSubject(entry));
      const other = exporterByService.get(local);
      if (other !== undefined && other !== account) clashes.set(entry, taken(subject, local, other));
      exporterByService.set(local, other ?? account);
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

const taken = (subject: string, local: string, other: string): SharingProblem => ({
  code: 'local-subject-taken',
  level: 'warning',
  message: `import ${show(subject)}: a service of account ${accountText(other)} is on the local subject ${show(local)}, too; servers before 2.11.1 take the first`,
  hint: 'import it with another --local-subject',
});

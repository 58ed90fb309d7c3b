import type { Issue, WeightedMapping } from '../types.js';
import { about, issueOf, within } from './issue.js';
import { show } from './show.js';
import { checkSubject } from './subject.js';

type Mappings = Readonly<Record<string, readonly WeightedMapping[] | null>>;

/** Rules M1–M5: subject mappings and their weights in percent (jwt-nkeys.md §4.3). */
export function checkMappings(mappings: Mappings): Issue[] {
  return Object.entries(mappings).flatMap(([source, destinations]) => {
    const issues = [...within('M1', checkSubject(source, 'subject')), ...checkDestinations(destinations ?? [])];
    return about(`mapping ${show(source)}`, issues);
  });
}

/** Rules M2–M5: clusters are added up each for itself, destinations without one together. */
function checkDestinations(destinations: readonly WeightedMapping[]): Issue[] {
  const issues: Issue[] = [];
  const totals = new Map<string, number>();
  for (const { subject = '', weight, cluster = '' } of destinations) {
    const percent = weight || 100;
    const total = (totals.get(cluster) ?? 0) + percent;
    totals.set(cluster, total);
    issues.push(...within('M2', checkSubject(subject, `destination ${show(subject)}`)));
    if (percent > 100) issues.push(issueOf('M3', `destination ${show(subject)} has a weight of ${percent} %`));
    if (cluster !== '' && total > 100) {
      issues.push(issueOf('M4', `weights in cluster ${show(cluster)} add up to ${total} %`));
    }
  }
  const total = totals.get('') ?? 0;
  if (total > 100) issues.push(issueOf('M5', `weights add up to ${total} %`));
  return issues;
}

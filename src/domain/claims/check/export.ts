import type { Export, Issue, ServiceLatency } from '../types.js';
import { checkInfo } from './info.js';
import { about, issueOf, within } from './issue.js';
import { show } from './show.js';
import { checkSubject, isWildcard } from './subject.js';
import { SubjectIndex } from './subject-index.js';

/** How a service answers; absent means Singleton. Case matters. */
export const RESPONSE_TYPES: readonly string[] = ['Singleton', 'Stream', 'Chunked'];

/** Rules X1–X18 over the exports of an account (jwt-nkeys.md §4.3). */
export function checkExports(exports: readonly (Export | null)[]): Issue[] {
  const services: string[] = [];
  const streams: string[] = [];
  const issues = exports.flatMap((entry) => {
    if (entry === null) return [issueOf('X1', 'the list of exports has an empty entry')];
    (entry.type === 'service' ? services : streams).push(entry.subject ?? '');
    return checkExport(entry);
  });
  return [...issues, ...checkOverlap('service', services), ...checkOverlap('stream', streams)];
}

/** Rule X2: once for every text that contains another entry. Equal entries contain each other. */
function checkOverlap(kind: string, subjects: readonly string[]): Issue[] {
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const index = new SubjectIndex(subjects);
  return [...counts].flatMap(([outer, count]) => {
    const inner = count > 1 ? outer : findOther(index.containedIn(outer), outer);
    if (inner === undefined) return [];
    const fault = inner === outer ? 'is listed more than once' : `covers the ${kind} export ${show(inner)}`;
    return [issueOf('X2', `${kind} export ${show(outer)} ${fault}`)];
  });
}

function findOther(subjects: Iterable<string>, known: string): string | undefined {
  for (const subject of subjects) if (subject !== known) return subject;
  return undefined;
}

/** Rules X3–X18: one export. */
export function checkExport(entry: Export | null): Issue[] {
  if (entry === null) return [issueOf('X3', 'an export is empty')];
  const issues = [
    ...checkType(entry),
    ...checkLatency(entry),
    ...checkThreshold(entry),
    ...within('X14', checkSubject(entry.subject ?? '')),
    ...checkTokenPosition(entry),
    ...within('X18', checkInfo(entry)),
  ];
  return issues.length === 0 ? issues : about(`export ${show(entry.subject ?? '')}`, issues);
}

/** Rules X4–X7. */
function checkType({ type, response_type: responseType = '', allow_trace: allowTrace }: Export): Issue[] {
  const issues: Issue[] = [];
  if (type === 'service') {
    if (responseType !== '' && !RESPONSE_TYPES.includes(responseType)) {
      issues.push(issueOf('X5', `response type ${show(responseType)} is not one of ${RESPONSE_TYPES.join(', ')}`));
    }
  } else if (type === 'stream') {
    if (responseType !== '')
      issues.push(issueOf('X6', `a stream has no response type, but this says ${show(responseType)}`));
    if (allowTrace) issues.push(issueOf('X7', 'only a service export can allow tracing'));
  } else issues.push(issueOf('X4', 'type is neither stream nor service'));
  return issues;
}

/** Rules X8–X11. */
function checkLatency({ type, service_latency: latency }: Export): Issue[] {
  if (latency === undefined) return [];
  const issues: Issue[] = [];
  if (type !== 'service') issues.push(issueOf('X8', 'only the latency of a service can be measured'));
  const sampling = samplingOf(latency);
  if (sampling < 0 || sampling > 100) issues.push(issueOf('X9', `latency sampling ${sampling} is not from 1 to 100`));
  const results = latency.results ?? '';
  issues.push(...within('X10', checkSubject(results, `latency results subject ${show(results)}`)));
  if (isWildcard(results)) issues.push(issueOf('X11', `latency results subject ${show(results)} has wildcards`));
  return issues;
}

/** The text "headers" stands for 0. */
function samplingOf({ sampling = 0 }: ServiceLatency) {
  return typeof sampling === 'string' ? 0 : sampling;
}

/** Rules X12 and X13. */
function checkThreshold({ type, response_threshold: threshold = 0 }: Export): Issue[] {
  if (threshold < 0) return [issueOf('X12', 'response threshold is negative')];
  if (threshold > 0 && type !== 'service') return [issueOf('X13', 'only a service can have a response threshold')];
  return [];
}

/** Rules X15–X17: the first one that is broken. */
function checkTokenPosition({ subject = '', account_token_position: position = 0 }: Export): Issue[] {
  if (position <= 0) return [];
  const named = `account token position ${position}`;
  if (!isWildcard(subject)) return [issueOf('X15', `${named} needs a subject with wildcards`)];
  const tokens = subject.split('.');
  if (position > tokens.length)
    return [issueOf('X16', `${named} is beyond the ${tokens.length} tokens of the subject`)];
  const token = tokens[Number(position) - 1] ?? '';
  return token === '*' ? [] : [issueOf('X17', `${named} points at ${show(token)} and not at a "*"`)];
}

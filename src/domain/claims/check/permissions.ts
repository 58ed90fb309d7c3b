import type { Issue, Permission, Permissions } from '../types.js';
import { about, issueOf, within } from './issue.js';
import { show } from './show.js';
import { checkSubject } from './subject.js';

export type PermissionSide = 'publish' | 'subscribe';

/**
 * Rules P1–P3 over all subscribe and then all publish entries (jwt-nkeys.md §4.1). Response permissions have no rules.
 */
export function checkPermissions(permissions: Permissions): Issue[] {
  const issues: Issue[] = [];
  checkEntries(permissions.sub, 'subscribe', issues);
  checkEntries(permissions.pub, 'publish', issues);
  return issues;
}

function checkEntries(permission: Permission | undefined, side: PermissionSide, issues: Issue[]): void {
  for (const entry of permission?.allow ?? []) issues.push(...checkPermissionEntry(entry, side, 'allow '));
  for (const entry of permission?.deny ?? []) issues.push(...checkPermissionEntry(entry, side, 'deny '));
}

/** Rules P1–P3 for one entry of a list. A subscribe entry may name a queue after one space. */
export function checkPermissionEntry(entry: string, side: PermissionSide, list: 'allow ' | 'deny ' | '' = ''): Issue[] {
  const issues = checkParts(entry, side);
  return issues.length === 0 ? issues : about(`${side} ${list}entry ${show(entry)}`, issues);
}

function checkParts(entry: string, side: PermissionSide): Issue[] {
  const space = entry.indexOf(' ');
  if (space < 0) return within('P2', checkSubject(entry));
  if (entry.includes(' ', space + 1)) return [issueOf('P1', 'more than one space')];
  const issues = [
    ...within('P2', checkSubject(entry.slice(0, space))),
    ...within('P2', checkSubject(entry.slice(space + 1), 'queue')),
  ];
  if (side === 'publish') issues.push(issueOf('P3', 'only a subscription can name a queue'));
  return issues;
}

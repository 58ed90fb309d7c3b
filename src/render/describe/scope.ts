import type { UserScope } from '../../domain/claims/types.js';
import { type Table, textRow } from './rows.js';
import { withPermissions } from './user-limits.js';

/** A scoped signing key: the role it stands for and what its users may do. */
export function scopeTable({ key, role, description, template = {} }: UserScope): Table {
  const start = [['Key', key], ...textRow('Role', role), ...textRow('Description', description?.replaceAll('\n', ' '))];
  return { title: 'Scoped Signing Key', groups: withPermissions(start, template, -1) };
}

import type { Export, ShareType } from '../claims/types.js';
import { collide } from './collide.js';
import type { Exporter } from './exporters.js';
import { exportsOf, findExport, findExports } from './find-export.js';

/** The exports that may be behind an import, or why there is none. */
export type ExportMatch =
  | { readonly kind: 'found'; readonly entries: readonly Export[] }
  /** There is one, of the other type. */
  | { readonly kind: 'other-type'; readonly entry: Export }
  /** There is one that offers a part of the subject. */
  | { readonly kind: 'partial'; readonly entry: Export }
  | { readonly kind: 'missing' };

/** Looks for the exports that a server would take for an import, and for what was perhaps meant. */
export function matchExport({ claims }: Exporter, type: ShareType, subject: string): ExportMatch {
  const entries = findExports(claims, type, subject);
  if (entries.length > 0) return { kind: 'found', entries };
  const other = findExport(claims, type === 'stream' ? 'service' : 'stream', subject);
  if (other) return { kind: 'other-type', entry: other };
  const partial = exportsOf(claims).find((one) => one.type === type && collide(subject, one.subject ?? ''));
  return partial ? { kind: 'partial', entry: partial } : { kind: 'missing' };
}

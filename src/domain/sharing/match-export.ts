import type { Export, ShareType } from '../claims/types.js';
import { collide } from './collide.js';
import type { Exporter } from './exporters.js';
import { exportsOf, findExport } from './find-export.js';

/** The export behind an import, or why there is none. */
export type ExportMatch =
  | { readonly kind: 'found'; readonly entry: Export }
  /** There is one, of the other type. */
  | { readonly kind: 'other-type'; readonly entry: Export }
  /** There is one that offers a part of the subject. */
  | { readonly kind: 'partial'; readonly entry: Export }
  | { readonly kind: 'missing' };

/** Looks for the export that a server would take for an import, and for what was perhaps meant. */
export function matchExport({ claims }: Exporter, type: ShareType, subject: string): ExportMatch {
  const entry = findExport(claims, type, subject);
  if (entry) return { kind: 'found', entry };
  const other = findExport(claims, type === 'stream' ? 'service' : 'stream', subject);
  if (other) return { kind: 'other-type', entry: other };
  const partial = exportsOf(claims).find((one) => one.type === type && collide(subject, one.subject ?? ''));
  return partial ? { kind: 'partial', entry: partial } : { kind: 'missing' };
}

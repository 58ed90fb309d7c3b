import type { AccountBody, WeightedMapping } from './types.js';

/** Edits of an account's subject mappings (nsc-core.md §9.7, §9.16). */

/** Source subject → where its messages go. */
export type Mappings = NonNullable<AccountBody['mappings']>;

/** An entry of a source is known by its destination and its cluster. */
interface EntryName {
  readonly subject: string;
  /** Absent or `''` = every cluster that has no entries of its own. */
  readonly cluster?: string | undefined;
}

/** The destinations of a source; none when it is not mapped. */
export function destinationsOf(mappings: Mappings, source: string): readonly WeightedMapping[] {
  return Object.hasOwn(mappings, source) ? (mappings[source] ?? []) : [];
}

/** Percent of the messages that an entry takes (jwt-nkeys.md §3.4). */
export const weightOf = ({ weight }: WeightedMapping): number => weight || 100;

/**
 * Adds an entry at the end of its source's, or replaces the one of that name where it stands.
 *
 * @param weight percent; absent or 0 = 100
 * @returns the entry that was replaced, if any
 */
export function putMapping(
  mappings: Mappings,
  source: string,
  { subject, cluster, weight }: EntryName & { readonly weight?: number | undefined },
): { mappings: Mappings; replaced?: WeightedMapping } {
  const before = destinationsOf(mappings, source);
  const at = before.findIndex((entry) => isNamed(entry, { subject, cluster }));
  const replaced = before[at];
  const { weight: _old, ...kept } = replaced ?? { subject, ...(cluster && { cluster }) };
  const entry = { ...kept, ...(weight && { weight }) };
  return {
    mappings: { ...mappings, [source]: replaced ? before.with(at, entry) : [...before, entry] },
    ...(replaced && { replaced }),
  };
}

/**
 * Removes exactly the entries that are meant (E-35): the one with that destination and cluster, those of a cluster, or
 * all. A source that has none left goes.
 *
 * @returns the entries that went
 */
export function removeMapping(
  mappings: Mappings,
  source: string,
  { subject, cluster }: { readonly subject?: string | undefined; readonly cluster?: string | undefined },
): { mappings: Mappings; removed: readonly WeightedMapping[] } {
  const before = destinationsOf(mappings, source);
  const isMeant = (entry: WeightedMapping): boolean => {
    if (subject !== undefined) return isNamed(entry, { subject, cluster });
    return cluster === undefined || (entry.cluster ?? '') === cluster;
  };
  const removed = before.filter(isMeant);
  const isWhole = subject === undefined && cluster === undefined;
  if (removed.length === 0 && !isWhole) return { mappings, removed };
  const { [source]: _gone, ...others } = mappings;
  const left = before.filter((entry) => !isMeant(entry));
  return { mappings: left.length > 0 ? { ...mappings, [source]: left } : others, removed };
}

/** The messages that no destination takes. */
export interface Remainder {
  readonly percent: number;
  /** They keep their subject, unless the source itself is among the destinations (nats-server, weighted mappings). */
  readonly fate: 'kept' | 'lost';
}

/** @param cluster absent or `''` = clusters without entries of their own */
export function remainderOf(mappings: Mappings, source: string, cluster = ''): Remainder {
  const destinations = destinationsOf(mappings, source);
  const taken = destinations
    .filter((entry) => (entry.cluster ?? '') === cluster)
    .reduce((sum, entry) => sum + weightOf(entry), 0);
  return { percent: 100 - taken, fate: destinations.some(({ subject }) => subject === source) ? 'lost' : 'kept' };
}

const isNamed = (entry: WeightedMapping, { subject, cluster = '' }: EntryName): boolean =>
  entry.subject === subject && (entry.cluster ?? '') === cluster;

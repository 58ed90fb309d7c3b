import type { AccountBody, WeightedMapping } from '../../domain/claims/types.js';
import { compareBytes } from '../../lib/canonical-json.js';
import type { Row, Table } from './rows.js';

type Mappings = NonNullable<AccountBody['mappings']>;

/** Where subjects are mapped to, by source, each with the sum of its weights; clusters where some are named. */
export function mappingTables(mappings: Mappings): Table[] {
  const sources = Object.entries(mappings).sort(([a], [b]) => compareBytes(a, b));
  if (sources.length === 0) return [];
  const clustered = sources.some(([, targets]) => targets?.some(({ cluster }) => cluster));
  const head = ['From', 'To', 'Weight (%)', ...(clustered ? ['Cluster'] : [])];
  const groups = [sources.flatMap(([from, targets]) => mappingRows(from, targets ?? [], clustered))];
  return [{ title: 'Mappings', head, groups }];
}

function mappingRows(from: string, targets: readonly WeightedMapping[], clustered: boolean): Row[] {
  const rows = targets.map(({ subject = '', weight, cluster = '' }, at) => [
    at === 0 ? from : '',
    subject,
    String(weight || 100),
    ...(clustered ? [cluster] : []),
  ]);
  const sums = new Map<string, number>();
  for (const { weight, cluster = '' } of targets) sums.set(cluster, (sums.get(cluster) ?? 0) + (weight || 100));
  const totals = [...sums].map(([cluster, sum]) => ['', '', `sum=${sum}`, ...(clustered ? [cluster] : [])]);
  return [...(rows.length === 0 ? [[from, ...head(clustered)]] : rows), ...totals];
}

const head = (clustered: boolean): string[] => (clustered ? ['', '', ''] : ['', '']);

import { describeServers } from '../domain/claims/check/server-mappings.js';
import { destinationsOf, type Mappings, remainderOf } from '../domain/claims/mapping-edit.js';
import { quote } from '../lib/display.js';

/**
 * What servers will make of the mappings of a subject that its owner may not expect.
 *
 * @param clusters those an edit was about and that have entries; `''` stands for clusters without entries of their own
 */
export function mappingWarnings(mappings: Mappings, source: string, clusters: readonly string[]): string[] {
  const remainders = clusters.map((cluster) => ({ cluster, ...remainderOf(mappings, source, cluster) }));
  return [
    ...describeServers(source, destinationsOf(mappings, source)),
    ...remainders.flatMap(({ cluster, percent, fate }) =>
      percent > 0 && fate === 'lost'
        ? [
            `${percent} % of the messages to ${quote(source)}${inCluster(cluster)} are lost, because it is mapped to itself`,
          ]
        : [],
    ),
  ];
}

const inCluster = (cluster: string): string => (cluster === '' ? '' : ` in cluster ${quote(cluster)}`);

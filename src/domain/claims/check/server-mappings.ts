import { quote } from '../../../lib/display.js';
import type { AccountBody, Issue, WeightedMapping } from '../types.js';
import { findMappingFaults, readToken } from './transform.js';

/** Warnings about the mappings of an account that servers, or old ones, would not apply. */
export function checkTransforms(mappings: NonNullable<AccountBody['mappings']>): Issue[] {
  return Object.entries(mappings).flatMap(([source, destinations]) =>
    describeServers(source, destinations ?? []).map((message) => ({ rule: 'mapping', level: 'warning', message })),
  );
}

/**
 * What servers make of the mappings of a source that they do not apply: old ones do not know every function, and some
 * weights and wildcards make them refuse the account (nats-server and the JWT library in it, by version).
 */
export function describeServers(source: string, destinations: readonly WeightedMapping[]): string[] {
  const ignore = `ignore all mappings of ${quote(source)}:`;
  const subjects = destinations.map(({ subject = '' }) => subject);
  const open = subjects.find((subject) => subject.split('.').includes('>'));
  const total = destinations.reduce((sum, { weight }) => sum + (weight || 100), 0);
  const isForClusters = destinations.some(({ cluster }) => cluster);
  return [
    ...findMappingFaults(source, destinations).map((fault) => `servers ${ignore} ${fault}`),
    ...subjects.flatMap((subject) => {
      const [server, why] = findFirstServer(source, subject) ?? [];
      return server ? [`servers before ${server} ${ignore} destination ${quote(subject)} ${why}`] : [];
    }),
    ...(isForClusters && total > 100
      ? [
          `servers before 2.10.18 refuse the whole account: the weights of ${quote(source)} add up to ${total} % over all clusters`,
        ]
      : []),
    ...(open === undefined
      ? []
      : [`servers before 2.9.22 refuse the whole account: destination ${quote(open)} has a wildcard`]),
  ];
}

/** The first server that takes a destination, where the oldest ones do not, and why they do not. */
function findFirstServer(source: string, destination: string): [server: string, why: string] | undefined {
  const transforms = destination.split('.').map((token) => ({ token, ...readToken(token) }));
  const recent = transforms.find(({ since }) => since !== undefined);
  if (recent?.since) return [recent.since, `has ${quote(recent.token)}`];
  const used = transforms.filter(({ wildcards = [] }) => wildcards.length > 0).length;
  const isUnused = used < source.split('.').filter((token) => token === '*').length;
  return isUnused ? ['2.10', 'does not use every "*"'] : undefined;
}

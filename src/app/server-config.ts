import { isPublicKey } from '../domain/nkey/codec.js';
import type { AccountEntry, OperatorEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { compareBytes } from '../lib/canonical-json.js';
import { quote } from '../lib/display.js';
import { type Address, formatAddress } from './options/listen.js';

/*
 * Configuration of nats-server in its own format (reference: nsc-distribution.md §2.3, §5.1, §5.2). JWTs stand there
 * as bare words, and so do keys; names only in comments, quoted so that none can start a line of its own (S-45). What a
 * person gave stands in quotes.
 */

/** What a server is and where it listens; without any of it, what comes after stands alone. */
export interface ServerSettings {
  readonly name?: string | undefined;
  readonly listen?: Address | undefined;
  /** Directory of streams and consumers. */
  readonly jetstream?: string | undefined;
  readonly cluster?: ClusterSettings | undefined;
}

export interface ClusterSettings {
  readonly name?: string | undefined;
  readonly listen: Address;
  /** URLs of other servers. */
  readonly routes: readonly string[];
}

/** The part that is different for every server of a cluster, with an empty line after it. */
export function serverSettings({ name, listen, jetstream, cluster }: ServerSettings): string {
  const lines = [
    ...(name === undefined ? [] : [`server_name: ${word(name)}`]),
    ...(listen === undefined ? [] : [`listen: ${word(formatAddress(listen))}`]),
    ...(jetstream === undefined ? [] : ['jetstream {', `    store_dir: ${word(jetstream)}`, '}']),
    ...(cluster === undefined ? [] : clusterLines(cluster)),
  ];
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`;
}

function clusterLines({ name, listen, routes }: ClusterSettings): string[] {
  return [
    'cluster {',
    ...(name === undefined ? [] : [`    name: ${word(name)}`]),
    `    listen: ${word(formatAddress(listen))}`,
    ...(routes.length === 0 ? [] : ['    routes: [', ...routes.map((route) => `        ${word(route)}`), '    ]']),
    '}',
  ];
}

/**
 * A text in quotes: single ones, in which nothing has a meaning, or double ones, in which a backslash has.
 */
function word(text: string): string {
  return text.includes("'") ? `"${text.replace(/["\\]/g, '\\$&')}"` : `'${text}'`;
}

/** Every account in the configuration itself, ordered by public key. */
export function memoryResolverConfig(
  operator: OperatorEntry,
  accounts: readonly AccountEntry[],
  systemAccount: string | undefined,
): string {
  const ordered = [...accounts].sort((a, b) => compareBytes(a.claims.sub ?? '', b.claims.sub ?? ''));
  return [
    `// Operator ${quote(operator.name)}`,
    `operator: ${operator.token}`,
    '',
    ...(systemAccount === undefined ? [] : [`system_account: ${bareKey(systemAccount)}`, '']),
    'resolver: MEMORY',
    '',
    'resolver_preload: {',
    ...ordered.flatMap(({ name, token, claims }) => [
      `  // Account ${quote(name)}`,
      `  ${bareKey(claims.sub)}: ${token}`,
      '',
    ]),
    '}',
    '',
  ].join('\n');
}

/** Accounts come from a server that is asked for them over HTTP, such as `nsc serve`. */
export function urlResolverConfig(operator: OperatorEntry, url: string, systemAccount: string | undefined): string {
  return [
    `// Operator ${quote(operator.name)}`,
    `operator: ${operator.token}`,
    '',
    ...(systemAccount === undefined ? [] : [`system_account: ${bareKey(systemAccount)}`, '']),
    `resolver: ${word(`URL(${url})`)}`,
    '',
  ].join('\n');
}

/**
 * A key out of a JWT as a bare word. A JWT may claim any text to be one, which could hold lines of its own (S-45).
 *
 * @throws NscError `bad-token`
 */
function bareKey(text = ''): string {
  if (isPublicKey(text, 'account')) return text;
  throw new NscError('bad-token', `a JWT names ${quote(text)} as an account, which is not the public key of one`, {
    hint: 'nsc validate --all-accounts shows which JWT it is',
  });
}

/** Accounts in a directory of the server. */
export interface DirectoryResolver {
  /** `full` keeps every account, `cache` those in use. */
  readonly type: 'full' | 'cache';
  readonly directory: string;
  /** Of full resolvers; a cache obeys in any case. */
  readonly allowDelete: boolean;
}

function resolverLines({ type, directory, allowDelete }: DirectoryResolver): string[] {
  const where = ['    # where they are kept; each server needs a directory of its own', `    dir: ${word(directory)}`];
  const timeout = ['    # how long to wait for an account that another server has to send', '    timeout: "1.9s"'];
  return type === 'full'
    ? [
        '    # keep every account JWT',
        '    type: full',
        ...where,
        '    # whether a request may delete accounts; a deleted one is kept with the suffix .deleted',
        `    allow_delete: ${allowDelete}`,
        '    # how often servers compare what they have',
        '    interval: "2m"',
        ...timeout,
      ]
    : [
        '    # keep the account JWTs that are in use',
        '    type: cache',
        ...where,
        '    # how long one is kept',
        '    ttl: "1h"',
        ...timeout,
      ];
}

/** The server starts with the system account alone. */
export function natsResolverConfig(resolver: DirectoryResolver, operator: OperatorEntry, system: AccountEntry): string {
  return [
    `# Operator ${quote(operator.name)}`,
    `operator: ${operator.token}`,
    `# System account ${quote(system.name)}`,
    `system_account: ${bareKey(system.claims.sub)}`,
    '',
    '# Where the server keeps account JWTs. A user of the system account sends them, each as a request to',
    '# $SYS.REQ.CLAIMS.UPDATE: nsc push -A does that for all of them.',
    'resolver {',
    ...resolverLines(resolver),
    '}',
    '',
    '# What has to be known before anything was sent',
    'resolver_preload: {',
    `\t${bareKey(system.claims.sub)}: ${system.token},`,
    '}',
    '',
  ].join('\n');
}

import { isPublicKey } from '../domain/nkey/codec.js';
import type { AccountEntry, OperatorEntry } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import { compareBytes } from '../lib/canonical-json.js';
import { quote } from '../lib/display.js';

/*
 * Configuration of nats-server in its own format (reference: nsc-distribution.md §2.3, §5.1, §5.2). JWTs stand there
 * as bare words, and so do keys; names only in comments, quoted so that none can start a line of its own (S-45).
 */

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

const RESOLVERS = {
  full: [
    '    # keep every account JWT',
    '    type: full',
    '    # where they are kept; each server needs a directory of its own',
    "    dir: './jwt'",
    '    # whether a request may delete accounts; a deleted one is kept with the suffix .deleted',
    '    allow_delete: false',
    '    # how often servers compare what they have',
    '    interval: "2m"',
    '    # how long to wait for an account that another server has to send',
    '    timeout: "1.9s"',
  ],
  cache: [
    '    # keep the account JWTs that are in use',
    '    type: cache',
    '    # where they are kept; each server needs a directory of its own',
    "    dir: './jwt'",
    '    # how long one is kept',
    '    ttl: "1h"',
    '    # how long to wait for an account that another server has to send',
    '    timeout: "1.9s"',
  ],
} as const;

/** Accounts in a directory of the server, which starts with the system account alone. */
export function natsResolverConfig(type: 'full' | 'cache', operator: OperatorEntry, system: AccountEntry): string {
  return [
    `# Operator ${quote(operator.name)}`,
    `operator: ${operator.token}`,
    `# System account ${quote(system.name)}`,
    `system_account: ${bareKey(system.claims.sub)}`,
    '',
    '# Where the server keeps account JWTs. A user of the system account sends them, each as a request to',
    '# $SYS.REQ.CLAIMS.UPDATE.',
    'resolver {',
    ...RESOLVERS[type],
    '}',
    '',
    '# What has to be known before anything was sent',
    'resolver_preload: {',
    `\t${bareKey(system.claims.sub)}: ${system.token},`,
    '}',
    '',
  ].join('\n');
}

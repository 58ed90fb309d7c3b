import type { NscError } from '../../errors.js';
import { plural } from '../../lib/plural.js';
import type { Resolver } from '../resolver.js';
import type { Synced, SyncedAccount, SyncedServer } from '../result.js';
import type { Sent } from './send-accounts.js';
import type { SystemUser } from './system-user.js';

/** What a push did, account by account. */
export interface PushReport {
  readonly resolver: Resolver;
  /** Who was connected as; nobody for account servers. */
  readonly user: SystemUser | undefined;
  readonly action: 'push' | 'prune' | 'removal';
  readonly rows: readonly SyncedAccount[];
  readonly sent: readonly Sent[];
  readonly warnings: readonly string[];
  readonly failure?: NscError | undefined;
  readonly dryRun: boolean;
}

/** How the states of accounts are counted in the last line. */
const WORDS: Readonly<Record<string, string>> = {
  sent: 'sent',
  send: 'to send',
  same: 'as they are here',
  partial: 'not everywhere',
  pending: 'waiting to be signed',
  ignored: 'kept by nobody',
  silent: 'without an answer',
  unsent: 'not sent',
  extra: 'to delete',
  missing: 'on no server',
};

/** The answer of `push`, but for `--diff`. */
export function answerPush({ resolver, user, action, rows, sent, warnings, failure, dryRun }: PushReport): Synced {
  const { url } = resolver;
  const who = user ? ` as ${user.what}` : '';
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return {
    kind: 'synced',
    title: `${TITLES[action]} ${url}${who}`,
    data: { action, url, counts },
    servers: serversOf(resolver, sent),
    accounts: rows,
    summary: summarize(counts, rows.length, resolver.servers.length, action),
    dryRun,
    warnings,
    ...(failure && { failure }),
  };
}

const TITLES = { push: 'push to', prune: 'prune', removal: 'removal from' } as const;

/** A server that was asked and never said anything is not there for all we know. */
function serversOf({ servers, absent }: Resolver, sent: readonly Sent[]): SyncedServer[] {
  const asked = new Set<string>();
  const heard = new Set<string>();
  for (const { answers } of sent) {
    for (const { server, state } of answers) {
      asked.add(server);
      if (state !== 'silent') heard.add(server);
    }
  }
  return [
    ...servers.map(
      ({ name, version }): SyncedServer => ({
        name,
        ...(version !== undefined && { version }),
        state: asked.has(name) && !heard.has(name) ? 'silent' : 'answered',
      }),
    ),
    ...absent.map(({ name, reason }): SyncedServer => ({ name, state: 'absent', message: reason })),
  ];
}

function summarize(
  counts: Readonly<Record<string, number>>,
  all: number,
  servers: number,
  action: PushReport['action'],
): string {
  const where = plural(servers, 'server');
  if (all === 0) return action === 'prune' ? `nothing to prune on ${where}` : `nothing to do on ${where}`;
  const parts = Object.entries(counts).map(([state, count]) => `${count} ${WORDS[state] ?? state}`);
  return `${plural(all, 'account')} on ${where}: ${parts.join(', ')}`;
}

import { toPattern } from '../claims/check/subject.js';
import type { Import, ShareType } from '../claims/types.js';
import { collide } from './collide.js';
import { covers } from './covers.js';
import type { Exporter, FindExporter } from './exporters.js';
import { findExport } from './find-export.js';
import { localSubject } from './local-subject.js';
import { remoteSubject } from './remote-subject.js';

/** Servers follow imports no further than over so many accounts. */
const MAX_ACCOUNTS = 1024;

/**
 * Whether servers would find that an import leads back to the account that imports, or to one they have passed, and drop
 * it for that. They follow the local subject through the imports of the exporter and of those that it imports from, and
 * compare subjects only as far as that: a cycle that renames on its way escapes them, and so it does here.
 *
 * @param importer public key
 */
export function formsCycle(importer: string, entry: Import, exporter: Exporter, find: FindExporter): boolean {
  const { type } = entry;
  if (type === undefined) return false;
  return followed(exporter, localPattern(entry), { type, find, visited: new Set([importer]) });
}

interface Walk {
  readonly type: ShareType;
  readonly find: FindExporter;
  readonly visited: Set<string>;
}

function followed(account: Exporter, from: string, walk: Walk): boolean {
  const { type, find, visited } = walk;
  if (visited.size >= MAX_ACCOUNTS) return true;
  if (type === 'stream' && !findExport(account.claims, 'stream', from)) return false;
  let subject = from;
  for (const entry of account.claims.nats.imports ?? []) {
    if (entry?.type !== type) continue;
    const local = localPattern(entry);
    if (!collide(subject, type === 'service' ? remoteSubject(entry) : local)) continue;
    const next = entry.account ?? '';
    if (visited.has(next)) return true;
    visited.add(account.claims.sub ?? '');
    if (covers(subject, local)) subject = local;
    const exporter = find(next);
    if (exporter && followed(exporter, subject, walk)) return true;
  }
  return false;
}

const localPattern = (entry: Import): string => toPattern(localSubject(entry));

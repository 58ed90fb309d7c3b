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
 * Whether some server would find that an import leads back to the account that imports, or to one it has passed, and drop
 * it for that. Servers follow the local subject through the imports of the exporter and of those that it imports from,
 * and compare subjects only as far as that: a cycle that renames on its way escapes them, and so it does here. Newer ones
 * follow the remote subject of a stream, too.
 *
 * @param importer public key
 */
export function formsCycle(importer: string, entry: Import, exporter: Exporter, find: FindExporter): boolean {
  const { type } = entry;
  if (type === undefined) return false;
  const starts = type === 'stream' ? [localPattern(entry), remoteSubject(entry)] : [localPattern(entry)];
  return starts.some((start) =>
    [true, false].some((narrows) =>
      followed(exporter, start, { type, find, narrows, visited: new Set([importer]), ends: new Set() }),
    ),
  );
}

interface Walk {
  readonly type: ShareType;
  readonly find: FindExporter;
  /** Old servers go on with the narrowed subject of an import where they follow the ones after it; new ones do not. */
  readonly narrows: boolean;
  readonly visited: Set<string>;
  /** Accounts from which the walk went no further. */
  readonly ends: Set<string>;
}

function followed(account: Exporter, from: string, walk: Walk): boolean {
  const { type, find, narrows, visited, ends } = walk;
  if (visited.size >= MAX_ACCOUNTS) return true;
  if (type === 'stream' && !findExport(account.claims, 'stream', from)) return false;
  const key = account.claims.sub ?? '';
  let subject = from;
  for (const entry of account.claims.nats.imports ?? []) {
    if (entry?.type !== type) continue;
    const local = localPattern(entry);
    if (!collide(subject, type === 'service' ? remoteSubject(entry) : local)) continue;
    const next = entry.account ?? '';
    if (visited.has(next)) return true;
    // servers follow services in random order: another one would have come here a second time
    if (type === 'service' && ends.has(key)) return true;
    visited.add(key);
    const onward = covers(subject, local) ? local : subject;
    if (narrows) subject = onward;
    const exporter = find(next);
    if (exporter && followed(exporter, onward, walk)) return true;
  }
  if (!visited.has(key)) ends.add(key);
  return false;
}

const localPattern = (entry: Import): string => toPattern(localSubject(entry));

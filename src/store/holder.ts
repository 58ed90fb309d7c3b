import { readFileSync, readlinkSync } from 'node:fs';

/** The running process, as far as locks have to know it. The process boundary provides it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly host: string;
  /** Whether a process with this number exists on this host. */
  isAlive(pid: number): boolean;
}

/** Who holds a lock: the content of the lock file. */
export interface Holder {
  /** Different for every lock ever taken on a host. */
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** Command words, without arguments: those may hold secrets. */
  readonly command: string;
  /** RFC 3339. */
  readonly since: string;
  /** Linux: the PID namespace. The same number means another process in another container. */
  readonly space?: string;
  /** Linux: when the process began. Tells it from a later one with the same number. */
  readonly start?: string;
}

let taken = 0;
const idsOfThisProcess = new Set<string>();

/** Describes this process as the holder of one lock, until {@link forgetHolder}. */
export function newHolder(self: ProcessInfo, command: string): Holder {
  const now = Date.now();
  taken += 1;
  const id = `${self.pid}-${now.toString(36)}-${taken}`;
  idsOfThisProcess.add(id);
  const space = findSpace();
  const start = findProcess(self.pid)?.start;
  return {
    id,
    pid: self.pid,
    host: self.host,
    command,
    since: new Date(now).toISOString(),
    ...(space !== undefined && { space }),
    ...(start !== undefined && { start }),
  };
}

export function forgetHolder(holder: Holder): void {
  idsOfThisProcess.delete(holder.id);
}

/**
 * Whether the holder has certainly ended, killed or not, without giving its lock back. Of another host or another
 * container that is never certain.
 */
export function isGone(holder: Holder, self: ProcessInfo): boolean {
  if (holder.host !== self.host || holder.space !== findSpace()) return false;
  if (idsOfThisProcess.has(holder.id)) return false;
  if (holder.pid === self.pid || !self.isAlive(holder.pid)) return true;
  const found = findProcess(holder.pid);
  if (found === undefined) return false;
  return found.ended || (holder.start !== undefined && found.start !== holder.start);
}

/** The holder a lock file names; undefined for a text that names none. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const texts = [holder?.id, holder?.host, holder?.command, holder?.since];
    if (texts.every((member) => typeof member === 'string') && Number.isSafeInteger(holder?.pid))
      return holder as Holder;
  } catch {
    // a lock file that something else wrote
  }
  return undefined;
}

function findSpace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** State and start time of a process from `/proc/PID/stat` (fields 3 and 22); undefined where there is none. */
function findProcess(pid: number): { ended: boolean; start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { ended: fields[0] === 'Z' || fields[0] === 'X', start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

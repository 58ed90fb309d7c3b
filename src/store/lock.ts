import { closeSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { NscError } from '../errors.js';
import { forgetHolder, type Holder, isGone, newHolder, type ProcessInfo, parseHolder } from './holder.js';
import { errnoOf, ioError, isAbsent } from './io-error.js';
import { lockFile } from './layout.js';
import { makeDirectories } from './make-directories.js';
import { findText } from './read-file.js';

export interface LockOptions {
  /** Command words, without arguments. */
  readonly command: string;
  readonly self: ProcessInfo;
  /** How long to wait for another process. */
  readonly timeoutMs: number;
  /** Told once who is waited for, after half a second; undefined when the lock file does not say. */
  onWait?(holder: Holder | undefined): void;
}

export type Release = () => void;

const NOTICE_AFTER_MS = 500;
/** A lock that is there and cannot be read, such as a link to nothing, is somebody's. */
const MOST_TRIES = 100;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

/** Stores this process holds the lock of. */
const held = new Map<string, Holder>();

/** What this process holds the lock of a store as; undefined when it doesn't. */
export const findOwnLock = (storeRoot: string): Holder | undefined => held.get(storeRoot);

/**
 * Takes the lock of a store: the file `.nsc.lock`, which names its holder. Waits for a holder that lives, takes over
 * from one that has ended. Holders on other hosts and in other containers are never judged.
 *
 * @returns gives the lock back
 * @throws NscError `store-locked` after `timeoutMs`, `store-io`
 */
export async function acquireLock(storeRoot: string, options: LockOptions): Promise<Release> {
  const began = Date.now();
  let told = false;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const attempt = tryLock(storeRoot, options);
    if ('release' in attempt) return attempt.release;
    const waited = Date.now() - began;
    if (waited >= options.timeoutMs) throw lockedError(storeRoot, attempt.holder);
    if (!told && waited >= NOTICE_AFTER_MS) {
      told = true;
      options.onWait?.(attempt.holder);
    }
    // processes that were started together should not ask together
    const spread = 1 + (options.self.pid % 16) / 16;
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause * spread, options.timeoutMs - waited)));
  }
}

/** One attempt: the lock, or who has it. Throws `store-io`. */
export function tryLock(
  storeRoot: string,
  { self, command }: Pick<LockOptions, 'self' | 'command'>,
): { release: Release } | { holder: Holder | undefined } {
  const path = lockFile(storeRoot);
  if (held.has(storeRoot)) return { holder: held.get(storeRoot) };
  const own = newHolder(self, command);
  const text = JSON.stringify(own);
  try {
    const other = take(path, text, own, self);
    if (other !== 'taken') {
      forgetHolder(own);
      return { holder: other };
    }
  } catch (error) {
    forgetHolder(own);
    throw ioError('lock', path, error);
  }
  held.set(storeRoot, own);
  return {
    release() {
      if (held.get(storeRoot) !== own) return;
      held.delete(storeRoot);
      forgetHolder(own);
      removeIf(path, text);
    },
  };
}

/** What to say when a lock cannot be had. */
export function lockedError(storeRoot: string, holder: Holder | undefined): NscError {
  const path = lockFile(storeRoot);
  const who = holder
    ? `"${holder.command}" (process ${holder.pid} on ${holder.host}, since ${holder.since})`
    : 'an unknown process';
  return new NscError('store-locked', `the store ${storeRoot} is being changed by ${who}`, {
    hint: `wait longer with --lock-timeout; if that process is gone, remove ${path}`,
    details: {
      path,
      ...(holder && { pid: holder.pid, host: holder.host, command: holder.command, since: holder.since }),
    },
  });
}

function take(path: string, text: string, own: Holder, self: ProcessInfo): 'taken' | Holder | undefined {
  for (let tries = 1; ; tries += 1) {
    if (createWhole(path, text, own)) return 'taken';
    const found = findText(path);
    if (found === undefined && tries < MOST_TRIES) continue; // given back meanwhile
    if (found === undefined) return undefined;
    const holder = parseHolder(found);
    if (holder === undefined || !isGone(holder, self)) return holder;
    if (!removeDead(path, found, holder, own, self)) return holder;
  }
}

/**
 * Removes the lock of a process that ended. Many may find it at once, and none may remove the lock that another of
 * them takes right after: so only who holds the claim on this very lock, a file named after its id, removes it, and
 * only while it is still there. A claim is itself a lock, whose holder may end.
 *
 * @returns whether to try again at once
 */
function removeDead(path: string, text: string, dead: Holder, own: Holder, self: ProcessInfo): boolean {
  const claim = `${path}.${dead.id.replace(/[^\w-]/g, '_').slice(0, 64)}`;
  const ownText = JSON.stringify(own);
  if (!createWhole(claim, ownText, own)) {
    const found = findText(claim);
    const claimant = found === undefined ? undefined : parseHolder(found);
    return (
      found === undefined ||
      (claimant !== undefined && isGone(claimant, self) && removeDead(claim, found, claimant, own, self))
    );
  }
  try {
    removeIf(path, text);
  } finally {
    removeIf(claim, ownText);
  }
  return true;
}

const LINKS_UNKNOWN = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);
let drafts = 0;

/**
 * Makes a file with its content in one step, unless there is one: written aside and linked into place. Where there
 * are no links the content follows the name.
 */
function createWhole(path: string, text: string, { id, host }: Holder): boolean {
  drafts += 1;
  const draft = `${path}.${id}-${drafts}-${host.replace(/[^\w-]/g, '_')}`.slice(0, path.length + 120);
  try {
    writeNew(draft, text);
  } catch (error) {
    remove(draft);
    throw error;
  }
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code === 'EEXIST') return false;
    if (!LINKS_UNKNOWN.has(code)) throw error;
  } finally {
    remove(draft);
  }
  try {
    writeNew(path, text);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function writeNew(file: string, text: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    makeDirectories(dirname(file));
    descriptor = openSync(file, 'wx', 0o600);
  }
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes a file if it holds this text. */
function removeIf(path: string, text: string): void {
  if (findText(path) === text) remove(path);
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

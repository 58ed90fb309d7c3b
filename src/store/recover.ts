import type { BeforeStep } from './file-step.js';
import { finishSteps } from './finish-steps.js';
import type { ProcessInfo } from './holder.js';
import { dropJournal, findJournalState } from './journal.js';
import { readJournal } from './journal-reading.js';
import type { Roots } from './layout.js';
import { findOwnLock, lockedError, tryLock } from './lock.js';

const nothing: BeforeStep = () => {};
const PAUSE_MS = 5;
const PATIENCE_MS = 30_000;

/**
 * Brings a store into the state before or after a commit that was interrupted: a journal that was committed is
 * finished, the beginning of one is discarded. Readers and writers call it before they look at the store. A commit
 * whose owner lives is waited for.
 *
 * @returns whether the store may have changed meanwhile
 * @throws NscError `store-locked` when its owner takes longer than 30 s or cannot be judged, `store-corrupt` for a
 *   journal that is not to be believed, `store-io`
 */
export function recover(roots: Roots, self: ProcessInfo, beforeStep: BeforeStep = nothing): boolean {
  const began = Date.now();
  for (let waited = false; ; waited = true) {
    const state = findJournalState(roots.storeRoot);
    if (state === undefined) return waited;
    if (findOwnLock(roots.storeRoot)) {
      finish(roots, self, state, beforeStep);
      return true;
    }
    const attempt = lockFor(state, roots, self);
    if (attempt === undefined) return false;
    if ('release' in attempt) {
      try {
        finish(roots, self, findJournalState(roots.storeRoot), beforeStep);
      } finally {
        attempt.release();
      }
      return true;
    }
    if (state === 'pending') return false; // its owner is at work, and nothing has changed yet
    if (Date.now() - began > PATIENCE_MS) throw lockedError(roots.storeRoot, attempt.holder);
    nap();
  }
}

/** The lock; undefined where it cannot be had and isn't needed: a store that can only be read has no one at work. */
function lockFor(state: 'committed' | 'pending', { storeRoot }: Roots, self: ProcessInfo) {
  try {
    return tryLock(storeRoot, { self, command: 'recovery' });
  } catch (error) {
    if (state === 'pending') return undefined;
    throw error;
  }
}

function finish(
  roots: Roots,
  self: ProcessInfo,
  state: ReturnType<typeof findJournalState>,
  beforeStep: BeforeStep,
): void {
  if (state === undefined) return;
  if (state === 'pending') {
    dropJournal(roots.storeRoot);
    return;
  }
  const journal = readJournal(roots, self.host);
  try {
    finishSteps(roots, journal, true, beforeStep);
  } catch (error) {
    // taken back because nothing had changed yet: the old store is whole
    if (findJournalState(roots.storeRoot) === 'committed') throw error;
  }
}

/** Readers are synchronous: a commit past its commit point takes milliseconds. */
function nap(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
}

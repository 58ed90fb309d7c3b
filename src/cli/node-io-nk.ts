import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { randomSeed } from '../lib/ed25519.js';
import type { NkIo } from './nk.js';
import { searchVanity, type VanityJob } from './nk-vanity.js';
import { exit, write } from './node-io.js';
import { version } from './version.js';

/** The real world for `nk`. */
export function nodeNkIo(): NkIo {
  return {
    version,
    readFile,
    writeOut: (text) => write(1, text),
    writeErr: (text) => write(2, text),
    randomSeed,
    cores: availableParallelism(),
    searchInParallel,
  };
}

/**
 * Runs a program on the words of the command line, and ends the process with its exit code. In a thread of
 * {@link searchInParallel} it takes its part in the search instead.
 */
export async function runProcess(program: (args: readonly string[]) => Promise<number>): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === AS_THREAD && (await searchAsThread())) return;
  exit(await program(args));
}

/** What tells a thread that it is one. Asking `node:worker_threads` instead would cost every run 4 ms. */
const AS_THREAD = 'search as a thread';

/** Reading stops at the limit, because an entropy file may be a device without end. */
function readFile(path: string, limit?: number): Uint8Array | undefined {
  try {
    return limit === undefined ? readFileSync(path) : readStart(path, limit);
  } catch {
    return undefined;
  }
}

function readStart(path: string, limit: number): Uint8Array {
  const bytes = Buffer.alloc(limit);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    while (length < limit) {
      const read = readSync(file, bytes, length, limit - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/**
 * One thread per core, each with its share of the attempts; the first find ends the search. A thread starts the same
 * program, which is the one file that there is also when an executable holds it.
 */
async function searchInParallel(job: VanityJob): Promise<Uint8Array | undefined> {
  const { Worker } = await import('node:worker_threads');
  const count = availableParallelism();
  const share = { ...job, attempts: Math.ceil(job.attempts / count) };
  const script = process.argv[1] ?? '';
  const threads = Array.from({ length: count }, () => new Worker(script, { argv: [AS_THREAD], workerData: share }));
  try {
    return await new Promise((resolve, reject) => {
      let working = count;
      for (const thread of threads) {
        thread.once('error', reject);
        thread.once('message', (found: Uint8Array | undefined) => {
          working -= 1;
          if (found !== undefined || working === 0) resolve(found);
        });
      }
    });
  } finally {
    for (const thread of threads) void thread.terminate();
  }
}

/** False when this is no thread: somebody typed what only threads are told. */
async function searchAsThread(): Promise<boolean> {
  const { parentPort, workerData } = await import('node:worker_threads');
  if (parentPort === null) return false;
  parentPort.postMessage(searchVanity(workerData, randomSeed));
  return true;
}

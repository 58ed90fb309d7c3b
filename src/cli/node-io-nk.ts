import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
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

/** Runs a program on the words of the command line, and ends the process with its exit code. */
export async function runProcess(program: (args: readonly string[]) => Promise<number>): Promise<never> {
  return exit(await program(process.argv.slice(2)));
}

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

/** One thread per core, each with its share of the attempts; the first find ends the search. */
async function searchInParallel(job: VanityJob): Promise<Uint8Array | undefined> {
  const { Worker } = await import('node:worker_threads');
  const count = availableParallelism();
  const share = { ...job, attempts: Math.ceil(job.attempts / count) };
  const workerData = { program: fileURLToPath(import.meta.url), job: share };
  const threads = Array.from(
    { length: count },
    () =>
      new Worker(`require(require('node:worker_threads').workerData.program).searchAsThread()`, {
        eval: true,
        workerData,
      }),
  );
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

/** What each thread runs. */
export async function searchAsThread(): Promise<void> {
  const { parentPort, workerData } = await import('node:worker_threads');
  parentPort?.postMessage(searchVanity(workerData.job, randomSeed));
}

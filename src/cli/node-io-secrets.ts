import { spawnSync } from 'node:child_process';
import { readSync } from 'node:fs';
import { NscError } from '../errors.js';

/** A passphrase is a line; a program that says more than this is the wrong one. */
const MAX_BYTES = 64 * 1024;

/** How long a program may take, including what it asks a person. */
const COMMAND_MS = 120_000;
const PAUSE_MS = 20;

/**
 * What a file descriptor gives until its end.
 *
 * @param name of the variable that names it
 * @throws NscError `bad-value` for what cannot be read
 */
export function readDescriptor(descriptor: number, name: string): string {
  const buffer = Buffer.alloc(MAX_BYTES);
  const until = Date.now() + COMMAND_MS;
  let length = 0;
  try {
    for (;;) {
      const read = readWhenThere(descriptor, buffer.subarray(length), until);
      length += read;
      if (read === 0 || length === buffer.length) return buffer.toString('utf8', 0, length);
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new NscError('bad-value', `file descriptor ${descriptor} of ${name} cannot be read: ${reason}`, {
      hint: `open it for nsc, as in: ${name}=3 nsc … 3<FILE`,
    });
  } finally {
    buffer.fill(0);
  }
}

/** A pipe that somebody made for programs that never wait says that nothing has come yet. */
function readWhenThere(descriptor: number, into: Buffer, until: number): number {
  for (;;) {
    try {
      return readSync(descriptor, into, 0, into.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || Date.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/**
 * What a command line of the shell writes to standard output. It may ask on the terminal: input and standard error are
 * those of this process.
 *
 * @param name of the variable that it comes from
 * @throws NscError `bad-value` when it fails or takes longer than two minutes; `interrupted`
 */
export function runForOutput(command: string, name: string): string {
  const { status, signal, stdout, error } = spawnSync(command, {
    shell: true,
    stdio: ['inherit', 'pipe', 'inherit'],
    timeout: COMMAND_MS,
    maxBuffer: MAX_BYTES,
    encoding: 'utf8',
  });
  if (status === 0 && !error) return stdout;
  if (signal === 'SIGINT') throw new NscError('interrupted', `the command of ${name} was interrupted`);
  const reason = error ? ((error as NodeJS.ErrnoException).code ?? error.message) : `it ended with ${status ?? signal}`;
  throw new NscError('bad-value', `the command of ${name} gave no passphrase: ${reason}`, {
    hint: 'it has to write the passphrase to standard output, and end with 0',
  });
}

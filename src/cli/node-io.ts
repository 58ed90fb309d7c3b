import { fstatSync, realpathSync, statSync, writeSync } from 'node:fs';
import { EXIT_CODES, NscError } from '../errors.js';
import type { Prompter } from './prompter.js';
import type { Terminal, World } from './world.js';

/** The real process. */
export function nodeWorld(): World {
  return {
    args: process.argv.slice(2),
    env: process.env,
    get cwd() {
      return workingDirectory();
    },
    get home() {
      return homeDirectory();
    },
    terminal,
    get program() {
      return programFile();
    },
    self: {
      pid: process.pid,
      get host() {
        return os().hostname();
      },
      isAlive,
    },
    now: () => Math.floor(Date.now() / 1000),
    writeOut: writeAnswer,
    writeErr: (text) => write(2, text),
    get interrupted() {
      return catchInterrupts();
    },
    loadPrompter,
  };
}

/** The script; when an executable holds it, the path it goes by leads nowhere, and the executable is the program. */
function programFile(): string {
  try {
    return realpathSync(process.argv[1] ?? process.execPath);
  } catch {
    return realpathSync(process.execPath);
  }
}

/** The library of the prompts decides on colours by the environment alone, when it is loaded. */
async function loadPrompter({ color }: { readonly color: boolean }): Promise<Prompter> {
  if (!color) {
    delete process.env.FORCE_COLOR;
    process.env.NO_COLOR = '1';
  }
  return (await import('./node-io-prompts.js')).terminalPrompter;
}

function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new NscError('store-io', 'the working directory is gone', { hint: 'cd to one that exists', cause });
  }
}

/** A HOME that leads nowhere in particular would put keys into the working directory. */
function homeDirectory(): string {
  const { HOME: home } = process.env;
  return home?.startsWith('/') || (home && process.platform === 'win32') ? home : os().userInfo().homedir;
}

function writeAnswer(text: string): void {
  try {
    write(1, text);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new NscError('store-io', `standard output cannot be written: ${reason}`, {
      hint: 'what the command changed is changed all the same; send its output elsewhere',
      cause,
    });
  }
}

/** Loaded when it is asked for: most runs know their home from the environment and need no name of the host. */
const os = (): typeof import('node:os') => process.getBuiltinModule('node:os');

/** Looked at only when asked for: the streams behind these are costly to open. */
const terminal: Terminal = {
  get stdin() {
    return isTerminal(0);
  },
  get stdout() {
    return isTerminal(1);
  },
  get stderr() {
    return isTerminal(2);
  },
  get columns() {
    const stream = isTerminal(1) ? process.stdout : isTerminal(2) ? process.stderr : undefined;
    return stream?.columns || undefined;
  },
};

/** Files, pipes and the null device are told apart by a cheap stat; only for others the terminal module is loaded. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const status = fstatSync(descriptor);
    if (!status.isCharacterDevice() || status.rdev === nullDevice()) return false;
  } catch {
    return false;
  }
  return (descriptor === 0 ? process.stdin : descriptor === 1 ? process.stdout : process.stderr).isTTY === true;
}

const nullDevice = (): number | undefined => statSync('/dev/null', { throwIfNoEntry: false })?.rdev;

/** A process that we may not signal is alive too. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends the process. Everything has been written by then, because writing is synchronous. */
export function exit(code: number): never {
  process.exit(code);
}

/** A command that waits for what nobody will bring has not succeeded: node would end the process with 0. */
export function failIfForgotten(): void {
  process.once('beforeExit', () => {
    process.stderr.write('nsc: error: unexpected mistake in the program: it ended before it was done\n');
    process.exit(EXIT_CODES.bug);
  });
}

/** A keyboard interrupt ends the process with 130, but never in the middle of a commit: that runs without a pause. */
export function exitOnInterrupt(): void {
  process.once('SIGINT', () => process.exit(130));
}

let interruption: AbortController | undefined;

/** From now on the first interrupt only aborts the signal; the second one ends the process. */
function catchInterrupts(): AbortSignal {
  if (interruption) return interruption.signal;
  const controller = new AbortController();
  interruption = controller;
  process.removeAllListeners('SIGINT');
  const interrupt = (): void => (controller.signal.aborted ? process.exit(130) : controller.abort());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  return controller.signal;
}

const closed = new Set<number>();
const napping = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of a text. A reader that went away (`nsc … | head`) is no error: the rest is dropped, and what goes on
 * until it is interrupted counts as interrupted when nobody reads its answers any more. What standard error does not
 * take is dropped, too: whom could one tell, and an account server has to go on when the disk of its log is full.
 */
export function write(descriptor: 1 | 2, text: string): void {
  if (text === '' || closed.has(descriptor)) return;
  const bytes = Buffer.from(text);
  let from = 0;
  while (from < bytes.length) {
    try {
      from += writeSync(descriptor, bytes, from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') {
        Atomics.wait(napping, 0, 0, 2);
        continue;
      }
      if (code === 'EPIPE') closed.add(descriptor);
      if (code === 'EPIPE' && descriptor === 1) interruption?.abort();
      if (code !== 'EPIPE' && descriptor === 1) throw error;
      return;
    }
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { type ProgramName, programOf } from './programs.js';
import type { Ran } from './session.js';

const ROOT = join(import.meta.dirname, '../..');

/** Runs `bin/nsc.js` (or `nk`) of the bundle in a process of its own. */
export function runBin(
  args: readonly string[],
  {
    env = {},
    cwd,
    input = '',
    program = 'nsc',
  }: { env?: Record<string, string>; cwd?: string; input?: string; program?: ProgramName } = {},
): Ran {
  const failure = inject('buildFailure');
  if (failure !== '') throw new Error(`there is no bundle to test: ${failure}`);
  const [file, ...words] = programOf(program);
  const { status, stdout, stderr, error } = spawnSync(file, [...words, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd: cwd ?? ROOT,
    input,
    encoding: 'utf8',
  });
  if (error) throw error;
  return { exit: status ?? -1, stdout, stderr };
}

/** `bin/nsc.js` of the bundle while it runs; it is killed when the test ends. */
export class RunningBin {
  stdout = '';
  stderr = '';
  /** What it came to. */
  readonly ended: Promise<Ran & { readonly signal: string | null }>;
  readonly #child: ChildProcess;

  /** @param stderr where standard error goes, in place of {@link RunningBin.stderr} */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
    cwd = ROOT,
    stderr: 'pipe' | number = 'pipe',
  ) {
    const failure = inject('buildFailure');
    if (failure !== '') throw new Error(`there is no bundle to test: ${failure}`);
    const [file, ...words] = programOf('nsc');
    this.#child = spawn(file, [...words, ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      cwd,
      stdio: ['ignore', 'pipe', stderr],
    });
    onTestFinished(() => void this.#child.kill('SIGKILL'));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) =>
        resolve({ exit: code ?? -1, signal, stdout: this.stdout, stderr: this.stderr }),
      );
    });
  }

  /** Waits for something on standard output, and gives the match. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (const deadline = performance.now() + 10_000; ; ) {
      const match = pattern.exec(this.stdout);
      if (match) return match;
      if (performance.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`it never said ${pattern}:\n${this.stdout}${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Reads standard output no more, like `head` when it has seen enough. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Sends a signal, and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ran & { readonly signal: string | null }> {
    this.#child.kill(signal);
    return this.ended;
  }
}

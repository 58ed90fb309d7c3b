import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { IPty } from '@lydell/node-pty';
import { inject, onTestFinished } from 'vitest';
import { programOf } from './programs.js';
import type { Session } from './session.js';

/** Longer than any step takes on a machine that has much else to do. */
const PATIENCE_MS = 30_000;

/** undefined where there is no pseudo-terminal for this platform. */
const pty = await import('@lydell/node-pty').catch(() => undefined);

/** True where the tests are to be skipped: not in CI, where they fail for want of a pseudo-terminal. */
export const skipsTerminal = pty === undefined && process.env.CI !== 'true';

/** What is typed beside letters. */
export const KEYS = {
  enter: '\r',
  down: '\u001b[B',
  ctrlC: '\u0003',
  ctrlD: '\u0004',
  ctrlZ: '\u001a',
  clearLine: '\u0015',
};

/**
 * `bin/nsc.js` of the bundle in a pseudo-terminal. Nothing here waits for time to pass: only for text to be shown, and
 * for the end.
 */
export class TerminalRun {
  /** All that came to the screen, with its escape sequences. */
  raw = '';
  readonly #process: IPty;
  readonly #ended: Promise<number>;
  #exit: number | undefined;
  /** How much of the raw output was waited for already. */
  #seen = 0;
  #wake: () => void = () => {};

  /**
   * @param args of nsc
   * @param options.env beside PATH and HOME
   * @param options.shell how a shell runs the program, whose words are `"$0" "$@"`
   */
  constructor(
    { home, cwd }: Pick<Session, 'home' | 'cwd'>,
    args: readonly string[],
    { env = {}, shell = 'exec "$0" "$@"' }: { env?: Record<string, string>; shell?: string } = {},
  ) {
    const failure = inject('buildFailure');
    if (failure !== '') throw new Error(`there is no bundle to test: ${failure}`);
    if (pty === undefined) throw new Error('there is no pseudo-terminal for this platform');
    this.#process = pty.spawn('/bin/sh', ['-c', shell, ...programOf('nsc'), ...args], {
      name: 'xterm-256color',
      cols: 120,
      rows: 40,
      cwd,
      env: { PATH: process.env.PATH ?? '', HOME: home, ...env },
    });
    this.#process.onData((data) => {
      this.raw += data;
      this.#wake();
    });
    this.#ended = new Promise((resolve) => {
      this.#process.onExit(({ exitCode }) => {
        this.#exit = exitCode;
        this.#wake();
        resolve(exitCode);
      });
    });
    onTestFinished(() => {
      if (this.#exit === undefined) this.#process.kill('SIGKILL');
    });
  }

  /** What people saw, without colours and movements of the cursor. */
  get text(): string {
    return stripVTControlCharacters(this.raw);
  }

  /** Waits until a text is shown after what was waited for before, then types. */
  async answer(shown: string, keys: string): Promise<void> {
    await this.sees(shown);
    this.type(keys);
  }

  type(keys: string): void {
    this.#process.write(keys);
  }

  /** Waits until a text is shown after what was waited for before. */
  async sees(shown: string): Promise<void> {
    const since = Date.now();
    for (;;) {
      const fresh = stripVTControlCharacters(this.raw.slice(this.#seen));
      if (fresh.includes(shown)) break;
      if (this.#exit !== undefined) throw new Error(`it ended with ${this.#exit} before "${shown}":\n${this.text}`);
      await this.#next(PATIENCE_MS - (Date.now() - since), `"${shown}" is not shown`);
    }
    this.#seen = this.raw.length;
  }

  /** Waits for the end, and gives the exit code. */
  async exit(): Promise<number> {
    while (this.#exit === undefined) await this.#next(PATIENCE_MS, 'it does not end');
    return this.#ended;
  }

  /** Until something comes or the program ends. */
  async #next(patience: number, complaint: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(() => reject(new Error(`${complaint}:\n${this.text}`)), Math.max(patience, 1));
    }).finally(() => clearTimeout(timer));
  }
}

/** Every file below a directory with a digest of its content. */
export function snapshot(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

import type { Clock, KeySource, Remote } from '../app/ports.js';
import type { ProcessInfo } from '../store/holder.js';
import type { Prompter } from './prompter.js';

/**
 * The process as the program sees it: `node-io` makes the real one, tests make their own.
 *
 * Files are not part of it: they are real in tests too.
 */
export interface World extends Clock {
  /** Words after the program name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Absolute; where `~` leads. */
  readonly home: string;
  readonly terminal: Terminal;
  /** This process, as other processes see it. */
  readonly self: ProcessInfo;
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** Default: keys from the random generator of the system. */
  readonly newKey?: KeySource['newKey'];
  /** Default: HTTP. */
  readonly remote?: Remote;
  /** Called once or more; `color` says whether questions may have colours. */
  loadPrompter(style: { readonly color: boolean }): Promise<Prompter>;
}

/** Which streams are terminals, and how wide standard output is. */
export interface Terminal {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly columns: number | undefined;
}

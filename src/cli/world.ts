import type { Nats } from '../app/nats.js';
import type { Clock, KeySource, Remote } from '../app/ports.js';
import type { Resolvers } from '../app/resolver.js';
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
  /** Where the program is, absolute and with links followed. */
  readonly program: string;
  /** This process, as other processes see it. */
  readonly self: ProcessInfo;
  writeOut(text: string): void;
  writeErr(text: string): void;
  /** Default: keys from the random generator of the system. */
  readonly newKey?: KeySource['newKey'];
  /** Default: HTTP. */
  readonly remote?: Remote;
  /** Default: the real client. */
  readonly nats?: Nats;
  /** Default: over NATS and HTTP. */
  readonly resolvers?: Resolvers;
  /** Aborted by an interrupt, which ends the process where nobody has asked for this. */
  readonly interrupted: AbortSignal;
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

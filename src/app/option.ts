import { NscError } from '../errors.js';
import { splitCsv } from '../lib/csv.js';
import type { Ports } from './ports.js';
import type { Workspace } from './workspace.js';

/**
 * An option as data. Parsing, prompting, help, docs and completion all derive from it.
 *
 * `T` is what a plan receives; an option that was not given is `undefined` in the input, so "was it given" needs no
 * second flag.
 */
export interface Option<T> {
  /** Long name without dashes. */
  readonly long: string;
  /** One letter, without dash. */
  readonly short?: string;
  /** One line, a sentence fragment without full stop. */
  readonly help: string;
  /** What stands for the value in help (`NAME`, `FILE`); absent for switches. */
  readonly placeholder?: string;
  /** The value an option stands for when it is given without one (pflag's NoOptDefVal). */
  readonly valueWhenBare?: string;
  /** True when the option may be repeated. */
  readonly repeatable?: boolean;
  /** What happens when it is absent, as shown in help. */
  readonly defaultText?: string;
  readonly hidden?: boolean;
  /** What to use instead; using it prints a notice on stderr. */
  readonly deprecated?: string;
  /** Where completion finds values. */
  readonly complete?: Completion;
  /** What `-i` asks when the option is absent. */
  readonly ask?: Question<T>;
  /** All occurrences, in order, to a value. Throws `NscError('bad-value')`; the runner adds which option it was. */
  read(texts: readonly string[]): T;
  /** Reads what the value points at (key files, directories, URLs). Runs before planning; `input` is as it was given. */
  resolve?(value: T, ports: Ports, input: Readonly<Record<string, unknown>>): T | Promise<T>;
}

/**
 * What is in the store, or a file, or one of a few words. A `signer` is a role or a key that may sign, a `known-key` one
 * that the keyring or a token of operator and account speaks of.
 */
export type Completion =
  | 'operator'
  | 'account'
  | 'user'
  | 'system-user'
  | 'key'
  | 'known-key'
  | 'role'
  | 'signing-key'
  | 'signer'
  | 'file'
  | 'directory'
  | readonly string[];

/** What was given or answered before, by name in the option set, and as `privateKey` what `-K` named. */
export type Answers = Readonly<Record<string, unknown>>;

/**
 * A question of interactive mode; its functions get the answers so far. The answer is read and resolved like a value from
 * the command line; a refusal of either is told, and the question asked again.
 *
 * An empty answer and an unchanged `default` leave the option absent, so that an edit changes only what was changed.
 */
export interface Question<T = unknown> {
  /** A line without full stop; `list` adds how to come to an end. */
  readonly message: string;
  /** `list` asks for one element after another until the answer is empty. */
  readonly type: 'input' | 'list' | 'confirm' | 'select' | 'checkbox';
  /** The answer that Enter accepts: what stands in the tree on edits, else a proposal. */
  default?(workspace: Workspace, input: Answers): string | undefined;
  /** An accepted default counts as given, and so does an only choice, which is taken unasked. */
  readonly takesDefault?: boolean | ((workspace: Workspace, input: Answers) => boolean);
  /** An empty answer is asked again, and an only choice is asked for, too. */
  readonly required?: boolean;
  /** For `select` (with fewer than two nothing is asked) and `checkbox` (with none). */
  choices?(workspace: Workspace, input: Answers): readonly (string | Choice)[];
  /** False skips the question; so does an option given or chosen before that excludes this one. */
  when?(workspace: Workspace, input: Answers): boolean;
  /** Throws what planning would throw for this answer, so that it is told at once. */
  check?(value: T, workspace: Workspace, input: Answers): void;
}

/** One of several answers. */
export interface Choice {
  /** The option's value as a text; `''` leaves the option absent. */
  readonly value: string;
  /** What people see. */
  readonly label: string;
}

// biome-ignore lint/suspicious/noExplicitAny: an option set holds options of every value type
export type OptionSet = Readonly<Record<string, Option<any>>>;

/** What a plan gets for a set of options: every value, or undefined where the option was not given. */
export type InputOf<Options extends OptionSet> = {
  readonly [Name in keyof Options]: (Options[Name] extends Option<infer T> ? T : never) | undefined;
};

type Spec<T> = Omit<Option<T>, 'long' | 'read'>;

const lastOf = (texts: readonly string[]): string => texts[texts.length - 1] ?? '';

/** The same option with a question of interactive mode. */
export const asking = <T>(option: Option<T>, ask: Question<T>): Option<T> => ({ ...option, ask });

/** An option with one value; the last occurrence wins. */
export function value<T>(long: string, spec: Spec<T>, read: (text: string) => T): Option<T> {
  return { long, placeholder: 'VALUE', ...spec, read: (texts) => read(lastOf(texts)) };
}

/** A text taken as it is. */
export function text(long: string, spec: Spec<string>): Option<string> {
  return value(long, spec, (given) => given);
}

/** A switch: `--x`, `--x=true|false`. */
export function flag(long: string, spec: Omit<Spec<boolean>, 'placeholder'>): Option<boolean> {
  return { long, ...spec, valueWhenBare: 'true', read: (texts) => readBoolean(lastOf(texts)) };
}

/** A comma list that may be repeated; each occurrence is one CSV record (reference: nsc-core.md §1.1). */
export function list<T = string>(long: string, spec: Spec<T[]>, read?: (element: string) => T): Option<T[]> {
  const readElement = read ?? ((element: string) => element as T);
  return {
    long,
    placeholder: 'VALUE,…',
    ...spec,
    repeatable: true,
    read: (texts) => texts.flatMap(splitCsv).map(readElement),
  };
}

/** A decimal, hex or octal integer within bounds. */
export function integer(long: string, spec: Spec<number>, bounds: { min?: number; max?: number } = {}): Option<number> {
  return value(long, { placeholder: 'N', ...spec }, (given) => {
    const sign = /^[+-]/.test(given) ? 1 : 0;
    const number = /^[+-]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.test(given)
      ? (given[0] === '-' ? -1 : 1) * Number(given.slice(sign).replace(/^0[oO]?(?=[0-7])/, '0o'))
      : Number.NaN;
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
    if (Number.isNaN(number) || number < min || number > max) {
      const range = bounds.min === undefined && bounds.max === undefined ? '' : ` from ${min} to ${max}`;
      throw new NscError('bad-value', `"${given}" is not an integer${range}`);
    }
    return number;
  });
}

/** The boolean spellings of Go's strconv.ParseBool. */
function readBoolean(given: string): boolean {
  if (['true', 'True', 'TRUE', 't', 'T', '1'].includes(given)) return true;
  if (['false', 'False', 'FALSE', 'f', 'F', '0'].includes(given)) return false;
  throw new NscError('bad-value', `"${given}" is neither true nor false`);
}

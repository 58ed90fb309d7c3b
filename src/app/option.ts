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
  readonly ask?: Question;
  /** All occurrences, in order, to a value. Throws `NscError('bad-value')`; the runner adds which option it was. */
  read(texts: readonly string[]): T;
  /** Reads what the value points at (key files, directories, URLs). Runs before planning; `input` is as it was given. */
  resolve?(value: T, ports: Ports, input: Readonly<Record<string, unknown>>): T | Promise<T>;
}

export type Completion = 'operator' | 'account' | 'user' | 'key' | 'role' | 'file' | 'directory' | readonly string[];

/** A question of interactive mode; the answer is read like a value from the command line. */
export interface Question {
  readonly message: string;
  /** `list` asks for one element after another until the answer is empty. */
  readonly type: 'input' | 'list' | 'confirm' | 'select' | 'checkbox';
  /** The answer that Enter accepts. */
  default?(workspace: Workspace, input: Readonly<Record<string, unknown>>): string | undefined;
  /** For `select` and `checkbox`; with fewer than two choices nothing is asked. */
  choices?(workspace: Workspace, input: Readonly<Record<string, unknown>>): readonly string[];
  /** False skips the question. */
  when?(workspace: Workspace, input: Readonly<Record<string, unknown>>): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: an option set holds options of every value type
export type OptionSet = Readonly<Record<string, Option<any>>>;

/** What a plan gets for a set of options: every value, or undefined where the option was not given. */
export type InputOf<Options extends OptionSet> = {
  readonly [Name in keyof Options]: (Options[Name] extends Option<infer T> ? T : never) | undefined;
};

type Spec<T> = Omit<Option<T>, 'long' | 'read'>;

const lastOf = (texts: readonly string[]): string => texts[texts.length - 1] ?? '';

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

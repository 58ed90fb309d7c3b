import type { Command as Definition } from '../app/command.js';
import type { OptionSet } from '../app/option.js';
import { findNearest } from '../domain/tree/nearest.js';
import { NscError } from '../errors.js';
import { globalsBeside, readWords } from './flags.js';

/** A command line after parsing: every occurrence of every option, in order, still as text. */
export interface Parsed {
  /** By name in the option set. */
  readonly own: ReadonlyMap<string, readonly string[]>;
  readonly global: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

type Positional = Definition['positional'];

/**
 * Parses the words of one command: its own options and the global ones beside them.
 *
 * @param path the command words, for messages
 * @throws NscError `unknown-option`, `missing-argument`, `too-many-arguments`
 */
export function parseWords(path: string, options: OptionSet, positional: Positional, words: readonly string[]): Parsed {
  const all: OptionSet = { ...globalsBeside(options), ...options };
  const { flags, positionals, unknown, unfinished } = readWords(words, all);
  if (unfinished !== undefined) {
    throw new NscError('missing-argument', `--${all[unfinished]?.long} needs a value`, { hint: seeOptions(path) });
  }
  if (unknown !== undefined) throw unknownOption(path, unknown, all);
  refuseExcess(path, positional?.max ?? 0, positionals.length);

  const own = new Map<string, string[]>();
  const global = new Map<string, string[]>();
  for (const { name, text } of flags) {
    const into = name in options ? own : global;
    into.set(name, [...(into.get(name) ?? []), text]);
  }
  return { own, global, positionals };
}

function unknownOption(path: string, flag: string, options: OptionSet): NscError {
  const visible = Object.values(options).flatMap(({ hidden, long }) => (hidden ? [] : [`--${long}`]));
  const meant = flag.startsWith('--') ? findNearest(flag, visible) : undefined;
  return new NscError('unknown-option', `"${called(path)}" has no option ${flag}`, {
    hint: meant === undefined ? seeOptions(path) : `did you mean ${meant}? ${seeOptions(path)}`,
  });
}

function refuseExcess(path: string, most: number, given: number): void {
  if (given <= most) return;
  const limit = most === 0 ? 'no arguments' : `at most ${most} argument${most === 1 ? '' : 's'}`;
  throw new NscError('too-many-arguments', `"nsc ${path}" takes ${limit}, not ${given}`, {
    hint: `nsc ${path} --help shows how it is called`,
  });
}

const called = (path: string): string => ['nsc', path].join(' ').trim();

const seeOptions = (path: string): string => `${called(path)} --help lists the options`;

import type { Option, OptionSet } from '../app/option.js';
import { globalOptions } from '../app/options/global.js';

/** True for options whose value is the next word; false for switches and options that stand for a value when bare. */
export const takesValue = (option: Option<unknown>): boolean => option.valueWhenBare === undefined;

/** Words of a command line, told apart. */
export interface ReadWords {
  /** Every known flag, in order. */
  readonly flags: readonly GivenFlag[];
  readonly positionals: readonly string[];
  /** The first flag that is not known, without its value: that may be a secret. */
  readonly unknown?: string;
  /** Name of the option at the very end that lacks its value. */
  readonly unfinished?: string;
}

interface GivenFlag {
  /** In the option set. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads flags as pflag does: `-n=v`, `-nv`, bundled switches, `--x=false`, values that begin with a dash, optional values
 * only after `=`, flags and arguments in any order (reference: nsc-core.md §1.1). Nothing is refused here.
 */
export function readWords(words: readonly string[], options: OptionSet): ReadWords {
  const byName = indexFlags(options);
  const flags: GivenFlag[] = [];
  const positionals: string[] = [];
  let unknown: string | undefined;
  let unfinished: string | undefined;
  const take = (name: string, text: string | undefined): void => {
    if (text === undefined) unfinished = name;
    else flags.push({ name, text });
  };

  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      positionals.push(...rest);
      break;
    }
    if (word.length < 2 || !word.startsWith('-')) {
      positionals.push(word);
    } else if (word.startsWith('--')) {
      const [flag, text] = splitAtEquals(word);
      const known = byName.get(flag);
      if (!known) unknown ??= flag;
      else take(known.name, text ?? known.option.valueWhenBare ?? rest.shift());
    } else {
      const bundle = splitBundle(word, byName);
      flags.push(...bundle.known);
      unknown ??= bundle.unknown;
      if (bundle.open !== undefined) take(bundle.open, rest.shift());
    }
  }
  return {
    flags,
    positionals,
    ...(unknown !== undefined && { unknown }),
    ...(unfinished !== undefined && { unfinished }),
  };
}

/** The global options that an option set leaves in force: one of its own with the same name stands in for them. */
export function globalsBeside(options: OptionSet): OptionSet {
  const taken = Object.values(options);
  const left: Record<string, Option<unknown>> = {};
  for (const [name, option] of Object.entries(globalOptions)) {
    if (taken.some(({ long }) => long === option.long)) continue;
    const { short, ...rest } = option;
    left[name] = short !== undefined && taken.some((other) => other.short === short) ? rest : option;
  }
  return left;
}

function splitAtEquals(word: string): [flag: string, text: string | undefined] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

interface KnownFlag {
  /** In the option set. */
  readonly name: string;
  readonly option: Option<unknown>;
}

/** Every way to write a flag → its option. */
export function indexFlags(options: OptionSet): Map<string, KnownFlag> {
  const byName = new Map<string, KnownFlag>();
  for (const [name, option] of Object.entries(options)) {
    byName.set(`--${option.long}`, { name, option });
    if (option.short !== undefined) byName.set(`-${option.short}`, { name, option });
  }
  return byName;
}

interface Bundle {
  readonly known: GivenFlag[];
  /** The first letter that is no flag; what follows it may be a secret and is dropped. */
  readonly unknown?: string;
  /** Name of the last letter's option, when its value is the next word. */
  readonly open?: string;
}

/** `-abc`: letters are switches up to the first one that takes a value; the rest of the word is that value. */
function splitBundle(word: string, byName: Map<string, KnownFlag>): Bundle {
  const known: GivenFlag[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const found = byName.get(`-${word[at]}`);
    if (!found) return { known, unknown: `-${word[at]}` };
    const { name, option } = found;
    const rest = word.slice(at + 1);
    if (rest.startsWith('=')) return { known: [...known, { name, text: rest.slice(1) }] };
    if (option.valueWhenBare !== undefined) known.push({ name, text: option.valueWhenBare });
    else return rest === '' ? { known, open: name } : { known: [...known, { name, text: rest }] };
  }
  return { known };
}

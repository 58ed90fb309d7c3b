/** The option syntax of Go's flag package, which `nk` has always had (nsc-core.md §10). */

export type FlagKind = 'switch' | 'text' | 'integer';

export type FlagValue<Kind extends FlagKind> = { switch: boolean; text: string; integer: number }[Kind];

export type FlagValues<Kinds extends Readonly<Record<string, FlagKind>>> = {
  readonly [Name in keyof Kinds]?: FlagValue<Kinds[Name]>;
};

export type ParsedFlags<Kinds extends Readonly<Record<string, FlagKind>>> =
  | { readonly values: FlagValues<Kinds> }
  | { readonly error: string }
  | { readonly help: true };

const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];
const INTEGER = /^[+-]?(0[xX](_?[\da-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+|0(_?[0-7])*|[1-9](_?\d)*)$/;

/**
 * Reads `-name value`, `-name=value` and the same with two dashes; a switch takes a value only after `=`. The last
 * occurrence wins. Reading stops at the first word that is no option, at `-` and after `--`; what follows is ignored.
 */
export function parseGoFlags<Kinds extends Readonly<Record<string, FlagKind>>>(
  words: readonly string[],
  kinds: Kinds,
): ParsedFlags<Kinds> {
  const values: Record<string, boolean | string | number> = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.length < 2 || !word.startsWith('-') || word === '--') break;
    const [, name = '', given] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === '' || name.startsWith('-')) return { error: `${word} is not an option` };
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined)
      return name === 'h' || name === 'help' ? { help: true } : { error: `there is no option -${name}` };
    let text = given;
    if (text === undefined && kind !== 'switch') {
      at += 1;
      text = words[at];
      if (text === undefined) return { error: `-${name} needs a value` };
    }
    const value = readFlag(kind, text ?? 'true');
    if (value === undefined) return { error: `"${text}" is not a value for -${name}` };
    values[name] = value;
  }
  return { values: values as FlagValues<Kinds> };
}

function readFlag(kind: FlagKind, text: string): boolean | string | number | undefined {
  if (kind === 'text') return text;
  if (kind === 'switch') return TRUE.includes(text) || (FALSE.includes(text) ? false : undefined);
  return readInteger(text);
}

/** Decimal, hexadecimal, octal or binary, as Go's ParseInt with base 0. */
function readInteger(text: string): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '');
  const size = Number(/^0\d/.test(digits) ? `0o${digits}` : digits);
  if (!Number.isSafeInteger(size)) return undefined;
  return text.startsWith('-') ? 0 - size : size;
}

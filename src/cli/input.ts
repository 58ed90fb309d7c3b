import type { Command } from '../app/command.js';
import type { Option, OptionSet } from '../app/option.js';
import type { Ports } from '../app/ports.js';
import { NscError } from '../errors.js';
import type { Parsed } from './program.js';

/** Values by name in the option set; what was not given is absent. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * Reads the texts of a set of options.
 *
 * @throws NscError what the option's `read` throws, with the name of the option in front
 */
export function readOptions(options: OptionSet, texts: ReadonlyMap<string, readonly string[]>): Input {
  const input: Record<string, unknown> = {};
  for (const [name, given] of texts) {
    const option = options[name];
    if (option) input[name] = naming(option, () => option.read(given));
  }
  return input;
}

/**
 * The input of a command: its options, and positional arguments for the option they stand for.
 *
 * A list takes both (`delete user -n a b` means a and b); for a single value the flag and the argument must agree.
 *
 * @throws NscError `bad-value`, `conflicting-options`
 */
export function readInput(command: Command, { own, positionals }: Parsed): Input {
  const texts = new Map(own);
  const { positional } = command;
  const [first, ...others] = positionals;
  if (positional && first !== undefined) {
    const ofFirst = positional.second === undefined ? positionals : [first];
    fill(command, texts, positional.option, ofFirst);
    if (positional.second !== undefined && others.length > 0) fill(command, texts, positional.second, others);
  }
  refuseConflicts(command, texts);
  return readOptions(command.options, texts);
}

/** Gives arguments to the option that they stand for. */
function fill(command: Command, texts: Map<string, readonly string[]>, name: string, given: readonly string[]): void {
  const option: Option<unknown> | undefined = command.options[name];
  const flagged = texts.get(name);
  if (option?.repeatable) {
    texts.set(name, [...(flagged ?? []), ...given.map(quoteElement)]);
  } else if (flagged === undefined) {
    texts.set(name, given);
  } else if (flagged[flagged.length - 1] !== given[0]) {
    throw new NscError('conflicting-options', `--${option?.long} and the argument name different things`, {
      hint: `give one of them`,
    });
  }
}

/** Follows what values point at: key files, URLs. */
export async function resolveInput(options: OptionSet, input: Input, ports: Ports): Promise<Input> {
  const resolved: Record<string, unknown> = { ...input };
  for (const [name, given] of Object.entries(input)) {
    const option = options[name];
    if (option?.resolve && given !== undefined) {
      const { resolve } = option;
      resolved[name] = await namingAsync(option, async () => resolve(given, ports, input));
    }
  }
  return resolved;
}

/** One element of a comma list, protected so that it stays one. */
export const quoteElement = (element: string): string =>
  /[",\n\r]/.test(element) || element === '' ? `"${element.replaceAll('"', '""')}"` : element;

function refuseConflicts(command: Command, texts: ReadonlyMap<string, unknown>): void {
  for (const group of command.conflicts ?? []) {
    const given = group.filter((name) => texts.has(name)).map((name) => `--${command.options[name]?.long}`);
    if (given.length > 1) {
      throw new NscError('conflicting-options', `${given.join(' and ')} exclude each other`, {
        hint: 'give one of them',
      });
    }
  }
}

function naming<T>(option: Option<unknown>, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw named(option, error);
  }
}

async function namingAsync<T>(option: Option<unknown>, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw named(option, error);
  }
}

/** The same refusal with the option it is about, unless it says so itself. */
function named(option: Option<unknown>, error: unknown): unknown {
  if (!(error instanceof NscError) || error.details.option !== undefined) return error;
  // how to write an option is no help with a network or a disk
  const hint = error.hint ?? (error.family === 'usage' ? `--help says what --${option.long} takes` : undefined);
  return new NscError(error.code, `--${option.long}: ${error.message}`, {
    ...(hint !== undefined && { hint }),
    details: { ...error.details, option: option.long },
    cause: error,
  });
}

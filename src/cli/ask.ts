import type { Command } from '../app/command.js';
import { type Asking, askOne } from './ask-one.js';
import type { Input } from './input.js';

/** What can be asked of a command: its options and which of them exclude each other. */
export type Asked = Pick<Command, 'options' | 'conflicts' | 'positional'>;

/** Options that interactive mode would ask for, by flag. A hidden one counts when an argument can stand for it. */
export function unanswered({ options, conflicts, positional }: Asked, input: Input): string[] {
  return Object.entries(options)
    .filter(([name, option]) => option.ask && input[name] === undefined && !isExcluded(name, conflicts, input))
    .filter(([name, { hidden }]) => !hidden || name === positional?.option || name === positional?.second)
    .map(([, option]) => `--${option.long}`);
}

/**
 * Asks for every option that has a question and was not given, in the order of the option set.
 *
 * @param given what was given, resolved
 * @returns the same with the answers, resolved; an unchanged default or an empty answer leaves the option absent
 * @throws NscError `interrupted` when the person leaves a prompt, and what finding out the choices throws
 */
export async function askForMissing({ options, conflicts }: Asked, given: Input, asking: Asking): Promise<Input> {
  let input = given;
  for (const [name, option] of Object.entries(options)) {
    const { ask } = option;
    if (!ask || input[name] !== undefined || isExcluded(name, conflicts, input)) continue;
    const answer = await askOne(option, ask, { ...asking, input: { ...input, privateKey: asking.signer } });
    if (answer !== undefined) input = { ...input, [name]: answer.value };
  }
  return input;
}

/** Whether an option was given or chosen that leaves no room for this one. */
const isExcluded = (name: string, conflicts: Command['conflicts'], input: Input): boolean =>
  (conflicts ?? []).some(
    (group) =>
      group.includes(name) &&
      group.some((other) => other !== name && input[other] !== undefined && input[other] !== false),
  );

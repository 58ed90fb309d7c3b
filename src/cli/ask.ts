import type { Option, OptionSet, Question } from '../app/option.js';
import type { Workspace } from '../app/workspace.js';
import { NscError } from '../errors.js';
import { type Input, quoteElement } from './input.js';

/** What can be asked of a person. Answers are texts, as if they had been typed as the option's value. */
export interface Prompter {
  /** `check` gives a sentence for an answer that will not do; the question is then asked again. */
  input(question: { message: string; default?: string; check(answer: string): string | undefined }): Promise<string>;
  confirm(question: { message: string; default: boolean }): Promise<boolean>;
  select(question: { message: string; choices: readonly string[]; default?: string }): Promise<string>;
  checkbox(question: { message: string; choices: readonly string[] }): Promise<string[]>;
}

/** Options that interactive mode would ask for, by flag. */
export function unanswered(options: OptionSet, input: Input): string[] {
  return Object.entries(options)
    .filter(([name, option]) => option.ask && input[name] === undefined)
    .map(([, option]) => `--${option.long}`);
}

/**
 * Asks for every option that has a question and was not given, in the order of the option set. An empty answer and a
 * question with fewer than two choices leave the option absent.
 *
 * @throws NscError `interrupted` when the person leaves a prompt
 */
export async function askForMissing(
  options: OptionSet,
  given: Input,
  workspace: Workspace,
  prompter: Prompter,
): Promise<Input> {
  const input: Record<string, unknown> = { ...given };
  for (const [name, option] of Object.entries(options)) {
    const { ask } = option;
    if (!ask || input[name] !== undefined || ask.when?.(workspace, input) === false) continue;
    const texts = await askOne(option, ask, { workspace, input, prompter });
    if (texts !== undefined) input[name] = option.read(texts);
  }
  return input;
}

interface Asking {
  readonly workspace: Workspace;
  readonly input: Input;
  readonly prompter: Prompter;
}

async function askOne(
  option: Option<unknown>,
  question: Question,
  { workspace, input, prompter }: Asking,
): Promise<readonly string[] | undefined> {
  const { message, type } = question;
  const preset = question.default?.(workspace, input);
  const start = preset === undefined ? {} : { default: preset };
  if (type === 'input') {
    const check = (answer: string): string | undefined => (answer === '' ? undefined : complaint(option, answer));
    const answer = await prompter.input({ message, ...start, check });
    return answer === '' ? undefined : [answer];
  }
  if (type === 'confirm') {
    return [String(await prompter.confirm({ message, default: preset === 'true' }))];
  }
  const choices = question.choices?.(workspace, input) ?? [];
  if (choices.length < 2) return undefined;
  if (type === 'select') return [await prompter.select({ message, choices, ...start })];
  const answers = await prompter.checkbox({ message, choices });
  return answers.length === 0 ? undefined : answers.map(quoteElement);
}

/** Why an answer cannot be read, or undefined. */
function complaint(option: Option<unknown>, answer: string): string | undefined {
  try {
    option.read([answer]);
    return undefined;
  } catch (error) {
    if (error instanceof NscError) return error.message;
    throw error;
  }
}

import type { Choice, Option, Question } from '../app/option.js';
import type { Ports } from '../app/ports.js';
import type { Workspace } from '../app/workspace.js';
import type { KeyInput } from '../domain/key-input.js';
import { NscError } from '../errors.js';
import { type Input, quoteElement } from './input.js';
import type { Prompter } from './prompter.js';

/** The world in which questions are asked. */
export interface Asking {
  readonly workspace: Workspace;
  readonly ports: Ports;
  readonly prompter: Prompter;
  /** What `-K` named. */
  readonly signer?: KeyInput | undefined;
}

export interface AskingOne extends Asking {
  /** What was given or answered before. */
  readonly input: Input;
}

type Answer<T> = { readonly value: T } | undefined;

/** Asks one question; undefined when it leaves the option absent. */
export async function askOne<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  if (question.when?.(asking.workspace, asking.input) === false) return undefined;
  switch (question.type) {
    case 'input':
      return askText(option, question, asking);
    case 'list':
      return askList(option, question, asking);
    case 'confirm':
      return askWhether(option, question, asking);
    case 'select':
      return askChoice(option, question, asking);
    case 'checkbox':
      return askChoices(option, question, asking);
  }
}

/** What an answer goes through before it is a value. */
export type Reading<T> = Pick<Option<T>, 'read' | 'resolve'>;

async function askText<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  const preset = question.default?.(asking.workspace, asking.input);
  let answer: Answer<T>;
  const text = await asking.prompter.input({
    message: question.message,
    ...(preset && { default: preset }),
    check: async (given) => {
      answer = undefined;
      if (given === '' && question.required) return 'an answer is needed';
      if (given === '' || (given === preset && !takesDefault(question, asking))) return undefined;
      return complaint(async () => {
        answer = { value: await take(option, question, [given], asking) };
      });
    },
  });
  return text === '' ? undefined : answer;
}

/** One element after another; each is read and resolved by itself, and all of them together in the end. */
async function askList<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  const texts: string[] = [];
  for (;;) {
    const text = await asking.prompter.input({
      message: `${question.message} (empty = ${texts.length === 0 ? 'none' : 'no more'})`,
      check: async (given) =>
        given === '' ? undefined : complaint(() => take(option, question, [...texts, given], asking)),
    });
    if (text === '') break;
    texts.push(text);
  }
  return texts.length === 0 ? undefined : { value: await take(option, question, texts, asking) };
}

async function askWhether<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  const preset = question.default?.(asking.workspace, asking.input) === 'true';
  const answer = await asking.prompter.confirm({ message: question.message, default: preset });
  if (answer === preset && !takesDefault(question, asking)) return undefined;
  return { value: await take(option, question, [String(answer)], asking) };
}

async function askChoice<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  const { message, required = false } = question;
  const choices = choicesOf(question, asking);
  const [only] = choices;
  const isForced = choices.length === 1 && !required;
  if (only === undefined || (isForced && !takesDefault(question, asking))) return undefined;
  const preset = question.default?.(asking.workspace, asking.input);
  const start = choices.some(({ value }) => value === preset) && preset !== undefined ? { default: preset } : {};
  const chosen = isForced ? only.value : await asking.prompter.select({ message, choices, ...start });
  if (chosen === '' || (chosen === preset && !takesDefault(question, asking))) return undefined;
  return { value: await take(option, question, [chosen], asking) };
}

async function askChoices<T>(option: Reading<T>, question: Question<T>, asking: AskingOne): Promise<Answer<T>> {
  const choices = choicesOf(question, asking);
  if (choices.length === 0) return undefined;
  const chosen = await asking.prompter.checkbox({ message: question.message, choices });
  return chosen.length === 0 ? undefined : { value: await take(option, question, chosen.map(quoteElement), asking) };
}

const takesDefault = <T>({ takesDefault: takes }: Question<T>, { workspace, input }: AskingOne): boolean =>
  typeof takes === 'function' ? takes(workspace, input) : takes === true;

const choicesOf = <T>(question: Question<T>, { workspace, input }: AskingOne): Choice[] =>
  (question.choices?.(workspace, input) ?? []).map((choice) =>
    typeof choice === 'string' ? { value: choice, label: choice } : choice,
  );

/** Reads and resolves texts, and lets the question object. Throws what each of them throws. */
async function take<T>(
  { read, resolve }: Reading<T>,
  question: Question<T>,
  texts: readonly string[],
  { workspace, ports, input }: AskingOne,
): Promise<T> {
  const literal = read(texts);
  const value = resolve ? await resolve(literal, ports, input) : literal;
  question.check?.(value, workspace, input);
  return value;
}

/** Why something cannot be done, or undefined when it was. */
async function complaint(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof NscError) return error.message;
    throw error;
  }
}

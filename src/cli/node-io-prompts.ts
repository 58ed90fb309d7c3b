import { checkbox, confirm, input, select } from '@inquirer/prompts';
import { NscError } from '../errors.js';
import type { Prompter } from './ask.js';

/** Questions on the terminal. They are drawn on standard error, so that standard output holds the answer alone. */
export const terminalPrompter: Prompter = {
  input: ({ message, default: preset, check }) =>
    asked(
      input(
        { message, ...(preset !== undefined && { default: preset }), validate: (text) => check(text) ?? true },
        io(),
      ),
    ),
  confirm: ({ message, default: preset }) => asked(confirm({ message, default: preset }, io())),
  select: ({ message, choices, default: preset }) =>
    asked(select({ message, choices: [...choices], ...(preset !== undefined && { default: preset }) }, io())),
  checkbox: ({ message, choices }) => asked(checkbox({ message, choices: [...choices] }, io())),
};

const io = (): { output: NodeJS.WritableStream } => ({ output: process.stderr });

/** Ctrl-C and end of input at a prompt are an interruption, not a mistake of the program. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const left =
      error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
    throw left ? new NscError('interrupted', 'stopped at a question; nothing was changed') : error;
  }
}

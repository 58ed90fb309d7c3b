import { styleText } from 'node:util';
import { checkbox, confirm, input, password, Separator, search, select } from '@inquirer/prompts';
import type { Choice } from '../app/option.js';
import { NscError } from '../errors.js';
import { escapeForTerminal } from '../lib/display.js';
import { hideTypedSeed, maskSeeds } from '../lib/mask-seeds.js';
import type { Prompter } from './prompter.js';

/** Longer lists are searched by typing a part of what one is looking for. */
const LONGEST_MENU = 15;

/** The most choices that are shown of those that fit; drawing a hundred thousand takes seconds. */
const MOST_SHOWN = 100;

/**
 * Questions on the terminal. They are drawn on standard error, so that standard output holds the answer alone. Messages
 * and answers that are offered repeat names and claims: what a terminal would obey is written out.
 */
export const terminalPrompter: Prompter = {
  async input({ message, default: preset, check }) {
    const offered = preset === undefined ? undefined : escapeForTerminal(preset);
    const meant = (text: string): string => (text === offered ? (preset ?? text) : text);
    const answer = await asked((context) =>
      input(
        {
          message: escapeForTerminal(message),
          ...(offered !== undefined && { default: offered }),
          validate: async (text) => {
            const complaint = await check(meant(text));
            return complaint === undefined ? true : maskSeeds(escapeForTerminal(complaint));
          },
          transformer: (text, { isFinal }) => (isFinal ? styleText('cyan', hideTypedSeed(text)) : hideTypedSeed(text)),
        },
        context,
      ),
    );
    return meant(answer);
  },
  password: ({ message, check }) =>
    asked((context) =>
      password({ message: escapeForTerminal(message), validate: async (text) => (await check(text)) ?? true }, context),
    ),
  confirm: ({ message, default: preset }) =>
    asked((context) => confirm({ message: escapeForTerminal(message), default: preset }, context)),
  select: (question) => (question.choices.length > LONGEST_MENU ? find(question) : pick(question)),
  checkbox: async ({ message, choices }) =>
    choices.length > LONGEST_MENU ? findSome({ message, choices }) : pickSome({ message, choices }),
};

type Menu = Parameters<Prompter['select']>[0];

const pick = ({ message, choices, default: preset }: Menu): Promise<string> =>
  asked((context) =>
    select({ message, choices: choices.map(shown), ...(preset !== undefined && { default: preset }) }, context),
  );

const pickSome = ({ message, choices }: Menu): Promise<string[]> =>
  asked((context) => checkbox({ message, choices: choices.map(shown) }, context));

/** A list that grows shorter with every letter. The default stands first until something is typed. */
const find = ({ message, choices, default: preset }: Menu): Promise<string> =>
  asked((context) =>
    search(
      {
        message,
        source: (typed = '') => {
          const wanted = typed.trim().toLowerCase();
          const fitting = choices.filter(({ label }) => label.toLowerCase().includes(wanted));
          const first = wanted === '' ? choices.filter(({ value }) => value === preset) : [];
          const found = [...new Set([...first, ...fitting])];
          const rest = found.length - MOST_SHOWN;
          const more = rest > 0 ? [new Separator(`  … ${rest} more: type to narrow them down`)] : [];
          return [...found.slice(0, MOST_SHOWN).map(shown), ...more];
        },
      },
      context,
    ),
  );

/** One after another, until nothing more is wanted. */
async function findSome({ message, choices }: Menu): Promise<string[]> {
  const chosen: string[] = [];
  for (;;) {
    const left = choices.filter(({ value }) => !chosen.includes(value));
    const done: Choice = { value: '', label: chosen.length === 0 ? '(none)' : `(done: ${chosen.join(', ')})` };
    const next = await find({ message, choices: [done, ...left] });
    if (next === '') return chosen;
    chosen.push(next);
  }
}

const shown = ({ value, label }: Choice): { value: string; name: string } => ({
  value,
  name: escapeForTerminal(label),
});

interface PromptContext {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/**
 * Puts one question. Ctrl-C and the end of input (Ctrl-D) are an interruption, not a mistake of the program. At the
 * end of input the prompt is given up, which it does not tell; that it pauses the input tells it. It pauses the input
 * also when it goes on after Ctrl-Z.
 */
async function asked<T>(put: (context: PromptContext) => Promise<T>): Promise<T> {
  const { stdin, stderr } = process;
  const controller = new AbortController();
  let goesOn = false;
  const onContinue = (): void => {
    goesOn = true;
  };
  const onPause = (): void => {
    if (goesOn) stdin.resume();
    else controller.abort();
    goesOn = false;
  };
  process.on('SIGCONT', onContinue);
  const answer = put({ output: stderr, signal: controller.signal });
  stdin.on('pause', onPause);
  try {
    return await answer;
  } catch (error) {
    const left =
      error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);
    throw left ? new NscError('interrupted', 'stopped at a question; nothing was changed') : error;
  } finally {
    stdin.removeListener('pause', onPause);
    process.removeListener('SIGCONT', onContinue);
  }
}

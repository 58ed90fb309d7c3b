import type { Choice } from '../app/option.js';

/** What can be asked of a person. Answers are texts, as if they had been typed as the option's value. */
export interface Prompter {
  /** Enter accepts the default. What looks like a seed is not shown as it is typed. */
  input(question: { message: string; default?: string; check: Check }): Promise<string>;
  /** Nothing of the answer is shown as it is typed. */
  password(question: { message: string; check: Check }): Promise<string>;
  confirm(question: { message: string; default: boolean }): Promise<boolean>;
  /** The value of one choice; `default` is the value of the one that Enter accepts. */
  select(question: { message: string; choices: readonly Choice[]; default?: string }): Promise<string>;
  /** The values of any number of choices. */
  checkbox(question: { message: string; choices: readonly Choice[] }): Promise<string[]>;
}

/** Gives a sentence for an answer that will not do; the question is then asked again. */
export type Check = (answer: string) => Promise<string | undefined>;

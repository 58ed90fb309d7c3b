import type { Prompter } from '../../src/cli/prompter.js';
import { NscError } from '../../src/errors.js';

/** What is answered to the questions with these messages; several texts where a question comes several times. */
export type Answers = Readonly<Record<string, string | boolean | readonly string[]>>;

/**
 * Answers questions as told, and every other one with Enter. What is asked is written down in one line each:
 *
 * `Name (preset)`, `Delete it? no`, `Account: A / *B` (the star marks what Enter accepts), `Users: [A] [B]`, and
 * `! complaint` after an answer that would not do. Where Enter is none, the person gives up.
 */
export class FakePrompter implements Prompter {
  readonly asked: string[] = [];
  readonly #answers: Map<string, (string | boolean)[]>;

  constructor(answers: Answers = {}) {
    this.#answers = new Map(
      Object.entries(answers).map(([message, given]) => [
        message,
        typeof given === 'object' ? [...given] : [given as string | boolean],
      ]),
    );
  }

  async input({ message, default: preset, check }: Parameters<Prompter['input']>[0]): Promise<string> {
    this.asked.push(preset === undefined ? message : `${message} (${preset})`);
    for (;;) {
      const told = this.#next(message);
      const answer = String(told ?? '') || (preset ?? '');
      const complaint = await check(answer);
      if (complaint === undefined) return answer;
      this.asked.push(`! ${complaint}`);
      if (told === undefined) throw new NscError('interrupted', `Enter is no answer to "${message}"`);
    }
  }

  async password({ message, check }: Parameters<Prompter['password']>[0]): Promise<string> {
    return this.input({ message, check });
  }

  async confirm({ message, default: preset }: Parameters<Prompter['confirm']>[0]): Promise<boolean> {
    this.asked.push(`${message} ${preset ? 'yes' : 'no'}`);
    return (this.#next(message) as boolean | undefined) ?? preset;
  }

  async select({ message, choices, default: preset }: Parameters<Prompter['select']>[0]): Promise<string> {
    const labels = choices.map(({ value, label }) => (value === preset ? `*${label}` : label));
    this.asked.push(`${message}: ${labels.join(' / ')}`);
    const told = this.#next(message);
    const chosen = choices.find(({ value, label }) => (told === undefined ? value === preset : label === told));
    if (told !== undefined && !chosen) throw new Error(`"${told}" is not among ${labels.join(', ')}`);
    return (chosen ?? choices[0])?.value ?? '';
  }

  async checkbox({ message, choices }: Parameters<Prompter['checkbox']>[0]): Promise<string[]> {
    this.asked.push(`${message}: ${choices.map(({ label }) => `[${label}]`).join(' ')}`);
    const told = this.#answers.get(message) ?? [];
    return choices.filter(({ label }) => told.includes(label)).map(({ value }) => value);
  }

  #next(message: string): string | boolean | undefined {
    return this.#answers.get(message)?.shift();
  }
}

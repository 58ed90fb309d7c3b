import { inspect } from 'node:util';

/**
 * A text that must not be printed by accident: seeds and creds.
 *
 * Interpolating, logging, inspecting or serialising it shows a placeholder; only {@link Secret.reveal} gives the text.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Every call is a place to review. */
  reveal(): string {
    return this.#text;
  }

  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { checkName, type NamedKind } from '../name.js';

/** Names that are in use side by side; two of them differ in more than letter case. */
export class NameTable {
  readonly #kind: NamedKind;
  readonly #taken = new Set<string>();
  readonly #warnings: string[];

  /** @param warnings takes a line for every name that could not be had */
  constructor(kind: NamedKind, warnings: string[]) {
    this.#kind = kind;
    this.#warnings = warnings;
  }

  /**
   * The name an entity is stored under: the one it claims, or where that is none or in use, one made from its key.
   * A name from a token is never a path (E-01).
   *
   * @param key public identity key
   */
  take(claimed: string, key: string): string {
    const problem = this.#findProblem(claimed);
    if (problem === undefined) return this.#add(claimed);
    let length = 9;
    while (this.#taken.has(fold(this.#madeUp(key, length)))) length += 1;
    const name = this.#add(this.#madeUp(key, length));
    this.#warnings.push(`${this.#kind} ${key} is stored as ${quote(name)}: ${problem}`);
    return name;
  }

  #findProblem(claimed: string): string | undefined {
    try {
      checkName(this.#kind, claimed);
    } catch (error) {
      if (error instanceof NscError) return error.message;
      throw error;
    }
    return this.#taken.has(fold(claimed)) ? `another one is called ${quote(claimed)}` : undefined;
  }

  #madeUp(key: string, length: number): string {
    return `${this.#kind}_${key.slice(0, length)}`;
  }

  #add(name: string): string {
    this.#taken.add(fold(name));
    return name;
  }
}

const fold = (name: string): string => name.normalize('NFC').toLowerCase();

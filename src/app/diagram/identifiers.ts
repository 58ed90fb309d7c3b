/** What nsc writes for characters that occur in subjects (reference: nsc-distribution.md §2.7). */
const SPELLED: Readonly<Record<string, string>> = { '*': '_A_', '>': '_G_', $: '_D_', '-': '_M_' };

/**
 * Identifiers of a diagram: ASCII letters, digits and underscores, a capital letter first, each for one thing alone. They
 * are made from texts out of tokens, so two different things may want the same one.
 */
export class Identifiers {
  readonly #known = new Map<string, string>();
  readonly #taken = new Set<string>();

  /**
   * The identifier of a thing, always the same.
   *
   * @param thing tells it from all others
   * @param wish what the identifier should look like
   */
  of(thing: string, wish = thing): string {
    const known = this.#known.get(thing);
    if (known !== undefined) return known;
    const spelled = wish.replace(/[^A-Za-z0-9_]/g, (character) => SPELLED[character] ?? '_');
    const base = /^[A-Z]/.test(spelled) ? spelled : `N${spelled}`;
    let made = base;
    for (let number = 2; this.#taken.has(made); number += 1) made = `${base}_${number}`;
    this.#taken.add(made);
    this.#known.set(thing, made);
    return made;
  }
}

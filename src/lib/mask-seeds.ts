/** What a seed looks like in any text (reference: jwt-nkeys.md §1.1). */
const SEED = /S[OAUNCX]A[A-P][A-Z2-7]{54}/g;

/** The text with every seed cut short: a person may put one where a name belongs, and messages repeat names. */
export function maskSeeds(text: string): string {
  return text.replace(SEED, (seed) => `${seed.slice(0, 2)}…(seed)`);
}

/** A seed, or how one begins, alone or in a link (`nsc://O?secret=…`). Names hardly ever look like that. */
const SEED_BEGINNING = /(?<=^\s*|[?&]secret=)S[OAUNCX]A[A-P][A-Z2-7]{4,}(?=\s*$|&)/g;

/** What is shown while a text is typed: stars for what looks like a seed, one for each character. */
export function hideTypedSeed(typed: string): string {
  return typed.replace(SEED_BEGINNING, (seed) => '*'.repeat(seed.length));
}

import { quote } from '../../../lib/display.js';

const MOST_CHARACTERS = 120;

/** A text of a token for a message: in quotes, safe for a terminal, and cut short when it is long. */
export function show(text: string): string {
  return quote(text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
}

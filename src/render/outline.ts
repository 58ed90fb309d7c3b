import type { Outlined } from '../app/result.js';
import { escapeForTerminal } from '../lib/display.js';
import { messageLines } from './lines.js';
import type { Paint } from './paint.js';

/** Titles with their lines below, indented; a blank line between sections. */
export function* renderOutline({ sections, whenEmpty }: Outlined, paint: Paint): Iterable<string> {
  if (sections.length === 0) yield `${escapeForTerminal(whenEmpty)}\n`;
  for (const [at, { title, lines }] of sections.entries()) {
    if (at > 0) yield '\n';
    yield `${paint.bold(escapeForTerminal(title))}\n`;
    for (const line of lines) yield `  ${messageLines(line, 2)}\n`;
  }
}

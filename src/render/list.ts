import type { Listed } from '../app/result.js';
import { escapeForTerminal } from '../lib/display.js';
import { cellText } from './cell.js';
import { Columns } from './columns.js';
import type { Paint } from './paint.js';
import type { Style } from './style.js';

/** Rows that are looked at before the first is written; longer values further down widen their column from there on. */
const LOOK_AHEAD = 2000;

/** Characters that are handed on together. */
const CHUNK = 32 * 1024;

interface Line {
  readonly cells: readonly string[];
  readonly current: boolean;
}

/**
 * A list as aligned columns without borders, made as it is read, so its length does not matter.
 *
 * On a terminal there is a title, and what does not fit loses the middle of its values. Elsewhere values are whole.
 * The selected row is marked with `*`.
 */
export function* renderList(list: Listed, style: Style, paint: Paint): Iterable<string> {
  const lines = readLines(list);
  const sample: Line[] = [];
  while (sample.length < LOOK_AHEAD) {
    const next = lines.next();
    if (next.done) break;
    sample.push(next.value);
  }
  if (sample.length === 0) {
    yield `${escapeForTerminal(list.whenEmpty)}\n`;
    return;
  }

  const columns = new Columns(list, style);
  const head = list.columns.map(({ title }) => cellText(title));
  columns.admit(head);
  for (const { cells } of sample) columns.admit(cells);
  if (style.width !== undefined) yield `${paint.bold(escapeForTerminal(list.title))}\n`;
  yield `${paint.bold(columns.draw(head, false))}\n`;

  let chunk = '';
  for (const source of [sample, lines]) {
    for (const { cells, current } of source) {
      columns.admit(cells);
      const text = columns.draw(cells, current);
      chunk += current ? `${paint.bold(text)}\n` : `${text}\n`;
      if (chunk.length >= CHUNK) {
        yield chunk;
        chunk = '';
      }
    }
  }
  yield chunk;
}

function* readLines({ rows, columns, isCurrent }: Listed): Generator<Line> {
  for (const row of rows) {
    yield {
      cells: columns.map(({ key, show }) => cellText(show ? show(row) : row[key])),
      current: isCurrent?.(row) ?? false,
    };
  }
}

import type { Column, Listed } from '../app/result.js';
import type { Style } from './style.js';
import { displayWidth, pad, shorten } from './width.js';

const GAP = '  ';

/** Columns are not made narrower than this. */
const NARROWEST = 8;

/** The columns of a list: how wide they are, and lines drawn with them. */
export class Columns {
  readonly #columns: readonly Column[];
  readonly #marked: boolean;
  readonly #room: number | undefined;
  readonly #ellipsis: string;
  readonly #wanted: number[];
  #widths: readonly number[] | undefined;

  constructor({ columns, isCurrent }: Listed, { width, unicode }: Style) {
    this.#columns = columns;
    this.#marked = isCurrent !== undefined;
    this.#room = width === undefined ? undefined : width - (this.#marked ? 2 : 0);
    this.#ellipsis = unicode === false ? '...' : '…';
    this.#wanted = columns.map(() => 0);
  }

  /** Makes room for the cells of a line. */
  admit(cells: readonly string[]): void {
    for (let at = 0; at < cells.length; at += 1) {
      const width = displayWidth(cells[at] ?? '');
      if (width <= (this.#wanted[at] ?? 0)) continue;
      this.#wanted[at] = width;
      this.#widths = undefined;
    }
  }

  /** A line without trailing blanks. Cells must have been admitted. */
  draw(cells: readonly string[], current: boolean): string {
    this.#widths ??= this.#room === undefined ? [...this.#wanted] : fitWidths(this.#wanted, this.#room);
    let line = this.#marked ? (current ? '* ' : '  ') : '';
    for (let at = 0; at < cells.length; at += 1) {
      if (at > 0) line += GAP;
      line += this.#fill(cells[at] ?? '', this.#widths[at] ?? 0, this.#columns[at]?.align);
    }
    return line.trimEnd();
  }

  #fill(text: string, width: number, align: Column['align']): string {
    const missing = width - displayWidth(text);
    if (missing < 0) return pad(shorten(text, width, this.#ellipsis), width, align);
    return align === 'right' ? ' '.repeat(missing) + text : text + ' '.repeat(missing);
  }
}

/** Widths that fit into the room: the widest column gives first. */
function fitWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - room;
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

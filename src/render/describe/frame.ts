import Table3 from 'cli-table3';
import { cellText } from '../cell.js';
import type { Paint } from '../paint.js';
import { displayWidth, wrap } from '../width.js';
import type { Row, Table } from './rows.js';

const ASCII_FRAME = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  'left-mid': '+',
  mid: '-',
  'mid-mid': '+',
  right: '|',
  'right-mid': '+',
  middle: '|',
};

/** Lets a row follow the one above without a rule. */
const NO_RULE = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Values of a table with labels are not broken into less than this. */
const NARROWEST = 24;

/**
 * A table framed in ASCII with its title centred above (reference: nsc-core.md §1.8). All text is escaped here.
 *
 * The library's own colours are off: it would colour pipes (E-55).
 *
 * @param width columns of the terminal; in a table of labels and values, longer values go on in the next line
 */
export function drawTable(table: Table, width: number | undefined, paint: Paint): string {
  const title = cellText(table.title);
  const groups = [...(table.head ? [[table.head]] : []), ...table.groups]
    .filter((group) => group.length > 0)
    .map((group) => group.map((row) => row.map(cellText)));
  const fitted = width === undefined || table.head ? groups : foldValues(groups, width);
  const columns = fitted[0]?.[0]?.length ?? 1;

  const drawing = new Table3({
    chars: ASCII_FRAME,
    style: { head: [], border: [] },
    colWidths: columnWidths(fitted, columns, displayWidth(title)),
  });
  drawing.push([{ content: paint.bold(title), colSpan: columns, hAlign: 'center' }]);
  for (const group of fitted) {
    drawing.push(
      ...group.map((row, at) => (at === 0 ? [...row] : row.map((content) => ({ content, chars: NO_RULE })))),
    );
  }
  return `${drawing.toString()}\n`;
}

/** Widths with one blank on both sides; a title that is wider than the columns widens the last one. */
function columnWidths(groups: readonly (readonly Row[])[], columns: number, title: number): number[] {
  const widths = Array.from({ length: columns }, () => 2);
  for (const row of groups.flat()) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell) + 2);
    });
  }
  const missing = title + 2 - (widths.reduce((sum, width) => sum + width, 0) + columns - 1);
  if (missing > 0) widths[columns - 1] = (widths[columns - 1] ?? 0) + missing;
  return widths;
}

function foldValues(groups: readonly (readonly Row[])[], width: number): Row[][] {
  const labels = Math.max(...groups.flat().map(([label = '']) => displayWidth(label)));
  const room = Math.max(width - labels - '|  |  |'.length, NARROWEST);
  return groups.map((group) =>
    group.flatMap(([label = '', value = '']) => wrap(value, room).map((line, at) => [at === 0 ? label : '', line])),
  );
}

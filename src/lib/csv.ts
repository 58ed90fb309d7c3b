import { NscError } from '../errors.js';

/** A quoted element (two quotes stand for one), or a bare one without quotes; then a comma or the end. */
const ELEMENT = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;

/**
 * One RFC 4180 record: commas separate, double quotes protect. Elements keep their blanks; an empty record has none
 * (reference: nsc-core.md §1.1).
 *
 * @throws NscError `bad-value` for a stray or unfinished quote
 */
export function splitCsv(record: string): string[] {
  const elements: string[] = [];
  let at = 0;
  while (record !== '') {
    ELEMENT.lastIndex = at;
    const match = ELEMENT.exec(record);
    if (match === null) throw new NscError('bad-value', `"${record}" has a stray or unfinished quote`);
    const [whole, quoted, bare, end] = match;
    elements.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (end === '') break;
  }
  return elements;
}

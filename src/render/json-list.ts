import type { Listed } from '../app/result.js';
import { encodeString } from '../lib/canonical-json.js';
import { escapeInvisible, jsonDocument, jsonLine, jsonText } from './json-text.js';

/** Characters that are handed on together. */
const CHUNK = 32 * 1024;

/** A list as a JSON array, an object a line and made as it is read; or the report or JSON it brings itself. */
export function listJson(list: Listed): Iterable<string> {
  if (list.report !== undefined) return reportJson(list.report, list.rows);
  if (list.json === undefined) return arrayJson(rowTexts(list));
  const value = list.json();
  return isIterable(value) ? arrayJson(lineTexts(value)) : [jsonDocument(value)];
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && !(value instanceof Map);

function* lineTexts(items: Iterable<unknown>): Iterable<string> {
  for (const item of items) yield jsonLine(item);
}

/** The members that have a column, and why a row could not be read. Written directly: lists can be very long. */
function* rowTexts({ columns, rows }: Listed): Iterable<string> {
  const members = [...columns.map(({ key }) => key), 'error'].map((key) => ({ key, start: `${encodeString(key)}:` }));
  for (const row of rows) {
    let text = '';
    for (const { key, start } of members) {
      const value = row[key];
      if (value === undefined) continue;
      text +=
        (text === '' ? '' : ',') + start + (typeof value === 'string' ? encodeString(value, false) : jsonLine(value));
    }
    yield `{${text}}`;
  }
}

const arrayJson = (texts: Iterable<string>): Iterable<string> => enclose(texts, '[', '\n ', ']\n');

/** An object whose last member holds the rows, made as they are read. */
function reportJson({ members, rows: name }: NonNullable<Listed['report']>, rows: Listed['rows']): Iterable<string> {
  const head = Object.entries(members).map(([member, value]) => `  ${encodeString(member)}: ${jsonLine(value)},\n`);
  return enclose(indentedTexts(rows), `{\n${head.join('')}  ${encodeString(name)}: [`, '\n    ', ']\n}\n', '\n  ');
}

function* indentedTexts(rows: Listed['rows']): Iterable<string> {
  for (const row of rows) yield jsonText(row, { indent: 2, escapeHtml: false }).replaceAll('\n', '\n    ');
}

/** Texts between brackets, each on a line of its own; without any the brackets meet. */
function* enclose(
  texts: Iterable<string>,
  open: string,
  lineStart: string,
  close: string,
  lastStart = '\n',
): Iterable<string> {
  let chunk = open;
  let separator = lineStart;
  for (const text of texts) {
    chunk += separator + text;
    separator = `,${lineStart}`;
    if (chunk.length >= CHUNK) {
      yield escapeInvisible(chunk);
      chunk = '';
    }
  }
  yield escapeInvisible(`${chunk}${separator === lineStart ? '' : lastStart}${close}`);
}

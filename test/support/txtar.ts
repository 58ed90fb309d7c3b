/** A script followed by files, in one readable text. */
export interface Txtar {
  readonly script: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
}

/** Reads the txtar format: text up to the first `-- name --` line is the script, each such line begins a file. */
export function parseTxtar(text: string): Txtar {
  const [script = '', ...rest] = text.split(/^-- (.+?) --\r?\n/m);
  const files = [];
  for (let at = 0; at + 1 < rest.length; at += 2) files.push({ name: rest[at] ?? '', content: rest[at + 1] ?? '' });
  return { script, files };
}

/** Words of a script line: blanks separate, single quotes protect, two of them inside quotes stand for one. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const pattern = /\s*((?:'(?:[^']|'')*'|[^\s'])+)/gy;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    words.push((match[1] ?? '').replace(/'((?:[^']|'')*)'/g, (_whole, inner: string) => inner.replaceAll("''", "'")));
  }
  return words;
}

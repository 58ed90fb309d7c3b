/**
 * The texts between banners, in order. A block is three lines: a banner, one line of the characters of tokens, and a
 * banner that begins its line. A banner has three dashes, anything, and three dashes at the end of the line; what it
 * says does not matter. Lines end with LF or CRLF; the last one may end with the content (jwt-nkeys.md §1.6).
 */
export function findBlocks(content: string): string[] {
  const lines = content.split('\n');
  const last = lines.length - 1;
  const blocks: string[] = [];
  for (let at = 0; at + 2 <= last; at += 1) {
    const text = withoutReturn(lines[at + 1] as string);
    const footer = lines[at + 2] as string;
    if (!/^[\w.=-]+$/.test(text) || !isBanner(withoutReturn(lines[at] as string))) continue;
    if (!footer.startsWith('---') || !isBanner(at + 2 === last ? footer : withoutReturn(footer))) continue;
    blocks.push(text);
    at += 2;
  }
  return blocks;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function isBanner(line: string): boolean {
  return line.endsWith('---') && line.slice(0, -3).includes('---');
}

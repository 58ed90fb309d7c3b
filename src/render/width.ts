const ASCII = /^[\x20-\x7e]*$/;
const isZero = (character: string): boolean => /[\p{Mn}\p{Me}\p{Cf}]/u.test(character);
const isWide = (character: string): boolean =>
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u.test(
    character,
  );

/** Columns a text takes on a terminal: two for East Asian wide characters and emoji, none for combining marks. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

const widthOf = (character: string): number => (isZero(character) ? 0 : isWide(character) ? 2 : 1);

/** The text filled up with blanks to a width; longer text stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const missing = width - displayWidth(text);
  if (missing <= 0) return text;
  return align === 'right' ? ' '.repeat(missing) + text : text + ' '.repeat(missing);
}

/** The text with its middle taken out until it fits: keys and paths are told apart by both ends. */
export function shorten(text: string, width: number, mark = '…'): string {
  if (displayWidth(text) <= width) return text;
  const room = width - mark.length;
  if (room <= 0) return mark.slice(0, Math.max(width, 0));
  const characters = [...text];
  const head = takeWithin(characters, Math.ceil(room / 2));
  const tail = takeWithin(characters.reverse(), room - displayWidth(head));
  return head + mark + [...tail].reverse().join('');
}

function takeWithin(characters: readonly string[], room: number): string {
  let taken = '';
  let left = room;
  for (const character of characters) {
    left -= widthOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

/** Lines of at most this width, broken at blanks where there are some. Words that are too long are cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (displayWidth(line) > width) {
      const start = takeWithin([...line], width) || String.fromCodePoint(line.codePointAt(0) ?? 0);
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return [...lines, line];
}

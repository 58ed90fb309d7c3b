import { badKey } from './refusals.js';

/** Blocks of base64 between lines that name what they are (RFC 7468). */

/** A block; `label` is what its first line names. */
export interface PemBlock {
  readonly label: string;
  /** Decodes what is between the lines. Throws `bad-key`. */
  bytes(): Uint8Array;
}

const BEGIN = /-----BEGIN ([A-Z0-9 .#-]{1,64}?)-----/g;

/** Whether there is anything that looks like a block. */
export const looksLikePem = (text: string): boolean => text.includes('-----BEGIN ');

/**
 * The blocks of a text, in order. What stands before and between them is for people; behind them nothing may follow.
 *
 * @throws NscError `bad-key` for a block without end, and for text after the last one
 */
export function findPemBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let rest = text;
  for (let match = firstBegin(rest); match; match = firstBegin(rest)) {
    const [line, label = ''] = match;
    const body = rest.slice(match.index + line.length);
    const end = `-----END ${label}-----`;
    const at = body.indexOf(end);
    if (at < 0) throw badKey('it is cut off: the PEM has no last line');
    const encoded = body.slice(0, at);
    blocks.push({ label, bytes: () => decode(encoded) });
    rest = body.slice(at + end.length);
  }
  if (blocks.length === 0) throw badKey('it is damaged: the first line of the PEM makes no sense');
  if (rest.trim() !== '') throw badKey('something follows after the end of the key');
  return blocks;
}

/** A block, in lines of 64 characters. */
export function formatPem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

const firstBegin = (text: string): RegExpExecArray | null => {
  BEGIN.lastIndex = 0;
  return BEGIN.exec(text);
};

function decode(encoded: string): Uint8Array {
  const text = encoded.replace(/\s+/g, '');
  const bytes = Buffer.from(text, 'base64');
  // writing it again shows what decoding has skipped
  if (text === '' || bytes.toString('base64') !== text) throw badKey('it is damaged: the PEM holds no base64');
  return bytes;
}

import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { decodePublicKey, decodeSeed, looksLikeSeed } from './nkey/codec.js';
import { type KeyPair, keyPairFromSeed } from './nkey/key-pair.js';

/** A key as a person names it: seed, public key, file that holds either, or another text (a role, a mistake). */
export interface KeyInput {
  /** As given; a seed is replaced by its public key so that it cannot end up in a message. */
  readonly text: string;
  /** When a seed was given or found in the file. */
  readonly pair?: KeyPair;
  /** Given or found; also set beside `pair`. */
  readonly publicKey?: string;
  /** The file it was read from. */
  readonly fromFile?: string;
}

/** Whether the text itself is a key, rather than a file that holds one. Nothing else can be meant by it then. */
export const isLiteralKey = ({ publicKey, fromFile }: KeyInput): boolean =>
  publicKey !== undefined && fromFile === undefined;

/**
 * Reads what a person gave for a key. The content of a file is exactly one seed or public key, perhaps with a line
 * end after it (nsc-core.md §3.2, §7.3). A file that holds anything else counts as no key; one that is named by a public
 * key has to hold that key (E-09).
 *
 * @param readFile gives the content of a file, or undefined when there is none
 * @throws NscError `bad-key` for a seed with a typing error, without repeating it; `key-mismatch`
 */
export function parseKeyInput(text: string, readFile: (path: string) => string | undefined): KeyInput {
  const literal = readKey(text.trim());
  if (literal) return { text: literal.publicKey, ...literal };
  const content = readFile(text);
  if (content !== undefined) return readFileContent(text, content);
  if (!looksLikeSeed(text)) return { text };
  throw new NscError('bad-key', 'a seed was given that is not valid', {
    hint: 'check it for missing or mistyped letters',
  });
}

function readFileContent(path: string, content: string): KeyInput {
  const found = readKey(content.replace(/[\r\n]+$/, ''));
  const named = path.replace(/^.*[/\\]/, '').replace(/\.nk$/, '');
  if (found && decodePublicKey(named) && found.publicKey !== named) {
    throw new NscError(
      'key-mismatch',
      `file ${quote(path)} holds the key ${found.publicKey}, not the one it is named by`,
      {
        hint: 'find out which of the two is right, and rename the file',
        details: { file: path, expected: named, found: found.publicKey },
      },
    );
  }
  return { text: path, fromFile: path, ...found };
}

function readKey(text: string): { publicKey: string; pair?: KeyPair } | undefined {
  if (decodeSeed(text)) {
    const pair = keyPairFromSeed(text);
    return { pair, publicKey: pair.publicKey };
  }
  return decodePublicKey(text) ? { publicKey: text } : undefined;
}

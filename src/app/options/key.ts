import { type KeyInput, parseKeyInput } from '../../domain/key-input.js';
import type { Option } from '../option.js';
import type { Files } from '../ports.js';

type KeySpec = Omit<Option<KeyInput>, 'long' | 'read' | 'resolve'>;

/** An option that names one key: public key, seed or key file. */
export function keyOption(long: string, spec: KeySpec): Option<KeyInput> {
  return {
    long,
    placeholder: 'KEY',
    complete: 'key',
    ...spec,
    read: (texts) => readLiteral(texts[texts.length - 1] ?? ''),
    resolve: (key, { files }) => readFromFile(key, files),
  };
}

/** `generate` asks for a new key. */
export type NewOrGivenKey = 'generate' | KeyInput;

/** A comma list of keys in which the word `generate` stands for a new one. */
export function keyListOption(
  long: string,
  spec: Omit<Option<NewOrGivenKey[]>, 'long' | 'read' | 'resolve'>,
): Option<NewOrGivenKey[]> {
  return {
    long,
    placeholder: 'KEY,…',
    repeatable: true,
    complete: 'key',
    ...spec,
    read: (texts) =>
      texts
        .flatMap((given) => given.split(','))
        .map((element) => (element.toLowerCase() === 'generate' ? 'generate' : readLiteral(element))),
    resolve: (keys, { files }) => keys.map((key) => (key === 'generate' ? key : readFromFile(key, files))),
  };
}

const readLiteral = (given: string): KeyInput => parseKeyInput(given, () => undefined);

const readFromFile = (key: KeyInput, files: Files): KeyInput =>
  key.publicKey === undefined ? parseKeyInput(key.text, (path) => files.read(path)) : key;

import { type KeyInput, parseKeyInput } from '../../domain/key-input.js';
import { NscError } from '../../errors.js';
import { splitCsv } from '../../lib/csv.js';
import type { Option, Question } from '../option.js';
import type { Files } from '../ports.js';
import { requireKey } from '../take-key.js';

type Spec<T> = Omit<Option<T>, 'long' | 'read' | 'resolve'>;

/** An option that names one key: public key, seed or key file. */
export function keyOption(long: string, spec: Spec<KeyInput>): Option<KeyInput> {
  return {
    long,
    placeholder: 'KEY',
    complete: 'key',
    ...spec,
    read: (texts) => readLiteral(texts[texts.length - 1] ?? ''),
    resolve: (key, { files }) => readFromFile(key, files),
  };
}

/** What interactive mode asks for the identity key of something new. */
export const askForIdentity = (role: 'operator' | 'account' | 'user'): Question<KeyInput> => ({
  message: `Key of the ${role}: public key, seed or key file (empty = generate one)`,
  type: 'input',
  check: (key) => void requireKey(role, key),
});

/** A comma list of keys. */
export function keyListOption(long: string, spec: Spec<KeyInput[]>): Option<KeyInput[]> {
  return {
    ...listOfKeys,
    long,
    ...spec,
    read: (texts) => splitKeys(texts).map(readLiteral),
    resolve: (keys, { files }) => keys.map((key) => readFromFile(key, files)),
  };
}

/** `generate` asks for a new key. */
export type NewOrGivenKey = 'generate' | KeyInput;

/** One key; the word `generate`, in any letter case, stands for a new one. */
export function newKeyOption(long: string, spec: Spec<NewOrGivenKey>): Option<NewOrGivenKey> {
  return {
    long,
    placeholder: 'KEY',
    complete: 'key',
    ...spec,
    read: (texts) => readNewOrGiven(texts[texts.length - 1] ?? ''),
    resolve: (key, { files }) => (key === 'generate' ? key : readFromFile(key, files)),
  };
}

/** A comma list of keys in which the word `generate`, in any letter case, stands for a new one. */
export function newKeyListOption(long: string, spec: Spec<NewOrGivenKey[]>): Option<NewOrGivenKey[]> {
  return {
    ...listOfKeys,
    long,
    ...spec,
    read: (texts) => splitKeys(texts).map(readNewOrGiven),
    resolve: (keys, { files }) => keys.map((key) => (key === 'generate' ? key : readFromFile(key, files))),
  };
}

/** An empty text is an unset variable of a script: a key that was meant and is not named. */
function splitKeys(texts: readonly string[]): string[] {
  const keys = texts.flatMap((given) => (given === '' ? [''] : splitCsv(given)));
  if (!keys.includes('')) return keys;
  throw new NscError('bad-value', 'a key is empty', { hint: 'name every key, or leave the option out' });
}

const listOfKeys = { placeholder: 'KEY,…', repeatable: true, complete: 'key' } as const;

const readNewOrGiven = (given: string): NewOrGivenKey =>
  given.toLowerCase() === 'generate' ? 'generate' : readLiteral(given);

const readLiteral = (given: string): KeyInput => parseKeyInput(given, () => undefined);

const readFromFile = (key: KeyInput, files: Files): KeyInput =>
  key.publicKey === undefined ? parseKeyInput(key.text, (path) => files.read(path)) : key;

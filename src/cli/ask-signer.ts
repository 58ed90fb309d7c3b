import type { Choice, Question } from '../app/option.js';
import { type KeyInput, parseKeyInput } from '../domain/key-input.js';
import type { Tree } from '../domain/tree/tree.js';
import type { Candidate } from '../domain/trust/candidates.js';
import { NscError } from '../errors.js';
import { type Asking, askOne, type Reading } from './ask-one.js';
import type { Input } from './input.js';

/**
 * Asks which key signs (nsc-core.md §7.8). Keys whose seed is in the keystore are offered; where others may sign, too,
 * so is giving a seed. The only key there can be is taken unasked. A key that signs only when it is named is offered,
 * and nothing is chosen for it.
 *
 * @param candidates in the order in which they are tried without `-i`
 * @returns the key as if `-K` had named it; undefined leaves the choice to the command, as without `-i`
 * @throws NscError `interrupted`
 */
export async function askForSigner(
  candidates: readonly Candidate[],
  tree: Tree,
  asking: Asking,
): Promise<KeyInput | undefined> {
  const known = uniqueKeys(candidates);
  const stored = known.filter(({ publicKey }) => tree.hasSeed(publicKey));
  const first = stored.find(({ onlyWhenNamed }) => !onlyWhenNamed);
  const isWhole = stored.length === known.length;
  if (isWhole && stored.length < 2) return first && byPublicKey(first);
  if (stored.length === 0) return askForSeed(known, asking);

  const chosen = await asking.prompter.select({
    message: 'Sign with',
    choices: [...stored.map(toChoice), ...(isWhole ? [] : [OTHER])],
    default: first?.publicKey ?? OTHER.value,
  });
  const candidate = stored.find(({ publicKey }) => publicKey === chosen);
  return candidate ? byPublicKey(candidate) : askForSeed(known, asking);
}

/** Asks what `-K` would say where that is not the signer; an empty answer leaves it absent. */
export async function askForKey(
  question: Question<KeyInput>,
  input: Input,
  asking: Asking,
): Promise<KeyInput | undefined> {
  return (await askOne(readingKeys(), question, { ...asking, input }))?.value;
}

const OTHER: Choice = { value: 'other', label: 'Other…' };

const toChoice = ({ publicKey, what }: Candidate): Choice => ({ value: publicKey, label: `${what} [${publicKey}]` });

const byPublicKey = ({ publicKey }: Candidate): KeyInput => ({ text: publicKey, publicKey });

const uniqueKeys = (candidates: readonly Candidate[]): Candidate[] => [
  ...new Map(candidates.map((candidate) => [candidate.publicKey, candidate])).values(),
];

async function askForSeed(known: readonly Candidate[], asking: Asking): Promise<KeyInput | undefined> {
  const question: Question<KeyInput> = {
    message: 'Seed or key file to sign with',
    type: 'input',
    required: true,
    check: (given) => refuseStranger(given, known),
  };
  return (await askOne(readingKeys(), question, { ...asking, input: {} }))?.value;
}

function refuseStranger({ pair }: KeyInput, known: readonly Candidate[]): void {
  if (!pair) throw new NscError('bad-key', 'that is neither a seed nor a file with one');
  if (known.some(({ publicKey }) => publicKey === pair.publicKey)) return;
  throw new NscError(
    'signer-not-allowed',
    `${pair.publicKey} may not sign; these may: ${known.map(({ publicKey, what }) => `${publicKey} (${what})`).join(', ')}`,
  );
}

/** As the command line reads `-K`. */
const readingKeys = (): Reading<KeyInput> => ({
  read: (texts) => parseKeyInput(texts[0] ?? '', () => undefined),
  resolve: (key, { files }) =>
    key.publicKey === undefined ? parseKeyInput(key.text, (path) => files.read(path)) : key,
});

import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { Secret } from '../lib/secret.js';
import { canAsk } from './can-ask.js';
import { nodeFiles } from './node-io-files.js';
import { readDescriptor, runForOutput } from './node-io-secrets.js';
import { styleOf } from './style.js';
import type { Unsealing } from './unseal.js';

/** The passphrase that opens a keystore, or the one that is to open it from now on. */
export type Which = 'old' | 'new';

type Source = 'PASSPHRASE' | 'PASSPHRASE_FD' | 'PASSPHRASE_FILE' | 'COMMAND';
const SOURCES: readonly Source[] = ['PASSPHRASE', 'PASSPHRASE_FD', 'PASSPHRASE_FILE', 'COMMAND'];

const PREFIX: Readonly<Record<Which, string>> = { old: 'NSC_KEYSTORE_', new: 'NSC_KEYSTORE_NEW_' };

/** The variables that give it, in the order in which they count. */
export const variablesOf = (which: Which): string[] => SOURCES.map((source) => `${PREFIX[which]}${source}`);

type Asker = Pick<Unsealing, 'world' | 'globals'>;

/** Whether the environment gives a passphrase; none is read. */
export const isGiven = ({ world }: Asker, which: Which): boolean => variablesOf(which).some((name) => world.env[name]);

/**
 * The passphrase that the environment gives; undefined when it gives none. Of files, descriptors and commands the first
 * line counts.
 *
 * @throws NscError `bad-value`, `file-not-found`, `interrupted`, `store-io`
 */
export function findPassphrase({ world }: Asker, which: Which): Secret | undefined {
  const source = SOURCES.find((candidate) => world.env[PREFIX[which] + candidate]);
  if (source === undefined) return undefined;
  const name = PREFIX[which] + source;
  const passphrase = read(source, name, world.env[name] ?? '', world);
  if (passphrase === '') throw new NscError('bad-value', `${name} gives an empty passphrase`);
  return new Secret(passphrase);
}

function read(source: Source, name: string, value: string, world: Asker['world']): string {
  switch (source) {
    case 'PASSPHRASE':
      return value;
    case 'PASSPHRASE_FD': {
      if (/^\d{1,9}$/.test(value)) return firstLine(readDescriptor(Number(value), name));
      throw new NscError('bad-value', `${name} is not the number of a file descriptor: ${quote(value)}`);
    }
    case 'PASSPHRASE_FILE': {
      const text = nodeFiles(world).read(value);
      if (text !== undefined) return firstLine(text);
      throw new NscError('file-not-found', `${name} names ${quote(value)}, and there is no such file`);
    }
    case 'COMMAND':
      return firstLine(runForOutput(value, name));
  }
}

const firstLine = (text: string): string => /^[^\r\n]*/.exec(text)?.[0] ?? '';

/**
 * Asks for a passphrase on the terminal, without showing it.
 *
 * @param check a complaint about it, or undefined; it is asked again then
 * @returns undefined where nobody can be asked
 * @throws NscError `interrupted`
 */
export async function askForPassphrase(
  { world, globals }: Asker,
  message: string,
  check: (passphrase: Secret) => Promise<string | undefined>,
): Promise<Secret | undefined> {
  if (!canAsk(world, globals)) return undefined;
  const prompter = await world.loadPrompter(styleOf(world, 'stderr', globals.color));
  const typed = await prompter.password({
    message,
    check: async (text) => (text === '' ? 'an answer is needed' : check(new Secret(text))),
  });
  return new Secret(typed);
}

/**
 * A passphrase for a keystore from now on; on the terminal it is asked for twice.
 *
 * @param which whose variables give it: for a keystore that has none yet, the one that will open it is the old one
 * @throws NscError `missing-option` where nothing gives it; what {@link findPassphrase} throws
 */
export async function getNewPassphrase(asker: Asker, which: Which): Promise<Secret> {
  const given = findPassphrase(asker, which);
  if (given) return given;
  const typed = await askForPassphrase(asker, 'New passphrase of the keystore', async () => undefined);
  if (typed === undefined) {
    throw new NscError('missing-option', 'a passphrase is needed, and nobody can be asked for it', {
      hint: `set one of ${variablesOf(which).join(', ')}`,
    });
  }
  await askForPassphrase(asker, 'The same again', async (again) =>
    again.equals(typed) ? undefined : 'it is not the same as the first one',
  );
  return typed;
}

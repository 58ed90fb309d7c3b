import { NscError } from '../../errors.js';
import { Secret } from '../../lib/secret.js';
import type { TaskContext } from '../command.js';
import type { Option } from '../option.js';

/** The variable that holds the passphrase of a key file, for scripts. */
const VARIABLE = 'NSC_KEY_PASSPHRASE';

const MAX_BYTES = 4096;

/** A passphrase that stands in a file, and never on the command line, where everybody sees it. */
export interface PassphraseFile {
  readonly path: string;
  /** Once it was read. */
  readonly passphrase?: Secret;
}

/** The option that names a file with a passphrase: one line, without its end. */
export const passphraseFileOption = (help: string): Option<PassphraseFile> => ({
  long: 'passphrase-file',
  placeholder: 'FILE',
  help,
  defaultText: `the variable ${VARIABLE}, or a question`,
  complete: 'file',
  read: (texts) => ({ path: texts[texts.length - 1] ?? '' }),
  resolve: ({ path }, { files }) => {
    const bytes = files.readBytes(path, MAX_BYTES);
    if (bytes === undefined) throw new NscError('file-not-found', 'there is no such file', { details: { path } });
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    if (text === '') throw new NscError('bad-value', 'the file is empty');
    if (bytes.length > MAX_BYTES || /[\r\n]/.test(text)) {
      throw new NscError('bad-value', 'the file holds more than one line with a passphrase');
    }
    return { path, passphrase: new Secret(text) };
  },
});

/**
 * The passphrase of a key file: from the file that was named, else from the environment, else from a person.
 *
 * @param question what a person is asked
 * @param options.isNew whether it is going to encrypt something, so that a person is asked twice
 * @throws NscError `missing-option` where nobody can be asked
 */
export async function getPassphrase(
  { ports, talk }: Pick<TaskContext, 'ports' | 'talk'>,
  given: PassphraseFile | undefined,
  question: string,
  options: { readonly isNew: boolean } = { isNew: false },
): Promise<Secret> {
  const set = ports.env[VARIABLE];
  const passphrase = given?.passphrase ?? (set ? new Secret(set) : await talk.askPassphrase(question, options));
  if (passphrase) return passphrase;
  throw new NscError('missing-option', 'a passphrase is needed, and nobody can be asked for it', {
    hint: `put it into a file and name that with --passphrase-file, or into the variable ${VARIABLE}`,
  });
}

import { mutation, type PlanContext, type TaskContext } from '../../app/command.js';
import { getPassphrase, passphraseFileOption } from '../../app/key-file/passphrase.js';
import { getKeyInfo } from '../../app/lifecycle/find-key.js';
import { flag, type InputOf, value } from '../../app/option.js';
import { keyOption } from '../../app/options/key.js';
import { outputFile, outputFileOption } from '../../app/options/output-file.js';
import { changed, ok } from '../../app/result.js';
import {
  type Encryption,
  type KeyFormat,
  writePrivateKey,
  writePublicKey,
} from '../../domain/key-formats/write-key.js';
import { decodeSeed, roleOf } from '../../domain/nkey/codec.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import { NscError } from '../../errors.js';
import type { Secret } from '../../lib/secret.js';

const FORMATS: readonly KeyFormat[] = ['pem', 'jwk', 'openssh'];

const options = {
  key: keyOption('key', {
    help: 'the key: public key, alias, seed or key file',
    ask: { message: 'Key', type: 'input', required: true },
  }),
  format: value(
    'format',
    { placeholder: 'FORMAT', help: `${FORMATS.join(', ')}`, defaultText: 'pem', complete: FORMATS },
    readFormat,
  ),
  private: flag('private', { help: 'the private half, too; it is written to a file only' }),
  outputFile: { ...outputFileOption, help: 'write to this file (mode 0600)' },
  force: flag('force', { short: 'F', help: 'replace a file that is there' }),
  encrypt: flag('encrypt', { help: 'encrypt a private PEM with a passphrase' }),
  passphraseFile: passphraseFileOption('encrypt with the passphrase in this file'),
};

type Input = InputOf<typeof options>;

export const command = mutation({
  summary: 'Write a key as other programs read it',
  description:
    'Writes the public half of an nkey: as PEM (SubjectPublicKeyInfo), as JWK whose id is the nkey, or as a line of ' +
    'OpenSSH. With --private it writes both halves (PKCS#8, JWK or OpenSSH), and that to a file only, for its owner ' +
    'alone. With --encrypt or --passphrase-file a private PEM is encrypted (PBES2: PBKDF2 with SHA-256, AES-256). nsc ' +
    'import key takes the files back.',
  options,
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  examples: [
    { command: 'nsc export key OSIGNER… --format jwk', what: 'the public half on standard output' },
    { command: 'nsc export key OSIGNER… --private --output-file operator.pem', what: 'both halves as PKCS#8' },
  ],

  readsOnly: () => true,

  fetch: async (context, input) => [await chooseEncryption(context, input)],

  plan(context, input, passphrase: Secret | undefined) {
    const publicKey = namedKey(context, input);
    const { file } = outputFile(input.outputFile);
    const { format = 'pem' } = input;
    if (!input.private) {
      const content = writePublicKey(publicKey, format);
      if (file === undefined) return { changes: [], result: { kind: 'emitted', what: 'public key', content } };
      const result = changed(ok(`wrote public key ${publicKey} to ${file}`));
      return { changes: [], files: [{ path: file, content, ...replacing(input) }], result };
    }
    if (file === undefined) throw withoutFile();
    const pair = input.key?.pair ?? context.workspace.findKeyPair(publicKey);
    if (!pair) throw withoutSeed(publicKey);
    const content = writePrivateKey(pair, format, passphrase && encryption(context, passphrase));
    const how = passphrase ? ', encrypted' : '';
    const result = changed(ok(`wrote public and private key ${publicKey} to ${file}${how}`));
    return { changes: [], files: [{ path: file, content, ...replacing(input) }], result };
  },
});

/** The passphrase to encrypt with, where that is wanted and can be. */
async function chooseEncryption(context: TaskContext, input: Input): Promise<Secret | undefined> {
  if (!input.encrypt && input.passphraseFile === undefined) return undefined;
  if (!input.private || (input.format ?? 'pem') !== 'pem') {
    throw new NscError('conflicting-options', 'only a private key in the format pem can be encrypted', {
      hint: 'give --private and leave --format out; ssh-keygen -p gives an OpenSSH key a passphrase',
    });
  }
  if (outputFile(input.outputFile).file === undefined) throw withoutFile();
  return getPassphrase(context, input.passphraseFile, 'Passphrase for the key', { isNew: true });
}

/** Salt and initial vector are random; new keys are the one source of randomness that a plan has. */
const encryption = ({ newKey }: PlanContext, passphrase: Secret): Encryption => ({
  passphrase,
  random: rawOf(newKey('user')),
});

const rawOf = ({ seed }: KeyPair): Uint8Array => decodeSeed(seed.reveal())?.raw ?? new Uint8Array(0);

/** The public key that is meant. Aliases are those of the selected operator. */
function namedKey(context: PlanContext, { key }: Input): string {
  if (!key)
    throw new NscError('missing-option', 'no key was named', { hint: 'nsc keys list shows the keys there are' });
  const publicKey = key.publicKey ?? getKeyInfo(context.tree, key).key;
  if (roleOf(publicKey) !== 'curve') return publicKey;
  throw new NscError('wrong-key-kind', `${publicKey} is a curve key, which these formats are not for`, {
    hint: 'copy its seed with: nsc export keys --curves --dir DIR',
  });
}

const replacing = ({ force = false }: Input): { replace: boolean; replaceHint: string } => ({
  replace: force,
  replaceHint: 'name another file, or replace it with --force',
});

const withoutFile = (): NscError =>
  new NscError('missing-option', 'a private key is written to a file only, and none was named', {
    hint: 'name it with --output-file FILE',
  });

const withoutSeed = (publicKey: string): NscError =>
  new NscError('key-not-found', `the seed of ${publicKey} is not in the keystore`, {
    hint: 'nsc list keys --all shows which seeds are stored',
    details: { key: publicKey },
  });

function readFormat(given: string): KeyFormat {
  const format = FORMATS.find((known) => known === given);
  if (format) return format;
  throw new NscError('bad-value', `"${given}" is not one of ${FORMATS.join(', ')}`);
}

import { mutation, type TaskContext } from '../../app/command.js';
import { nextSteps } from '../../app/key-file/next-steps.js';
import { getPassphrase, passphraseFileOption } from '../../app/key-file/passphrase.js';
import { type InputOf, value } from '../../app/option.js';
import { inputFileOption } from '../../app/options/input-file.js';
import { changed, ok } from '../../app/result.js';
import { putSeed } from '../../app/take-key.js';
import type { FoundKey } from '../../domain/key-formats/raw-key.js';
import { MAX_KEY_FILE, readKeyFile } from '../../domain/key-formats/read-key-file.js';
import type { KeyPair } from '../../domain/nkey/key-pair.js';
import type { Role } from '../../domain/nkey/prefix.js';
import { NscError } from '../../errors.js';

const KINDS: readonly Role[] = ['operator', 'account', 'user', 'server', 'cluster'];

const options = {
  file: inputFileOption(
    'file',
    {
      short: 'f',
      help: 'file with the private key; - is standard input',
      ask: { message: 'File with the private key', type: 'input', required: true },
    },
    MAX_KEY_FILE,
  ),
  kind: value(
    'kind',
    {
      placeholder: 'KIND',
      help: `what the key is for: ${KINDS.join(', ')}`,
      defaultText: 'what the file says',
      complete: KINDS,
    },
    readKind,
  ),
  passphraseFile: passphraseFileOption('file with the passphrase of the key'),
};

type Input = InputOf<typeof options>;

export const command = mutation({
  summary: 'Store a private key that another program has made',
  description:
    'Takes an Ed25519 key and stores it as nkey. What the file holds is found out from its content: an nkey seed, ' +
    'plain or in a creds file; PKCS#8 as PEM or DER, encrypted or not; an OpenSSH key; a JWK or JWK set; JSON with a ' +
    'PEM in it. Only nkeys say what they are for; for all others --kind does. A passphrase comes from ' +
    '--passphrase-file, from the variable NSC_KEY_PASSPHRASE, or is asked for. The key is stored and no more: another ' +
    'command makes it part of an operator.',
  options,
  positional: { option: 'file', max: 1, placeholder: 'FILE' },
  examples: [
    { command: 'nsc import key key.pem --kind account', what: 'made by openssl genpkey -algorithm ed25519' },
    { command: 'nsc import key id_ed25519 --kind user', what: 'made by ssh-keygen -t ed25519' },
    { command: 'nsc import key - --kind operator', what: 'from standard input, such as a secret manager prints it' },
  ],

  fetch: async (context, input) => [await readFound(context, input)],

  plan({ workspace }, { kind, file }, found: FoundKey) {
    const pair = pairOf(found, kind);
    const { role, publicKey } = pair;
    const isStored = workspace.findKeyPair(publicKey) !== undefined;
    const from = `${file?.given ?? ''} (${found.format})`;
    const stored = isStored
      ? `${role} key ${publicKey} was stored already`
      : `stored ${role} key ${publicKey} of ${from}`;
    return {
      changes: isStored ? [] : [putSeed(pair)],
      result: changed(ok(stored), ...nextSteps(pair).map(ok)),
    };
  },
});

async function readFound(context: TaskContext, { file, passphraseFile }: Input): Promise<FoundKey> {
  if (file?.content === undefined) {
    throw new NscError('missing-option', 'no file was named', { hint: 'name it as argument; - is standard input' });
  }
  const { given, content } = file;
  const read = naming(given, () => readKeyFile(content));
  if (read.kind === 'plain') return read.found;
  const passphrase = await getPassphrase(context, passphraseFile, `Passphrase of ${given}`);
  return naming(given, () => read.open(passphrase));
}

/** The pair in the role that was asked for, or that the file gives it. */
function pairOf({ key, role, format }: FoundKey, kind: Role | undefined): KeyPair {
  const meant = kind ?? role;
  if (meant === undefined) {
    throw new NscError('missing-option', `nothing in a key of the format ${format} says what it is for`, {
      hint: `say so with --kind ${KINDS.join('|')}`,
    });
  }
  if (role !== undefined && role !== meant) {
    const { publicKey } = key.pair(role);
    throw new NscError('wrong-key-kind', `${publicKey} is a key of kind ${role}, not ${meant}`, {
      hint: 'a key has one purpose: make another one, or leave --kind out',
      details: { publicKey, kind: role, expected: meant },
    });
  }
  return key.pair(meant);
}

function readKind(given: string): Role {
  const kind = KINDS.find((known) => known === given);
  if (kind) return kind;
  throw new NscError('bad-value', `"${given}" is not one of ${KINDS.join(', ')}`);
}

/** The same refusal with the file it is about. */
function naming<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    const { code, message, hint, details } = error;
    throw new NscError(code, `${file}: ${message}`, { ...(hint !== undefined && { hint }), details });
  }
}

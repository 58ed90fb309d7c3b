import { mutation } from '../../app/command.js';
import { flag, type Option } from '../../app/option.js';
import { changed, ok } from '../../app/result.js';
import { putSeed } from '../../app/take-key.js';
import { type KeyPair, keyPairFromSeed } from '../../domain/nkey/key-pair.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

interface Directory {
  readonly path: string;
  /** The key files below it, once read. */
  readonly files?: readonly { readonly path: string; readonly content: string }[];
}

const dirOption: Option<Directory> = {
  long: 'dir',
  short: 'd',
  placeholder: 'DIR',
  help: 'directory with seed files (*.nk)',
  complete: 'directory',
  ask: { message: 'Directory with seed files (*.nk)', type: 'input', required: true },
  read: (texts) => ({ path: texts[texts.length - 1] ?? '' }),
  resolve: ({ path }, { files }, input) => {
    const keyFiles = files.list(path, input.recurse === true).filter((file) => file.endsWith('.nk'));
    return { path, files: keyFiles.map((file) => ({ path: file, content: files.read(file) ?? '' })) };
  },
};

export const command = mutation({
  summary: 'Copy seeds into the keystore',
  description:
    'Reads every file that ends in .nk and stores its seed under its public key. One file that holds no seed, and nothing is stored.',
  options: {
    dir: dirOption,
    recurse: flag('recurse', { short: 'R', help: 'look into directories below, too' }),
  },
  examples: [{ command: 'nsc import keys --dir ./keys --recurse', what: 'all seeds below ./keys' }],

  plan({ workspace }, input) {
    if (input.dir === undefined)
      throw new NscError('missing-option', 'no directory was named', { hint: 'name it with --dir DIR' });
    const files = input.dir.files ?? [];
    if (files.length === 0) throw new NscError('file-not-found', `no key files (*.nk) in ${quote(input.dir.path)}`);
    const pairs = [...new Map(files.map((file) => readSeed(file)).map((pair) => [pair.publicKey, pair])).values()];
    const stored = new Set(workspace.storedKeys());
    return {
      changes: pairs.map(putSeed),
      result: changed(
        ...pairs.map(({ publicKey }) =>
          ok(stored.has(publicKey) ? `${publicKey} was stored already` : `stored ${publicKey}`),
        ),
      ),
    };
  },
});

function readSeed({ path, content }: { path: string; content: string }): KeyPair {
  try {
    return keyPairFromSeed(content.replace(/[\r\n]+$/, ''));
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    throw new NscError('bad-key', `${quote(path)} holds no seed`, {
      hint: 'move it away, or correct it; nothing was stored',
      cause: error,
    });
  }
}

import { task } from '../app/command.js';
import { flag, list, text } from '../app/option.js';
import type { Files, Ports } from '../app/ports.js';
import { changed, ok, type Step, warn } from '../app/result.js';
import { collectPieces, PIECE_FILE, type ScatteredFile } from '../domain/rebuild/pieces.js';
import { type RebuiltStore, rebuildStores } from '../domain/rebuild/rebuild.js';
import { NscError } from '../errors.js';
import { quote, quoteWord } from '../lib/display.js';
import { plural } from '../lib/plural.js';

export const command = task({
  summary: 'Rebuild stores from JWTs and seeds that lie around',
  description:
    'Searches directories for seeds (*.nk) and JWTs (*.jwt), with --creds for creds (*.creds), too, and builds the ' +
    'stores of all operators it finds in a new directory, with the keystore and creds that go with them. Nothing that ' +
    'is there changes. Of several JWTs about one key the newest counts; what nobody found vouches for is left out, ' +
    'with a warning.',
  options: {
    in: list(
      'in',
      {
        placeholder: 'DIR,…',
        help: 'directories to search, with all that is below',
        complete: 'directory',
        ask: { message: 'Directory to search', type: 'list' },
      },
      readDirectory,
    ),
    out: text('out', {
      placeholder: 'DIR',
      help: 'new directory for the result',
      defaultText: './fix_ and some letters',
      complete: 'directory',
    }),
    creds: flag('creds', { help: 'search creds for users and their seeds, too' }),
  },
  examples: [{ command: 'nsc fix --in ./backup,./export --out ./rebuilt', what: 'whatever can be put together' }],

  async run({ ports, newKey, dryRun }, { in: directories = [], out, creds = false }) {
    if (directories.length === 0) {
      throw new NscError('missing-option', 'no directory to search was named', { hint: 'name it with --in DIR' });
    }
    const paths = findPieces(ports.files, directories);
    const sealed = paths.filter((path) => SEALED.test(path)).length;
    const found = rebuildStores(collectPieces(readFiles(ports.files, paths, creds)));
    const { stores } = found;
    const warnings = [...found.warnings, ...sealedWarnings(sealed)];
    if (stores.length === 0) throw noOperator(directories, warnings);
    const directory = out ?? `fix_${newKey('user').publicKey.slice(-8)}`;
    const places = await ports.newStores.make(directory, stores, { rehearse: dryRun });
    const done = changed(...stores.map(report), ...warnings.map(warn), ...whatNext(places, dryRun));
    return { ...done, ...(dryRun && { dryRun }) };
  },
});

/** An empty name is an unset variable of a script, and not the working directory. */
function readDirectory(path: string): string {
  if (path !== '') return path;
  throw new NscError('bad-value', 'a directory is empty', { hint: 'name every directory' });
}

/** Versions that something took the place of are not to come back (docs/store-format.md). */
const IN_HISTORY = /[/\\]\.history[/\\]/;

/** What `keys lock` has encrypted. */
const SEALED = /\.(nk|creds)\.age$/;

const sealedWarnings = (count: number): string[] =>
  count === 0
    ? []
    : [
        `passed over ${plural(count, 'encrypted file')}: to have them searched, decrypt the keystore they are in, or a ` +
          'copy of it, with: nsc keys unlock --keystore-dir DIR',
      ];

/** Every file there is, once. */
function findPieces(files: Files, directories: readonly string[]): string[] {
  const below = (directory: string) => files.list(directory, true).filter((path) => !IN_HISTORY.test(path));
  return [...new Set(directories.flatMap((path) => (files.exists(path) ? [path] : below(path))))];
}

/** Every file that may be of use, read when its turn comes. */
function* readFiles(files: Files, paths: readonly string[], creds: boolean): Generator<ScatteredFile> {
  for (const path of paths) {
    if (!PIECE_FILE.test(path) || (path.endsWith('.creds') && !creds)) continue;
    yield readOne(files, path);
  }
}

function readOne(files: Files, path: string): ScatteredFile {
  try {
    const content = files.read(path);
    return { path, ...(content !== undefined && { content }) };
  } catch (error) {
    if (error instanceof NscError) return { path, problem: error.message };
    throw error;
  }
}

function noOperator(directories: readonly string[], warnings: readonly string[]): NscError {
  return new NscError('operator-not-found', `no JWT of an operator was found in ${directories.map(quote).join(', ')}`, {
    hint: warnings[0] ?? 'name more directories with --in DIR,…',
    details: { directories, warnings },
  });
}

function report({ operator, tree }: RebuiltStore): Step {
  const accounts = tree.accountNames();
  const count = (countOf: (account: string) => number) => accounts.reduce((sum, name) => sum + countOf(name), 0);
  const parts = [
    plural(accounts.length, 'account'),
    plural(
      count((name) => tree.userNames(name).length),
      'user',
    ),
    plural(tree.storedKeys().length, 'seed'),
    plural(
      count((name) => tree.credsNames(name).length),
      'creds file',
    ),
  ];
  const managed = tree.managed ? '; it is managed elsewhere, because none of its own seeds was found' : '';
  return ok(`operator ${quote(operator)} [${tree.operator.claims.sub}]: ${parts.join(', ')}${managed}`);
}

type Places = Awaited<ReturnType<Ports['newStores']['make']>>;

function whatNext({ storeRoot, keystoreDir }: Places, dryRun: boolean): Step[] {
  const made = ok(`made stores in \`${storeRoot}\` and their keys in \`${keystoreDir}\``);
  if (dryRun) return [made];
  return [
    made,
    ok(`to use them: export NKEYS_PATH=${quoteWord(keystoreDir)}; nsc env --store ${quoteWord(storeRoot)}`),
  ];
}

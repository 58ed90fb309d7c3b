import { mutation, type OutsideFile, type PlanContext } from '../../app/command.js';
import { NOBODY, selectKeys } from '../../app/key-selection.js';
import { flag, type InputOf, text } from '../../app/option.js';
import { changed, ok, type Step, warn } from '../../app/result.js';
import { unsignableWarnings } from '../../app/unsignable.js';
import type { Change } from '../../domain/change.js';
import type { TreeKey } from '../../domain/tree/keys.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { Secret } from '../../lib/secret.js';

const options = {
  dir: text('dir', {
    short: 'd',
    placeholder: 'DIR',
    help: 'directory to write to; it is made if it is not there',
    complete: 'directory',
    ask: { message: 'Directory to write to', type: 'input', required: true },
  }),
  operator: flag('operator', { short: 'o', help: 'keys of the operator' }),
  accounts: flag('accounts', { short: 'a', help: 'keys of accounts, their curve keys with them' }),
  users: flag('users', { short: 'u', help: 'keys of users' }),
  curves: flag('curves', { help: 'curve keys of auth callouts' }),
  all: flag('all', { short: 'A', help: 'keys of every kind and account' }),
  account: text('account', { placeholder: 'ACCOUNT', help: 'of this account only', complete: 'account' }),
  user: text('user', { placeholder: 'USER', help: 'of this user only', complete: 'user' }),
  curve: text('curve', { placeholder: 'KEY', help: 'this curve key', complete: 'key' }),
  filter: text('filter', { short: 'f', placeholder: 'TEXT', help: 'public keys that contain this text' }),
  notReferenced: flag('not-referenced', { help: 'keys of the keystore that nothing in the operator refers to' }),
  includeJwts: flag('include-jwts', { help: 'the JWTs of operator, accounts and users as well' }),
  force: flag('force', { short: 'F', help: 'replace files that are there' }),
  remove: flag('remove', { short: 'R', help: 'take the keys out of the keystore once they are written' }),
};

type Input = InputOf<typeof options>;

export const command = mutation({
  summary: 'Copy seeds out of the keystore into files',
  description:
    'Writes the seed of every key that is meant to DIR/PUBLICKEY.nk, for its owner alone; nsc import keys takes them ' +
    'back. Without options that name a kind: the keys of the operator, of the selected account and of its users. All ' +
    'files are written or none, and nothing leaves the keystore before its copy is on the disk.',
  options,
  examples: [
    { command: 'nsc export keys --all --include-jwts --dir ./backup', what: 'everything, as nsc fix can rebuild it' },
    { command: 'nsc export keys --operator --remove --dir /media/safe', what: 'lock the keys of the operator away' },
    { command: 'nsc export keys --not-referenced --remove --dir ./old', what: 'tidy the keystore up' },
  ],

  readsOnly: (input) => !input.remove,

  plan(context, input) {
    if (!input.dir) {
      throw new NscError('missing-option', 'no directory to write to was named', { hint: 'name it with --dir DIR' });
    }
    const meant = meantKeys(context, input);
    const keys = [...new Map(meant.map((key) => [key.publicKey, key])).values()];
    const found = keys.map((key) => findSeed(context, key));
    const seeds = found.filter(isFound);
    const tokens = input.includeJwts ? nameTokens(meant) : [];
    if (seeds.length + tokens.length === 0) throw nothingToExport(found);

    const changes = input.remove ? seeds.map(deleteSeed) : [];
    return {
      changes,
      files: [
        ...seeds.map(({ key, seed }) => outsideFile(input, `${key.publicKey}.nk`, seed)),
        ...tokens.map(({ file, token }) => outsideFile(input, file, token)),
      ],
      warnings: input.remove && !input.notReferenced ? unsignableWarnings(context.tree, withSeed(meant, seeds)) : [],
      result: changed(
        ...found.map((one) => report(one, input.remove ?? false)),
        ...tokens.map(({ file, name }) => ok(`exported ${file}, the JWT of ${quote(name)}`)),
      ),
    };
  },

  confirm: (_context, input, { changes }) =>
    changes.length === 0
      ? undefined
      : `Take ${changes.length === 1 ? 'one seed' : `${changes.length} seeds`} out of the keystore once written to ${quote(input.dir ?? '')}?`,
});

/** Without the JWTs unless they are wanted: there may be many. */
function meantKeys(context: PlanContext, { curve, ...input }: Input): TreeKey[] {
  const keys: TreeKey[] = [];
  for (const { token, ...key } of selectKeys(context, { ...input, curveKey: curve })) {
    keys.push(input.includeJwts && token !== undefined ? { ...key, token } : key);
  }
  return keys;
}

/** A key that two accounts list is meant twice. */
function withSeed(keys: readonly TreeKey[], seeds: readonly Found[]): TreeKey[] {
  const found = new Set(seeds.map(({ key }) => key.publicKey));
  return keys.filter(({ publicKey }) => found.has(publicKey));
}

/** A file for every JWT: users that share a key have one each. */
function nameTokens(
  keys: readonly TreeKey[],
): { readonly file: string; readonly name: string; readonly token: string }[] {
  const counts = new Map<string, number>();
  return keys.flatMap(({ publicKey, name, token }) => {
    if (token === undefined) return [];
    const count = (counts.get(publicKey) ?? 0) + 1;
    counts.set(publicKey, count);
    return [{ file: `${publicKey}${count === 1 ? '' : `-${count}`}.jwt`, name, token }];
  });
}

/** The pair itself takes several times the memory of its seed. */
interface Found {
  readonly key: TreeKey;
  readonly seed?: Secret;
  /** Why there is no seed. */
  readonly missing?: string;
}

const isFound = (one: Found): one is Found & { readonly seed: Secret } => one.seed !== undefined;

/** A file that holds another key than its name says stays where it is: nobody knows which of the two is right (E-09). */
function findSeed({ workspace }: PlanContext, key: TreeKey): Found {
  try {
    const pair = workspace.findKeyPair(key.publicKey);
    return pair ? { key, seed: pair.seed } : { key, missing: 'its seed is not in the keystore' };
  } catch (error) {
    if (error instanceof NscError) return { key, missing: error.message };
    throw error;
  }
}

function report({ key: { publicKey, name }, seed, missing = '' }: Found, remove: boolean): Step {
  const owner = name === NOBODY ? '' : ` of ${quote(name)}`;
  if (!seed) return warn(`skipped ${publicKey}${owner}: ${missing}`);
  return ok(`${remove ? 'moved' : 'exported'} ${publicKey}${owner}`);
}

const deleteSeed = ({ key: { publicKey } }: Found): Change => ({ type: 'delete-seed', publicKey });

function outsideFile({ dir = '', force = false }: Input, name: string, content: OutsideFile['content']): OutsideFile {
  return {
    path: `${dir.replace(/(?<=.)[/\\]+$/, '')}/${name}`,
    content,
    replace: force,
    replaceHint: 'name another directory, or replace what is there with --force',
  };
}

const nothingToExport = (found: readonly Found[]): NscError =>
  found.length === 0
    ? new NscError('item-not-found', 'no keys match', { hint: 'nsc list keys --all shows the keys there are' })
    : new NscError('key-not-found', 'none of the seeds that are meant can be read from the keystore', {
        hint: 'nsc list keys --all shows which ones are stored',
        details: { keys: found.map(({ key }) => key.publicKey) },
      });

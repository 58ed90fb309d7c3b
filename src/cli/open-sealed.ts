import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import { Secret } from '../lib/secret.js';
import { absolutePath } from '../store/directories.js';
import { sealIdentityFile, sealMarkerFile } from '../store/layout.js';
import { findBytes } from '../store/read-file.js';
import { isAgeFile, type Opener, openerByIdentities, openerByPassphrase, recipientsOf } from '../store/seal/age.js';
import { openMissing } from '../store/seal/open-files.js';
import type { OpenedFiles, SealedFile } from '../store/seal/opened-files.js';
import { findSeal } from '../store/seal/seal.js';
import { askForPassphrase, findPassphrase, isGiven, variablesOf } from './passphrase.js';
import type { Unsealing } from './unseal.js';

/** Names a file with identities of age, which may be encrypted with a passphrase itself. */
const IDENTITY_VARIABLE = 'NSC_KEYSTORE_IDENTITY';

/** What opens the keystores of a run, by directory: found once, and asked for once. */
const openers = new WeakMap<OpenedFiles, Map<string, Promise<Opener>>>();

/**
 * Opens an encrypted file that was to be read. Where a command can do without, and only a person could open it, nobody
 * is asked: from then on such files are refused.
 *
 * @throws NscError `keystore-sealed`, `wrong-passphrase`, `interrupted`, and what the sources of passphrases throw
 */
export async function openSealed(file: SealedFile, unsealing: Unsealing): Promise<void> {
  const { opened, needsNoSeeds } = unsealing;
  if (needsNoSeeds && !opensUnasked(file.keystoreDir, unsealing)) opened.isGivenUp = true;
  else await openMissing(file, opened, await openerOf(file.keystoreDir, unsealing));
}

/** What opens the encrypted files of a keystore for a command. Throws as {@link openSealed}. */
function openerOf(keystoreDir: string, unsealing: Unsealing): Promise<Opener> {
  const known = openers.get(unsealing.opened) ?? new Map<string, Promise<Opener>>();
  openers.set(unsealing.opened, known);
  const opener =
    known.get(keystoreDir) ??
    findIdentities(keystoreDir, unsealing).then((found) => refusingStrangers(keystoreDir, found));
  known.set(keystoreDir, opener);
  return opener;
}

/**
 * What opens them for those who decrypt all of them or encrypt them anew, which is also what helps when
 * {@link refusingStrangers} refuses. Throws as {@link openSealed}.
 */
export async function rescuerOf(keystoreDir: string, unsealing: Unsealing): Promise<Opener> {
  const { text, path } = await findIdentities(keystoreDir, unsealing);
  return openerByIdentities(text, path);
}

/**
 * Who could write to the keystore could have new seeds encrypted for himself. Behind a passphrase there is one identity,
 * and they are for it alone, whatever the marker says. An identity from elsewhere may be one of several; it is among them
 * if it opens anything.
 */
async function refusingStrangers(keystoreDir: string, { text, path }: Identities): Promise<Opener> {
  const open = openerByIdentities(text, path);
  const recipients = findSeal(keystoreDir)?.recipients;
  if (recipients === undefined) return open;
  const own = await recipientsOf(text);
  const isOwn = (recipient: string): boolean => own.includes(recipient);
  if (path === sealIdentityFile(keystoreDir)) {
    if (recipients.every(isOwn)) return open;
    throw forOthers(keystoreDir, 'for somebody else, too', recipients);
  }
  if (recipients.some(isOwn)) return open;
  return async (...file) => {
    await open(...file);
    throw forOthers(keystoreDir, 'for others than the identity that opens the ones there are', recipients);
  };
}

function forOthers(keystoreDir: string, whom: string, recipients: readonly string[]): NscError {
  const marker = sealMarkerFile(keystoreDir);
  return new NscError('store-corrupt', `${marker} has new seeds encrypted ${whom}`, {
    hint: 'find out who changed the file; nsc keys passwd with --rekey or --recipient sets right whom seeds are for',
    details: { path: marker, recipients },
  });
}

type Asker = Pick<Unsealing, 'world' | 'globals'>;

const namedIdentity = ({ world: { env, home, cwd } }: Asker): string | undefined => {
  const given = env[IDENTITY_VARIABLE];
  return given ? absolutePath(given, home, cwd) : undefined;
};

const opensUnasked = (keystoreDir: string, asker: Asker): boolean =>
  namedIdentity(asker) !== undefined ||
  (isGiven(asker, 'old') && findBytes(sealIdentityFile(keystoreDir)) !== undefined);

/** The text of an identity file, and where it is from. */
export interface Identities {
  readonly text: Secret;
  readonly path: string;
}

/**
 * The identities that open a keystore: its own, when the environment gives the passphrase; else those in the file that the
 * environment names; else its own, with the passphrase that a person types.
 *
 * @throws NscError `keystore-sealed` where there is none of these; `wrong-passphrase`, `file-not-found`, `interrupted`
 */
export async function findIdentities(keystoreDir: string, asker: Asker): Promise<Identities> {
  const own = sealIdentityFile(keystoreDir);
  const content = findBytes(own);
  const named = namedIdentity(asker);
  if (content && (named === undefined || isGiven(asker, 'old'))) return unlock({ content, path: own }, asker);
  if (named === undefined)
    throw sealed(keystoreDir, `name a file with an identity that opens it: ${IDENTITY_VARIABLE}`);
  const file = findBytes(named);
  if (file === undefined) {
    throw new NscError('file-not-found', `${IDENTITY_VARIABLE} names ${quote(named)}, and there is no such file`);
  }
  if (isAgeFile(file)) return unlock({ content: file, path: named }, asker);
  return { text: new Secret(new TextDecoder().decode(file)), path: named };
}

/** Opens an identity file that a passphrase was put on. */
async function unlock(file: { content: Uint8Array; path: string }, asker: Asker): Promise<Identities> {
  const { content, path } = file;
  const given = findPassphrase(asker, 'old');
  if (given) return { text: await openerByPassphrase(given)(content, path), path };
  let text: Secret | undefined;
  await askForPassphrase(asker, 'Passphrase of the keystore', async (passphrase) => {
    try {
      text = await openerByPassphrase(passphrase)(content, path);
      return undefined;
    } catch (error) {
      if (error instanceof NscError && error.code === 'wrong-passphrase') return 'that does not open it';
      throw error;
    }
  });
  if (text) return { text, path };
  throw sealed(path, `type the passphrase on a terminal, or set one of ${variablesOf('old').join(', ')}`);
}

const sealed = (path: string, hint: string): NscError =>
  new NscError('keystore-sealed', `the seeds are encrypted, and nothing was given that opens ${path}`, {
    hint,
    details: { path },
  });

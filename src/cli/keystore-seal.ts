import type { KeystoreSeal } from '../app/ports.js';
import { NscError } from '../errors.js';
import type { Secret } from '../lib/secret.js';
import { commitSteps } from '../store/commit.js';
import type { FileStep } from '../store/file-step.js';
import { sealIdentityFile } from '../store/layout.js';
import { findText, isFile } from '../store/read-file.js';
import { newIdentity, recipientsOf, sealWithPassphrase } from '../store/seal/age.js';
import { listKeystoreFiles, only } from '../store/seal/keystore-files.js';
import { KeystoreLocker, type NewSeal, sealByPassphrase, sealByRecipients } from '../store/seal/lock-keystore.js';
import { encodeSeal, markerMissing, type Seal } from '../store/seal/seal.js';
import { KeystoreOpener } from '../store/seal/unlock-keystore.js';
import { lockKeystoreOf, lockStore } from './lock-store.js';
import { findIdentities, rescuerOf } from './open-sealed.js';
import { getNewPassphrase } from './passphrase.js';
import type { Unsealing } from './unseal.js';
import { type OpenWorkspace, openWorkspaceOf } from './workspace.js';

type Options<Act extends keyof KeystoreSeal> = Parameters<KeystoreSeal[Act]>[0];
type Answer<Act extends keyof KeystoreSeal> = ReturnType<KeystoreSeal[Act]>;

/** A passphrase with fewer characters is found in time by who has a copy of the keystore. */
const SHORT_PASSPHRASE = 12;

const isWeak = (passphrase: Secret | undefined): boolean =>
  passphrase !== undefined && [...passphrase.reveal()].length < SHORT_PASSPHRASE;

/** As `KeystoreSeal.lock`. */
export async function lockKeystore(unsealing: Unsealing, options: Options<'lock'>): Answer<'lock'> {
  const { recipients, creds, rehearse } = options;
  const { seal: before, keystoreDir } = open(unsealing);
  if (!before && hasSealed(keystoreDir)) throw markerMissing(keystoreDir);
  const asks = !before && recipients.length === 0 && !rehearse;
  const passphrase = asks ? await getNewPassphrase(unsealing, 'old') : undefined;
  const made = before ? { seal: before } : await makeSeal(recipients, passphrase, creds);
  const locker = new KeystoreLocker(keystoreDir);
  const done = await inTwoGos(unsealing, { command: 'keys lock', rehearse }, async ({ seal }) => {
    if (seal) refuseOthers(seal, recipients);
    if (before ? !seal : seal && passphrase) throw lockedMeanwhile();
    const target: NewSeal = seal ? { seal: { ...seal, creds: seal.creds || creds } } : made;
    return { ...target.seal, ...(await locker.plan(target, { rehearse })) };
  });
  return { ...done, isNew: before === undefined, isWeak: isWeak(passphrase) };
}

/** As `KeystoreSeal.unlock`. */
export async function unlockKeystore(unsealing: Unsealing, { rehearse }: Options<'unlock'>): Answer<'unlock'> {
  const { seal, keystoreDir } = open(unsealing);
  const { seeds, creds } = countSealed(keystoreDir);
  if (!seal && seeds + creds === 0) return undefined;
  const { passphrase = false, recipients = [] } = seal ?? {};
  if (rehearse) return { seeds, creds, passphrase, recipients };
  const opener = new KeystoreOpener(keystoreDir, await rescuerOf(keystoreDir, unsealing));
  const done = await inTwoGos(unsealing, { command: 'keys unlock', rehearse }, () => opener.planUnlock());
  return { ...done, passphrase, recipients };
}

/** As `KeystoreSeal.change`. */
export async function changeSeal(unsealing: Unsealing, options: Options<'change'>): Answer<'change'> {
  const { recipients, rekey, rehearse } = options;
  const { seal, keystoreDir } = open(unsealing);
  if (!seal) {
    if (hasSealed(keystoreDir)) throw markerMissing(keystoreDir);
    throw new NscError('item-not-found', 'the keystore is not locked', { hint: 'encrypt it with: nsc keys lock' });
  }
  if (recipients.length === 0 && !rekey) return changePassphrase(unsealing, seal, rehearse);
  const asks = recipients.length === 0 && !rehearse;
  const opener = rehearse ? undefined : new KeystoreOpener(keystoreDir, await rescuerOf(keystoreDir, unsealing));
  const passphrase = asks ? await getNewPassphrase(unsealing, 'new') : undefined;
  const target = await makeSeal(recipients, passphrase, seal.creds);
  const done = opener
    ? await inTwoGos(unsealing, { command: 'keys passwd', rehearse }, (workspace) => {
        if (!workspace.seal || encodeSeal(workspace.seal) !== encodeSeal(seal)) throw lockedMeanwhile();
        return opener.planRekey(target);
      })
    : countSealed(keystoreDir);
  return { ...target.seal, seeds: done.seeds, creds: done.creds, isWeak: isWeak(passphrase) };
}

/** Only the identity is encrypted anew, for another passphrase: seeds are as they were. */
async function changePassphrase(unsealing: Unsealing, seal: Seal, rehearse: boolean): Answer<'change'> {
  if (!seal.passphrase) {
    throw new NscError('policy-refused', 'the keystore has no passphrase: the identities of others open it', {
      hint: 'encrypt it for others with --recipient, or for a passphrase in their place with: nsc keys passwd --rekey',
      details: { recipients: seal.recipients },
    });
  }
  const unchanged = { ...seal, seeds: 0, creds: 0 };
  if (rehearse) return { ...unchanged, isWeak: false };
  const path = sealIdentityFile(open(unsealing).keystoreDir);
  const before = findText(path);
  const { text } = await findIdentities(open(unsealing).keystoreDir, unsealing);
  if (!(await recipientsOf(text)).some((recipient) => seal.recipients.includes(recipient))) {
    throw new NscError('wrong-passphrase', 'the identity that was given is not the one of the keystore');
  }
  const passphrase = await getNewPassphrase(unsealing, 'new');
  const content = await sealWithPassphrase(text, passphrase);
  await underLock(unsealing, 'keys passwd', () => {
    if (findText(path) === before) return [{ write: path, content }];
    throw lockedMeanwhile();
  });
  return { ...unchanged, isWeak: isWeak(passphrase) };
}

/** Seeds encrypted for an identity that has just been replaced or removed would be lost. */
const lockedMeanwhile = (): NscError =>
  new NscError('store-io', 'the keystore was locked or unlocked by another command meanwhile', { hint: 'do it again' });

const open = ({ world, globals, opened }: Unsealing): OpenWorkspace => openWorkspaceOf(world, globals, { opened });

function countSealed(keystoreDir: string): { readonly seeds: number; readonly creds: number } {
  const { seeds, creds } = only(listKeystoreFiles(keystoreDir), true);
  return { seeds: seeds.length, creds: creds.length };
}

function hasSealed(keystoreDir: string): boolean {
  const { seeds, creds } = countSealed(keystoreDir);
  return isFile(sealIdentityFile(keystoreDir)) || seeds + creds > 0;
}

/** Without a passphrase to be known yet, one that nobody is going to use. */
async function makeSeal(
  recipients: readonly string[],
  passphrase: Secret | undefined,
  creds: boolean,
): Promise<NewSeal> {
  if (recipients.length > 0) return sealByRecipients(recipients, creds);
  if (passphrase) return sealByPassphrase(passphrase, creds);
  return { seal: { recipients: [(await newIdentity()).recipient], passphrase: true, creds } };
}

function refuseOthers(seal: Seal, recipients: readonly string[]): void {
  if (recipients.every((recipient) => seal.recipients.includes(recipient))) return;
  throw new NscError('already-exists', 'the keystore is locked already, for others', {
    hint: 'change that with: nsc keys passwd --recipient RECIPIENT',
    details: { recipients: seal.recipients },
  });
}

/**
 * Encrypting a big keystore takes seconds. It is done without the lock first, and then under the lock again, where only
 * what has changed meanwhile is left to do.
 */
async function inTwoGos<Done extends { readonly steps: readonly FileStep[] }>(
  unsealing: Unsealing,
  { command, rehearse }: { readonly command: string; readonly rehearse: boolean },
  plan: (workspace: OpenWorkspace) => Promise<Done>,
): Promise<Done> {
  let done = await plan(open(unsealing));
  if (rehearse) return done;
  await underLock(unsealing, command, async (workspace) => {
    done = await plan(workspace);
    return done.steps;
  });
  return done;
}

async function underLock(
  unsealing: Unsealing,
  command: string,
  plan: (workspace: OpenWorkspace) => readonly FileStep[] | Promise<readonly FileStep[]>,
): Promise<void> {
  const { world, globals } = unsealing;
  const release = await lockStore(open(unsealing).storeRoot, command, world, globals);
  try {
    const releaseKeystore = await lockKeystoreOf(open(unsealing), command, world, globals);
    try {
      const workspace = open(unsealing);
      commitSteps(workspace, await plan(workspace));
    } finally {
      releaseKeystore();
    }
  } finally {
    release();
  }
}

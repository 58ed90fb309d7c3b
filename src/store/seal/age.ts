import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { Secret } from '../../lib/secret.js';

/**
 * The only door to age (age-encryption.org/v1). What is written is armored, so that journals hold texts; what is read may
 * be armored or not. A real `age` reads and writes the same.
 */

/** Encrypts texts for the same recipients. */
export type Sealer = (text: Secret | Uint8Array) => Promise<string>;

/** Decrypts files. Throws `wrong-passphrase` when they are for others, `store-corrupt` when they are damaged. */
export type Opener = (content: Uint8Array, path: string) => Promise<Secret>;

/** A new key pair of age. `file` is what `age-keygen` would have written. */
export async function newIdentity(): Promise<{ readonly file: Secret; readonly recipient: string }> {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return { file: new Secret(`# public key: ${recipient}\n${identity}\n`), recipient };
}

/** Throws `bad-value` for what is no recipient of age, or one whose identity only another program can have. */
export function sealerFor(recipients: readonly string[]): Sealer {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      if (!/^age1(pq1)?[02-9ac-hj-np-z]+$/.test(recipient)) throw new Error('of another kind');
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new NscError('bad-value', `${quote(recipient.slice(0, 80))} is not a recipient that can be used`, {
        hint: 'a recipient begins with age1; age-keygen makes one, with the identity that opens what is encrypted to it',
        cause,
      });
    }
  }
  return (text) => encryptWith(encrypter, text);
}

/** Encrypts so that a passphrase opens it. @param workFactor base 2 logarithm of scrypt's N; 18 takes a second */
export function sealWithPassphrase(text: Secret, passphrase: Secret, workFactor = 18): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase.reveal());
  return encryptWith(encrypter, text);
}

/** Opens what a passphrase was put on. */
export function openerByPassphrase(passphrase: Secret): Opener {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.reveal());
  return openerOf(decrypter);
}

/**
 * Opens what is for any of the identities in the text of an identity file: lines `AGE-SECRET-KEY-…`, and comments.
 *
 * @param origin names the file in errors
 * @throws NscError `bad-key`
 */
export function openerByIdentities(file: Secret, origin: string): Opener {
  const decrypter = new Decrypter();
  for (const identity of identitiesOf(file)) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw notIdentities(origin);
    }
  }
  if (identitiesOf(file).length === 0) throw notIdentities(origin);
  return openerOf(decrypter);
}

/** The recipients of the identities in an identity file. */
export const recipientsOf = (file: Secret): Promise<string[]> =>
  Promise.all(identitiesOf(file).map(identityToRecipient));

/** Whether a file is one of age, rather than the text it may hold. */
export function isAgeFile(content: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(content.subarray(0, 64)).trimStart();
  return head.startsWith('age-encryption.org/') || head.startsWith('-----BEGIN AGE ENCRYPTED FILE-----');
}

const identitiesOf = (file: Secret): string[] =>
  file
    .reveal()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

const notIdentities = (origin: string): NscError =>
  new NscError('bad-key', `${origin} holds something else than identities of age`, {
    hint: 'an identity is a line that begins with AGE-SECRET-KEY-1; those of plugins and SSH keys cannot be used',
    details: { path: origin },
  });

async function encryptWith(encrypter: Encrypter, text: Secret | Uint8Array): Promise<string> {
  return armor.encode(await encrypter.encrypt(text instanceof Secret ? text.reveal() : text));
}

/** Leaves a mark of byte order where it is: what is decrypted is what was encrypted. */
const TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

const openerOf =
  (decrypter: Decrypter): Opener =>
  async (content, path) => {
    try {
      return new Secret(TEXT.decode(await decrypter.decrypt(bytesOf(content))));
    } catch (cause) {
      if (cause instanceof Error && cause.message.startsWith('no identity matched')) {
        throw new NscError('wrong-passphrase', `${path} cannot be opened with what was given`, { details: { path } });
      }
      throw new NscError('store-corrupt', `${path} is not a file of age, or was damaged`, {
        hint: 'restore the file from a backup',
        details: { path },
        cause,
      });
    }
  };

function bytesOf(content: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(content);
  return text.trimStart().startsWith('-----BEGIN') ? armor.decode(text) : content;
}

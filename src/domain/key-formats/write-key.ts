import { NscError } from '../../errors.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { Secret } from '../../lib/secret.js';
import { jwkOf } from '../jwks/jwk.js';
import { decodePublicKey, decodeSeed } from '../nkey/codec.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { privateJwk } from './jwk.js';
import { privateOpenSsh, publicOpenSsh } from './openssh.js';
import { encryptPkcs8 } from './pbes2.js';
import { formatPem } from './pem.js';
import { writePkcs8, writeSpki } from './pkcs8.js';

/** How other programs read Ed25519 keys. */
export type KeyFormat = 'pem' | 'jwk' | 'openssh';

/**
 * The public half of an nkey as a text.
 *
 * @throws NscError `bad-key` for a key under which anybody can sign; RangeError for what is no key of Ed25519
 */
export function writePublicKey(publicKey: string, format: KeyFormat): string {
  const decoded = decodePublicKey(publicKey);
  if (!decoded || decoded.role === 'curve') throw new RangeError('not a key of Ed25519');
  const jwk = jwkOf(publicKey, decoded.role);
  if (!jwk) throw new NscError('bad-key', `anybody can sign under ${publicKey}, so nobody should trust it`);
  switch (format) {
    case 'pem':
      return formatPem('PUBLIC KEY', writeSpki(decoded.bytes));
    case 'jwk':
      return `${encodeJson(jwk)}\n`;
    case 'openssh':
      return publicOpenSsh(publicKey);
  }
}

/** What a PEM is encrypted with. */
export interface Encryption {
  readonly passphrase: Secret;
  /** `RANDOM_BYTES` of `pbes2`, never used twice. */
  readonly random: Uint8Array;
}

/** Both halves as a text; only a PEM can be encrypted. Throws a RangeError for a curve key. */
export function writePrivateKey(pair: KeyPair, format: KeyFormat, encryption?: Encryption): Secret {
  if (pair.role === 'curve') throw new RangeError('not a key of Ed25519');
  switch (format) {
    case 'pem':
      return writePem(pair, encryption);
    case 'jwk':
      return new Secret(`${encodeJson(privateJwk(pair))}\n`);
    case 'openssh':
      return new Secret(privateOpenSsh(pair));
  }
}

function writePem({ seed }: KeyPair, encryption: Encryption | undefined): Secret {
  const der = writePkcs8(decodeSeed(seed.reveal())?.raw ?? new Uint8Array(0));
  if (encryption === undefined) return new Secret(formatPem('PRIVATE KEY', der));
  const { passphrase, random } = encryption;
  return new Secret(formatPem('ENCRYPTED PRIVATE KEY', encryptPkcs8(der, passphrase, random)));
}

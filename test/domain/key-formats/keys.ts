import { type FoundKey, RawKey } from '../../../src/domain/key-formats/raw-key.js';
import { readKeyFile } from '../../../src/domain/key-formats/read-key-file.js';
import type { KeyFormat } from '../../../src/domain/key-formats/write-key.js';
import { writePrivateKey } from '../../../src/domain/key-formats/write-key.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import type { Role } from '../../../src/domain/nkey/prefix.js';
import { Secret } from '../../../src/lib/secret.js';

export const FORMATS: readonly KeyFormat[] = ['pem', 'jwk', 'openssh'];
export const PASSPHRASE = new Secret('correct horse');

/** RFC 8410 §10.3: seed, and the public half of §10.1. */
export const RFC_8410 = 'd4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842';
export const RFC_8410_PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
`;
export const RFC_8410_PUBLIC = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`;

/** RFC 8037 appendix A.1: the key of RFC 8032 §7.1, test 1. */
export const RFC_8037 = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};
export const RFC_8032 = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';

/** Reads a file that holds a key, encrypted or not. */
export function read(content: string | Uint8Array, passphrase = PASSPHRASE): FoundKey {
  const file = readKeyFile(Buffer.from(content as string));
  return file.kind === 'plain' ? file.found : file.open(passphrase);
}

/** The seed of what was found, as an nkey. */
export const seedOf = (found: FoundKey, role: Role = 'account'): string => found.key.pair(role).seed.reveal();

export const seedFromHex = (hex: string, role: Role = 'account'): string =>
  new RawKey(Buffer.from(hex, 'hex')).pair(role).seed.reveal();

/** A key in a format, as our own export writes it. */
export const written = (raw: Uint8Array, format: KeyFormat, role: Role = 'account'): string =>
  writePrivateKey(keyPairFromRaw(role, raw), format).reveal();

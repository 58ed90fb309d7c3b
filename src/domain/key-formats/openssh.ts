import { decodePublicKey, decodeSeed } from '../nkey/codec.js';
import type { KeyPair } from '../nkey/key-pair.js';
import { roleNamedBy } from './named-role.js';
import { formatPem } from './pem.js';
import { type FoundKey, RawKey } from './raw-key.js';
import { badKey, severalKeys, wrongAlgorithm } from './refusals.js';

/** Keys of OpenSSH, as its PROTOCOL.key describes them. Their encryption (bcrypt_pbkdf) is not at hand. */

const MAGIC = 'openssh-key-v1\0';
const TYPE = 'ssh-ed25519';
const LABEL = 'OPENSSH PRIVATE KEY';

/** Private keys are padded to the block size of their cipher, which is 8 without one. */
const BLOCK = 8;

const TYPES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(ssh-rsa|rsa-)/, 'an RSA key'],
  [/^ecdsa-/, 'an EC key'],
  [/^ssh-dss/, 'a DSA key'],
  [/^sk-/, 'a key of a hardware token'],
];

/**
 * Reads what an OPENSSH PRIVATE KEY holds. A comment that is an nkey says what the key is for.
 *
 * @throws NscError `bad-key`, `wrong-key-kind`
 */
export function readOpenSsh(bytes: Uint8Array): FoundKey {
  const file = new Reader(bytes);
  if (file.take(MAGIC.length).toString('latin1') !== MAGIC) throw damaged();
  const cipher = file.text();
  file.string();
  file.string();
  const count = file.number();
  if (count !== 1) throw severalKeys(count);
  const outer = readPublic(file.string());
  const secret = file.string();
  file.end();
  if (cipher !== 'none') {
    throw badKey(
      'it is an OpenSSH key with a passphrase, which only ssh-keygen can take away',
      'take the passphrase of a copy away with: ssh-keygen -p -N "" -f COPY',
    );
  }
  return readSecret(new Reader(secret), outer);
}

/** The public half on one line, with the nkey as comment. Throws a RangeError for what is no Ed25519 nkey. */
export function publicOpenSsh(publicKey: string): string {
  return `${TYPE} ${publicBlob(publicKey).toString('base64')} ${publicKey}\n`;
}

/** Both halves, not encrypted, with the nkey as comment. */
export function privateOpenSsh({ publicKey, seed }: KeyPair): string {
  const raw = decodeSeed(seed.reveal())?.raw ?? new Uint8Array(0);
  const half = publicBytes(publicKey);
  // two equal numbers show after decryption whether the passphrase was right
  const check = Buffer.from(half.subarray(0, 4));
  const body = [check, check, string(TYPE), string(half), string(Buffer.concat([raw, half])), string(publicKey)];
  const length = body.reduce((sum, part) => sum + part.length, 0);
  const padding = Buffer.from(Array.from({ length: (BLOCK - (length % BLOCK)) % BLOCK }, (_none, at) => at + 1));
  const parts = [string('none'), string('none'), string(''), number(1), string(publicBlob(publicKey))];
  const file = [Buffer.from(MAGIC, 'latin1'), ...parts, string(Buffer.concat([...body, padding]))];
  return formatPem(LABEL, Buffer.concat(file));
}

function readSecret(secret: Reader, outer: Uint8Array): FoundKey {
  const check = secret.number();
  if (secret.number() !== check) throw damaged();
  requireType(secret.text());
  const half = secret.string();
  const both = secret.string();
  if (half.length !== 32 || both.length !== 64) throw badKey('its Ed25519 key has the wrong length');
  const comment = secret.text();
  secret.padding();
  const key = new RawKey(both.subarray(0, 32));
  const agrees = [half, outer, both.subarray(32)].every((shown) => key.hasPublic(shown));
  if (!agrees) throw badKey('the public key in it does not belong to the private key');
  const role = roleNamedBy(comment, key);
  return { format: 'OpenSSH key', key, ...(role && { role }) };
}

function readPublic(blob: Uint8Array): Uint8Array {
  const reader = new Reader(blob);
  requireType(reader.text());
  const half = reader.string();
  reader.end();
  return half;
}

function requireType(type: string): void {
  if (type === TYPE) return;
  throw wrongAlgorithm(TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'an OpenSSH key of another type');
}

/** Reads numbers and strings as SSH writes them (RFC 4251 §5). Throws `bad-key` at the end of the bytes. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw badKey('it is cut off: the end of the key is missing');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  number(): number {
    return this.take(4).readUInt32BE(0);
  }

  string(): Buffer {
    return this.take(this.number());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  /** What is left is 1, 2, 3, …, and less than a block. */
  padding(): void {
    const rest = this.#bytes.subarray(this.#at);
    if (rest.length >= BLOCK || rest.some((octet, at) => octet !== at + 1)) throw damaged();
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw badKey('something follows after the end of the key');
  }
}

const damaged = () => badKey('it is damaged: it cannot be read as an OpenSSH key');

function publicBytes(publicKey: string): Uint8Array {
  const decoded = decodePublicKey(publicKey);
  if (!decoded || decoded.role === 'curve') throw new RangeError('not a public key of Ed25519');
  return decoded.bytes;
}

const publicBlob = (publicKey: string): Buffer => Buffer.concat([string(TYPE), string(publicBytes(publicKey))]);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function string(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([number(bytes.length), bytes]);
}

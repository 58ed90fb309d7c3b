import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decorateSeed, decorateToken } from '../../../src/domain/creds/creds.js';
import { formatPem } from '../../../src/domain/key-formats/pem.js';
import { MAX_KEY_FILE } from '../../../src/domain/key-formats/read-key-file.js';
import { keyPairFromRaw } from '../../../src/domain/nkey/key-pair.js';
import { TAG, writeDer, writeDerInteger, writeDerOid } from '../../../src/lib/der.js';
import { Secret } from '../../../src/lib/secret.js';
import { caught } from '../../support/caught.js';
import { PASSPHRASE, RFC_8037, RFC_8410, RFC_8410_PEM, RFC_8410_PUBLIC, read, written } from './keys.js';

/** What is not one Ed25519 key, and how it is called. */

const raw = Buffer.from(RFC_8410, 'hex');
const pair = keyPairFromRaw('account', raw);
const other = keyPairFromRaw('user', Buffer.alloc(32, 7));
const seed = pair.seed.reveal();

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const [x25519, ed448, x448] = [
  generateKeyPairSync('x25519'),
  generateKeyPairSync('ed448'),
  generateKeyPairSync('x448'),
];

const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' | 'spki' = 'pkcs8'): string =>
  key.export({ format: 'pem', type } as never) as unknown as string;
const der = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' | 'spki' = 'pkcs8'): Buffer =>
  key.export({ format: 'der', type } as never) as unknown as Buffer;
const encrypted = (key: KeyObject, passphrase = PASSPHRASE.reveal()): string =>
  key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }) as string;

const plain = Buffer.from(RFC_8410_PEM.replace(/-----.*-----/g, ''), 'base64');
/** The key with one octet of its DER replaced. */
const patched = (at: number, octet: number): Buffer =>
  Buffer.from(plain.map((old, index) => (index === at ? octet : old)));
/** The same, with more inside of the outer sequence. */
const extended = (hex: string): Buffer => {
  const more = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.of(0x30, plain.length - 2 + more.length), plain.subarray(2), more]);
};

const NEEDED = 'and keys of NATS are Ed25519 keys';
const CASES: Readonly<Record<string, readonly [file: string | Uint8Array, code: string, message: string]>> = {
  'RSA, PKCS#8': [pem(rsa.privateKey), 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'RSA, PKCS#1': [pem(rsa.privateKey, 'pkcs1'), 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'RSA, PKCS#8 DER': [der(rsa.privateKey), 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'RSA, PKCS#1 DER': [der(rsa.privateKey, 'pkcs1'), 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'RSA, encrypted': [encrypted(rsa.privateKey), 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'EC, PKCS#8': [pem(ec.privateKey), 'wrong-key-kind', `it holds an EC key, ${NEEDED}`],
  'EC, SEC1': [pem(ec.privateKey, 'sec1'), 'wrong-key-kind', `it holds an EC key, ${NEEDED}`],
  'EC, SEC1 DER': [der(ec.privateKey, 'sec1'), 'wrong-key-kind', `it holds an EC key, ${NEEDED}`],
  X25519: [pem(x25519.privateKey), 'wrong-key-kind', `it holds an X25519 key, ${NEEDED}`],
  Ed448: [pem(ed448.privateKey), 'wrong-key-kind', `it holds an Ed448 key, ${NEEDED}`],
  X448: [pem(x448.privateKey), 'wrong-key-kind', `it holds an X448 key, ${NEEDED}`],
  'DSA, old PEM': [
    '-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----',
    'wrong-key-kind',
    `it holds a DSA key, ${NEEDED}`,
  ],
  'an RSA JWK': ['{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}', 'wrong-key-kind', `it holds an RSA key, ${NEEDED}`],
  'an EC JWK': ['{"kty":"EC","crv":"P-256","d":"AQ"}', 'wrong-key-kind', `it holds an EC key, ${NEEDED}`],
  'an X25519 JWK': ['{"kty":"OKP","crv":"X25519","d":"AQ"}', 'wrong-key-kind', `it holds an X25519 key, ${NEEDED}`],
  'a symmetric JWK': ['{"kty":"oct","k":"AQ"}', 'wrong-key-kind', `it holds a symmetric key, ${NEEDED}`],
  'a JWK of a strange type': ['{"kty":"constructor"}', 'wrong-key-kind', `it holds a JWK of another type, ${NEEDED}`],

  nothing: ['', 'bad-key', 'it is empty'],
  blanks: [' \n', 'bad-key', 'it is empty'],
  'a text': ['hello', 'bad-key', 'it holds nothing that is known as a key'],
  'too much': [Buffer.alloc(MAX_KEY_FILE + 1, 65), 'bad-key', 'it has more than 64 KiB, which no key has'],
  'a public PEM': [RFC_8410_PUBLIC, 'bad-key', 'it holds a public key only'],
  'a public DER': [der(rsa.publicKey, 'spki'), 'bad-key', 'it holds a public key only'],
  'a public PKCS#1': [der(rsa.publicKey, 'pkcs1'), 'bad-key', 'it holds a public key only'],
  'a public nkey': [pair.publicKey, 'bad-key', 'it holds a public key only'],
  'a public OpenSSH key': ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@host', 'bad-key', 'it holds a public key only'],
  'a public JWK': [JSON.stringify({ ...RFC_8037, d: undefined }), 'bad-key', 'it holds a public key only'],
  'a public JWK set': [
    JSON.stringify({ keys: [{ ...RFC_8037, d: undefined }] }),
    'bad-key',
    'it holds a public key only',
  ],
  'a certificate': [
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'bad-key',
    'it holds a certificate and no key',
  ],
  'a certificate, DER': [Buffer.from('300730003000030100', 'hex'), 'bad-key', 'it holds a certificate and no key'],
  'a PKCS#12 container': [Buffer.from('300702010330003000', 'hex'), 'bad-key', 'it holds a PKCS#12 container'],
  'another PEM': [
    '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n',
    'bad-key',
    'it holds a PEM, but no key in it',
  ],
  'another private PEM': [
    '-----BEGIN TSS2 PRIVATE KEY-----\nAAAA\n-----END TSS2 PRIVATE KEY-----\n',
    'bad-key',
    'it holds a private key in a PEM of a kind that is not known',
  ],
  'a key of PuTTY': ['PuTTY-User-Key-File-3: ssh-ed25519\n', 'bad-key', 'it is a key of PuTTY'],
  'creds without seed': [decorateToken('eyJ.e30.AA', 'user'), 'bad-key', 'it holds a JWT and no seed'],

  'two PEMs': [RFC_8410_PEM + RFC_8410_PEM, 'bad-key', 'it holds 2 private keys'],
  'two PEMs in JSON': [JSON.stringify([RFC_8410_PEM, { old: RFC_8410_PEM }]), 'bad-key', 'it holds 2 private keys'],
  'two JWKs': [JSON.stringify({ keys: [RFC_8037, RFC_8037] }), 'bad-key', 'it holds 2 private keys'],
  'two seeds': [
    decorateSeed(pair.seed).reveal() + decorateSeed(other.seed).reveal(),
    'bad-key',
    'it holds 2 private keys',
  ],

  'a seed with a typing error': [
    seed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    'bad-key',
    'it holds a seed that is not valid',
  ],
  'a decorated seed that is none': [
    decorateSeed(pair.seed).reveal().replace(seed, 'SAAA'),
    'bad-key',
    'it is damaged: there is no seed between the banners',
  ],
  'a PEM without end': [RFC_8410_PEM.slice(0, 60), 'bad-key', 'it is cut off: the PEM has no last line'],
  'a PEM whose end names something else': [
    RFC_8410_PEM.replace('END PRIVATE', 'END PUBLIC'),
    'bad-key',
    'it is cut off: the PEM has no last line',
  ],
  'a PEM that is not base64': [
    RFC_8410_PEM.replace('MC4C', 'MC*C'),
    'bad-key',
    'it is damaged: the PEM holds no base64',
  ],
  'a PEM with text behind it': [`${RFC_8410_PEM}tail`, 'bad-key', 'something follows after the end of the key'],
  'a DER cut off': [plain.subarray(0, 40), 'bad-key', 'it is cut off: the end of the key is missing'],
  'a DER with more behind it': [
    Buffer.concat([plain, Buffer.of(0)]),
    'bad-key',
    'something follows after the end of the key',
  ],
  'a PEM with a longer DER': [
    formatPem('PRIVATE KEY', Buffer.concat([plain, Buffer.of(0)])),
    'bad-key',
    'something follows after the end of the key',
  ],
  'a DER with a broken part': [patched(3, 9), 'bad-key', 'it is damaged: what it holds is no DER'],
  'a PKCS#8 key of a later version': [patched(4, 2), 'bad-key', 'the PKCS#8 key is of an unknown version'],
  'a key of 31 bytes': [
    Buffer.concat([Buffer.from('302d020100300506032b65700421041f', 'hex'), raw.subarray(1)]),
    'bad-key',
    'the Ed25519 key has 31 bytes instead of 32',
  ],
  'a key of 33 bytes': [
    Buffer.concat([Buffer.from('302f020100300506032b657004230421', 'hex'), raw, Buffer.of(0)]),
    'bad-key',
    'the Ed25519 key has 33 bytes instead of 32',
  ],
  'a key that is not wrapped': [
    Buffer.concat([Buffer.from('302c020100300506032b65700420', 'hex'), raw]),
    'bad-key',
    'it is damaged: there is no key inside',
  ],
  parameters: [
    Buffer.concat([Buffer.from('3030020100300706032b6570050004220420', 'hex'), raw]),
    'bad-key',
    'the Ed25519 key has parameters, which RFC 8410 forbids',
  ],
  'a wrong public half in PKCS#8': [
    extended(`812100${'07'.repeat(32)}`),
    'bad-key',
    'the public key in it does not belong to the private key',
  ],
  'something unknown in PKCS#8': [extended('8400'), 'bad-key', 'it is damaged: something unknown follows the key'],

  'a wrong public half in a JWK': [
    JSON.stringify({ ...RFC_8037, x: 'A'.repeat(43) }),
    'bad-key',
    'its public half (x) does not belong to its private half (d)',
  ],
  'a short JWK': [JSON.stringify({ ...RFC_8037, d: 'AAAA' }), 'bad-key', 'its member d is not base64url of 32 bytes'],
  'a JWK without x': [
    JSON.stringify({ ...RFC_8037, x: undefined }),
    'bad-key',
    'its member x is not base64url of 32 bytes',
  ],
  'a JWK with padding': [
    JSON.stringify({ ...RFC_8037, d: `${RFC_8037.d}=` }),
    'bad-key',
    'its member d is not base64url of 32 bytes',
  ],
  'a JWK by the name of another key': [
    JSON.stringify({ ...RFC_8037, kid: other.publicKey }),
    'bad-key',
    `it goes by the name of another key, ${other.publicKey}`,
  ],
  'a JWK set without keys': ['{"keys":[]}', 'bad-key', 'it holds a JWK set without keys'],
  'JSON without key': ['{"a":1}', 'bad-key', 'it holds JSON, but no key in it'],
  'broken JSON': [`{"d":"${RFC_8037.d}`, 'bad-key', 'it is damaged: it holds no valid JSON'],
  'JSON with a member twice': ['{"kty":"OKP","kty":"RSA"}', 'bad-key', 'it is damaged: it holds no valid JSON'],

  'a broken OpenSSH key': [
    formatPem('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v2\0')),
    'bad-key',
    'it is damaged: it cannot be read as an OpenSSH key',
  ],
  'an OpenSSH key cut off': [
    formatPem('OPENSSH PRIVATE KEY', opensshBytes().subarray(0, 150)),
    'bad-key',
    'it is cut off: the end of the key is missing',
  ],
  'an OpenSSH key with a wrong public half': [
    formatPem(
      'OPENSSH PRIVATE KEY',
      opensshBytes((bytes) => bytes.fill(7, 70, 71)),
    ),
    'bad-key',
    'the public key in it does not belong to the private key',
  ],
};

function opensshBytes(change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.from(written(raw, 'openssh').replace(/-----.*-----/g, ''), 'base64');
  change(bytes);
  return bytes;
}

describe('what holds no key of ours', () => {
  it.each(Object.entries(CASES))('%s', (_what, [file, code, message]) => {
    expect(caught(() => read(file))).toMatchObject({ code, message });
  });
});

describe('a passphrase', () => {
  const file = encrypted(generateKeyPairSync('ed25519').privateKey);

  it('that is wrong is told', () => {
    for (const wrong of ['', 'x', 'Correct horse', 'correct horse ', 'p4', 'p5']) {
      expect(caught(() => read(file, new Secret(wrong)))).toMatchObject({
        code: 'wrong-passphrase',
        message: 'the passphrase does not open it',
      });
    }
  });

  it('may be of any length and in any script', () => {
    for (const passphrase of ['1', 'ü€ 🐎', 'x'.repeat(500)]) {
      const { privateKey } = generateKeyPairSync('ed25519');
      const expected = read(pem(privateKey)).key.pair('user').publicKey;
      const found = read(encrypted(privateKey, passphrase), new Secret(passphrase));
      expect(found.key.pair('user').publicKey).toBe(expected);
    }
  });

  it('is not tried where that would take for ever', () => {
    const bytes = Buffer.from(file.replace(/-----.*-----/g, ''), 'base64');
    const at = bytes.indexOf(Buffer.from('02020800', 'hex'));
    expect(at).toBeGreaterThan(0);
    const costly = Buffer.concat([bytes.subarray(0, at), Buffer.from('02047fffffff', 'hex'), bytes.subarray(at + 4)]);
    for (const lengthAt of sequencesAround(costly, at)) costly[lengthAt] = (costly[lengthAt] ?? 0) + 2;
    const started = Date.now();
    expect(caught(() => read(costly))).toMatchObject({
      code: 'bad-key',
      message: 'opening it would take more time or memory than any key is worth',
    });
    expect(Date.now() - started).toBeLessThan(500);
  });
});

/** A key that is encrypted with scrypt, as far as its parameters. */
function scrypted(...parameters: readonly [cost: number, blockSize: number, parallelization: number]): Uint8Array {
  const iv = writeDer(TAG.octetString, Buffer.alloc(16));
  const salted = writeDer(TAG.sequence, writeDer(TAG.octetString, Buffer.alloc(8)), ...parameters.map(writeDerInteger));
  const derivation = writeDer(TAG.sequence, writeDerOid('1.3.6.1.4.1.11591.4.11'), salted);
  const cipher = writeDer(TAG.sequence, writeDerOid('2.16.840.1.101.3.4.1.42'), iv);
  const scheme = writeDer(TAG.sequence, derivation, cipher);
  const algorithm = writeDer(TAG.sequence, writeDerOid('1.2.840.113549.1.5.13'), scheme);
  return writeDer(TAG.sequence, algorithm, writeDer(TAG.octetString, Buffer.alloc(32)));
}

describe('scrypt', () => {
  const DAMAGED = 'it is damaged: how it is encrypted cannot be understood';
  const COSTLY = 'opening it would take more time or memory than any key is worth';

  it.each<[string, readonly [number, number, number], code: string, message: string]>([
    ['as OpenSSL has it', [2 ** 14, 8, 1], 'wrong-passphrase', 'the passphrase does not open it'],
    ['of the greatest cost for its block size', [2 ** 15, 1, 1], 'wrong-passphrase', 'the passphrase does not open it'],
    ['of a cost that its block size does not allow', [2 ** 16, 1, 1], 'bad-key', DAMAGED],
    ['of a cost that is no power of two', [3, 8, 1], 'bad-key', DAMAGED],
    ['without blocks', [2 ** 14, 0, 1], 'bad-key', DAMAGED],
    ['that takes all memory', [2 ** 30, 8, 1], 'bad-key', COSTLY],
    ['that takes little memory, and half a minute', [2 ** 14, 8, 512], 'bad-key', COSTLY],
  ])('%s', (_what, parameters, code, message) => {
    expect(caught(() => read(scrypted(...parameters)))).toMatchObject({ code, message });
  });
});

it('no identifier of a file is shown that nobody could read', () => {
  const algorithm = writeDer(TAG.sequence, writeDer(TAG.oid, Buffer.alloc(50_000, 1)));
  const key = writeDer(TAG.sequence, writeDerInteger(0), algorithm, writeDer(TAG.octetString, Buffer.alloc(34)));
  expect(caught(() => read(key))).toMatchObject({
    code: 'wrong-key-kind',
    message: `it holds a key of an unknown algorithm, ${NEEDED}`,
  });
});

/** Where the lengths of the sequences stand that an octet is in; all are short here. */
function sequencesAround(bytes: Buffer, inside: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < inside; at += 1) {
    const isLong = bytes[at + 1] === 0x81;
    const start = at + (isLong ? 3 : 2);
    const length = bytes[start - 1] ?? 0;
    if (bytes[at] !== 0x30 || start > inside || start + length < inside || start + length > bytes.length - 2) continue;
    found.push(start - 1);
    at = start - 1;
  }
  return found;
}

/** Object identifiers of what key files hold (RFC 8410, RFC 3279, RFC 5480). */

export const ED25519 = '1.3.101.112';

/** Characters of an identifier that is worth showing: a file may have one of any length. */
const LONGEST = 64;

const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'an RSA key',
  '1.2.840.113549.1.1.10': 'an RSA key',
  '1.2.840.10040.4.1': 'a DSA key',
  '1.2.840.10045.2.1': 'an EC key',
  '1.2.840.113549.1.3.1': 'a Diffie-Hellman key',
  '1.3.101.110': 'an X25519 key',
  '1.3.101.111': 'an X448 key',
  '1.3.101.113': 'an Ed448 key',
};

/** What a key of an algorithm is called in messages. */
export const describeAlgorithm = (oid: string): string =>
  NAMES[oid] ?? (oid.length > LONGEST ? 'a key of an unknown algorithm' : `a key of algorithm ${oid}`);

import { NscError } from '../../errors.js';

/** A file that holds no usable key. The message must not repeat anything of it. */
export const badKey = (message: string, hint?: string): NscError =>
  new NscError('bad-key', message, hint === undefined ? {} : { hint });

/** A key that is fine, but of a kind that NATS has no use for. */
export const wrongAlgorithm = (found: string): NscError =>
  new NscError('wrong-key-kind', `it holds ${found}, and keys of NATS are Ed25519 keys`, {
    hint: 'make one with: nsc generate nkey, or with: openssl genpkey -algorithm ed25519',
    details: { found },
  });

/** A file with the public half only. */
export const publicOnly = (): NscError =>
  badKey('it holds a public key only', 'name the file that holds the private key');

/** A file from which nobody can tell which key is meant. */
export const severalKeys = (count: number): NscError =>
  badKey(`it holds ${count} private keys`, 'put the one that is meant into a file of its own');

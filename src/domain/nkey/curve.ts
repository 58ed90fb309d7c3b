import { fromCurveSeed } from '@nats-io/nkeys';
import { NscError } from '../../errors.js';
import { isPublicKey } from './codec.js';
import type { KeyPair } from './key-pair.js';

/**
 * Sealed boxes between curve keys: `xkv1`, 24 bytes of nonce, NaCl box (jwt-nkeys.md §1.5). OpenSSL has no
 * XSalsa20, so this is the one place that uses `@nats-io/nkeys`; import it only where boxes are needed.
 */

const NONCE_BYTES = 24;

/**
 * Encrypts for a recipient: 44 bytes longer than the data.
 *
 * @param nonce 24 random bytes, never used twice with the same two keys
 * @throws NscError `wrong-key-kind` when a key is no curve key; RangeError for a nonce of another length
 */
export function seal(sender: KeyPair, recipient: string, data: string | Uint8Array, nonce: Uint8Array): Uint8Array {
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes, not ${nonce.length}`);
  checkPeer(recipient);
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return withCurve(sender, (curve) => curve.seal(bytes, recipient, nonce));
}

/**
 * Decrypts what a sender sealed for the recipient.
 *
 * @throws NscError `wrong-key-kind` when a key is no curve key, `check-failed` when the box is damaged, cut off or
 * made for or by another key
 */
export function open(recipient: KeyPair, sender: string, sealed: Uint8Array): Uint8Array {
  checkPeer(sender);
  const data = withCurve(recipient, (curve) => {
    try {
      return curve.open(sealed, sender);
    } catch {
      return null;
    }
  });
  if (data === null) {
    throw new NscError(
      'check-failed',
      `the message cannot be decrypted: it is damaged, or not from ${sender} to ${recipient.publicKey}`,
    );
  }
  return data;
}

function checkPeer(publicKey: string): void {
  if (!isPublicKey(publicKey, 'curve'))
    throw new NscError('wrong-key-kind', 'the other side is not named by a curve key (X…)');
}

function withCurve<Result>(pair: KeyPair, use: (curve: ReturnType<typeof fromCurveSeed>) => Result): Result {
  if (pair.role !== 'curve') {
    throw new NscError('wrong-key-kind', `the ${pair.role} key ${pair.publicKey} can sign but not encrypt`);
  }
  const curve = fromCurveSeed(new TextEncoder().encode(pair.seed.reveal()));
  try {
    return use(curve);
  } finally {
    curve.clear();
  }
}

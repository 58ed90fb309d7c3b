import { decodePublicKey } from '../nkey/codec.js';
import type { Role } from '../nkey/prefix.js';
import type { RawKey } from './raw-key.js';
import { badKey } from './refusals.js';

/**
 * The role that the name of a key gives it, where that name is an nkey: our own exports carry it as the id of a JWK and
 * as the comment of an OpenSSH key. Undefined for other names.
 *
 * @throws NscError `bad-key` when it names another key
 */
export function roleNamedBy(name: string, key: RawKey): Role | undefined {
  const named = decodePublicKey(name.trim());
  if (!named || named.role === 'curve') return undefined;
  if (key.hasPublic(named.bytes)) return named.role;
  throw badKey(`it goes by the name of another key, ${name.trim()}`, 'find out which of the two is meant');
}

import { EVERYONE, type Revocations } from '../domain/claims/revocation.js';
import type { Int64 } from '../domain/claims/types.js';
import { NscError } from '../errors.js';
import { compareBytes } from '../lib/canonical-json.js';
import { formatDate } from '../lib/moment.js';
import type { Listed } from './result.js';

/** How a list of revocations is called and headed. */
interface Wording {
  /** What the list is of, as `revoked users of account "A"`. */
  readonly title: string;
  /** What has no revocations, when there are none. */
  readonly none: string;
  /** Head of the column of names: whose they are. */
  readonly owner: string;
  readonly everyone: string;
  /** What is refused, for the head of the column of times. */
  readonly what: string;
}

/**
 * Revocations in the order of their keys, with the names that this store knows.
 *
 * @throws NscError `item-not-found` when there are none: nsc fails then, and scripts may ask it by its exit code
 */
export function listRevocations(
  revocations: Revocations = {},
  { title, none, owner, everyone, what }: Wording,
  namesOf: (keys: readonly string[]) => ReadonlyMap<string, string>,
): Listed {
  const keys = Object.keys(revocations).sort(compareBytes);
  if (keys.length === 0) throw new NscError('item-not-found', none);
  const names = namesOf(keys);
  return {
    kind: 'listed',
    title,
    columns: [
      {
        key: 'public_key',
        title: 'Public Key',
        show: ({ public_key }) => (public_key === EVERYONE ? `* [${everyone}]` : `${public_key}`),
      },
      { key: 'name', title: owner, show: ({ name }) => `${name ?? ''}` },
      {
        key: 'revoked_until',
        title: `${what} Refused Up To`,
        show: ({ revoked_until }) => formatDate(revoked_until as Int64),
      },
    ],
    rows: keys.map((key) => {
      const name = names.get(key);
      return { public_key: key, ...(name !== undefined && { name }), revoked_until: revocations[key] };
    }),
    whenEmpty: '',
  };
}

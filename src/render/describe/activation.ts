import type { ActivationClaims } from '../../domain/claims/types.js';
import { encodeBase32 } from '../../lib/base32.js';
import { sha256 } from '../../lib/ed25519.js';
import { typeText } from './exports.js';
import { type Table, textRow, type View } from './rows.js';
import { standardRows } from './standard.js';

export function activationTables(claims: ActivationClaims, view: View): Table[] {
  const { kind, subject = '' } = claims.nats;
  return [
    {
      title: 'Activation',
      groups: [
        [
          ...standardRows('Account ID', claims, claims.nats, view),
          ...textRow('Hash ID', hashId(claims)),
          ['Import Type', typeText(kind)],
          ['Import Subject', subject],
        ],
      ],
    },
  ];
}

/** The name of an activation among those of its issuer; undefined while a part is missing (jwt-nkeys.md §3.6). */
function hashId({ iss, sub, nats: { subject } }: ActivationClaims): string | undefined {
  if (!iss || !sub || !subject) return undefined;
  const tokens = subject.split('.');
  const wildcard = tokens.findIndex((token) => token === '*' || token === '>');
  const literal = wildcard < 0 ? subject : wildcard === 0 ? '_' : tokens.slice(0, wildcard).join('.');
  const text = encodeBase32(sha256(`${iss}.${sub}.${literal}`));
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

import { activationId } from '../../domain/claims/activation-id.js';
import type { ActivationClaims } from '../../domain/claims/types.js';
import { typeText } from './exports.js';
import { ACTIVATION, otherClaims } from './other.js';
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
          ...textRow('Hash ID', activationId(claims)),
          ['Import Type', typeText(kind)],
          ['Import Subject', subject],
        ],
        otherClaims(claims, ACTIVATION),
      ],
    },
  ];
}

import type { Int64, RegisteredClaims } from '../../domain/claims/types.js';
import { dateText, keyText, listRows, type Row, textRow, type View } from './rows.js';

/** What the body of every kind of token has in common. */
interface CommonBody {
  readonly issuer_account?: string;
  readonly tags?: readonly string[];
  readonly version?: Int64;
}

/** The version of tokens that needs no mention. */
const CURRENT_VERSION = 2;

/**
 * The rows every token starts with: who it is for, who issued it and when it holds (reference: nsc-core.md §9.17).
 * `Not Before` and what stands below the tags are ours: nsc never shows them (E-64).
 */
export function standardRows(idLabel: string, claims: RegisteredClaims, body: CommonBody, view: View): Row[] {
  const { name, sub = '', iss = '', iat, nbf, exp, jti, aud } = claims;
  const { version = CURRENT_VERSION } = body;
  const notYet = nbf !== undefined && nbf > view.now ? ' (not yet valid)' : '';
  const expired = exp !== undefined && exp > 0 && exp < view.now ? ' (expired)' : '';
  return [
    ...textRow('Name', name),
    [idLabel, sub],
    ['Issuer ID', iss === sub ? iss : keyText(iss, view)],
    ...textRow('Issuer Account', body.issuer_account && keyText(body.issuer_account, view)),
    ['Issued', dateText(iat)],
    ...(nbf ? [['Not Before', `${dateText(nbf)}${notYet}`]] : []),
    ['Expires', `${dateText(exp)}${expired}`],
    ...listRows('Tags', body.tags),
    ...textRow('Audience', aud),
    ...textRow('JWT ID', jti),
    ...(version === CURRENT_VERSION ? [] : [['JWT Version', String(version)]]),
  ];
}

import type { OperatorClaims } from '../../domain/claims/types.js';
import { OPERATOR, otherClaims } from './other.js';
import { keyText, listRows, type Table, textRow, type View } from './rows.js';
import { standardRows } from './standard.js';

/** The operator and its signing keys. */
export function operatorTables(claims: OperatorClaims, view: View): Table[] {
  const body = claims.nats;
  const details = [
    ...standardRows('Operator ID', claims, body, view),
    ...textRow('Account JWT Server', body.account_server_url),
    ...listRows('Operator Service URLs', body.operator_service_urls),
    ...textRow('System Account', body.system_account && keyText(body.system_account, view)),
    ...textRow('Assert Server Version', body.assert_server_version),
    ['Require Signing Keys', String(body.strict_signing_key_usage ?? false)],
  ];
  return [
    {
      title: 'Operator Details',
      groups: [details, listRows('Signing Keys', [...(body.signing_keys ?? [])].sort()), otherClaims(claims, OPERATOR)],
    },
  ];
}

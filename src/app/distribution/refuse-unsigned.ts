import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import type { PutAccount } from './waiting.js';

/**
 * Servers have no use for an account that only signed itself, as accounts of a managed operator do.
 *
 * @param hint what to do instead
 * @throws NscError `managed-operator`
 */
export function refuseUnsigned({ managed, operator }: Tree, { name, claims }: PutAccount, hint: string): void {
  if (!managed || claims.iss !== claims.sub) return;
  throw new NscError(
    'managed-operator',
    `operator ${quote(operator.name)} is managed elsewhere and has to sign account ${quote(name)} before servers take it, so there is nothing to push`,
    { hint, details: { account: name } },
  );
}

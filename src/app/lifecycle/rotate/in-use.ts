import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { quoteSome } from '../../../lib/display.js';
import { plural } from '../../../lib/plural.js';
import { describeReasons, mendReasons, type ServerReason } from '../server-reason.js';
import { type Dependant, dependantsOf } from './dependants.js';

/**
 * Refuses to take keys out on which something depends.
 *
 * @param keys public keys
 * @param now Unix seconds
 * @throws NscError `still-in-use`; `details` has all of them
 */
export function refuseInUse(tree: Tree, slot: Slot, keys: readonly string[], now: number): void {
  const dependants = dependantsOf(tree, keys, now, slot);
  const [first] = dependants;
  if (!first) return;
  throw new NscError(
    'still-in-use',
    `${first.issuer} cannot leave the ${describeSlot(tree, slot)} yet: ${describeDependants(dependants)}`,
    {
      hint: `sign that anew with: nsc resign --issuer ${first.issuer}`,
      details: { dependants },
    },
  );
}

/** Why servers keep keys from going. */
export const inUseOnServers = (tree: Tree, slot: Slot, reasons: readonly ServerReason[]): NscError =>
  new NscError(
    'still-in-use',
    `the ${describeSlot(tree, slot)} cannot do without the old key yet: ${describeReasons(reasons)}`,
    { hint: mendReasons(tree, reasons), details: { reasons: reasons.map(({ text }) => text) } },
  );

const SHOWN = 5;

/** `it signed 2 users ("A/u", "A/v") and an activation …` */
function describeDependants(dependants: readonly Dependant[]): string {
  const kinds = (['account', 'user', 'activation'] as const).flatMap((kind) => {
    const some = dependants.filter((dependant) => dependant.kind === kind);
    if (some.length === 0) return [];
    const names = some.map(({ account, name }) => (kind === 'account' ? name : `${account}/${name}`));
    return [`${plural(some.length, kind)} (${quoteSome(names, SHOWN)})`];
  });
  return `it signed ${kinds.join(', ')}`;
}

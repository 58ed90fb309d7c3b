import { describeSlot } from '../../../domain/keyring/describe-slot.js';
import type { Slot } from '../../../domain/keyring/slot.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { NscError } from '../../../errors.js';
import { describeReasons, mendReasons, type ServerReason } from '../server-reason.js';
import { getSlotKeys } from './slot-keys.js';

/** Why a key must not sign yet: what it signs would be refused. */
export function unknownToServers(tree: Tree, slot: Slot, reasons: readonly ServerReason[]): NscError {
  const { key = '' } = getSlotKeys(tree, slot).next ?? {};
  return new NscError(
    'rotation-state',
    `servers do not all know ${key} of the ${describeSlot(tree, slot)} yet: ${describeReasons(reasons)}`,
    {
      hint: `${mendReasons(tree, reasons)}; --check-servers=false lets it sign all the same`,
      details: { key, reasons: reasons.map(({ text }) => text) },
    },
  );
}

import { importsOf } from '../../../domain/sharing/imports.js';
import { findReadable } from '../../../domain/tree/readable.js';
import type { AccountEntry, Tree } from '../../../domain/tree/tree.js';
import { verifyAccount } from '../../../domain/trust/verify.js';
import { NscError } from '../../../errors.js';
import { escapeForTerminal } from '../../../lib/display.js';
import type { TaskContext } from '../../command.js';
import type { Reach } from '../../reach.js';
import { isOperatorSlot } from '../rotate/slot-keys.js';
import { describeReasons, mendReasons, reason, type ServerReason } from '../server-reason.js';
import type { Awaited, Readiness } from '../servers-ready.js';
import { nextStep, type Rhythm } from './next-step.js';
import type { KeyedSlot } from './slots.js';

/**
 * Asks servers about every step that is due and waits for them. Where nobody can be reached nothing is ready, which is no
 * obstacle for what does not wait.
 *
 * @throws NscError what `connectAs` throws, but for `remote-failed`
 */
export async function askAboutDue(
  context: TaskContext,
  slots: readonly KeyedSlot[],
  { rhythm, reach }: { readonly rhythm: Rhythm; readonly reach: Reach },
): Promise<Readiness> {
  const due = slots.flatMap(({ slot, keys }): Awaited[] => {
    const next = nextStep(keys, rhythm, context.now);
    if (typeof next === 'string' || next.step === 'start' || next.at > context.now) return [];
    return [{ slot, step: next.step }];
  });
  try {
    const { askReadiness } = await import('../servers-ready.js');
    return await askReadiness(context, due, reach);
  } catch (error) {
    if (!(error instanceof NscError) || error.code !== 'remote-failed') throw error;
    const reasons = [reason('silence', escapeForTerminal(error.message))];
    return { reasonsFor: () => reasons, warnings: [] };
  }
}

/** Why a step has to wait. What this run sends makes servers ready for the next one. */
export function notReady(tree: Tree, reasons: readonly ServerReason[]): NscError {
  const others = reasons.filter(({ kind }) => kind !== 'account');
  const hints = [
    ...(others.length > 0 ? [mendReasons(tree, others)] : []),
    ...(others.length < reasons.length ? ['this run sends servers the accounts they lack: run it again'] : []),
  ];
  return new NscError('remote-partial', `servers are not ready for it: ${describeReasons(reasons)}`, {
    hint: hints.join('; '),
    details: { reasons: reasons.map(({ text }) => text) },
  });
}

/**
 * Names of the accounts that steps before may have pushed in vain: those of every rotation that was ever begun, as one
 * that has ended is what servers need most. What nobody may trust is left out, because it would keep the others from
 * being sent.
 */
export function accountsOfRotations(tree: Tree, slots: readonly KeyedSlot[]): string[] {
  const owners = new Set<string>();
  const exporters = new Set<string>();
  let isEvery = false;
  for (const { slot, keys } of slots) {
    const isRetiring = keys.some(({ state }) => state === 'retiring');
    if (isOperatorSlot(slot)) isEvery ||= isRetiring;
    else if ('account' in slot && keys.some(({ state }) => state !== 'active')) {
      owners.add(slot.account);
      if (isRetiring && slot.kind !== 'user') exporters.add(slot.account);
    }
  }
  if (!isEvery && owners.size === 0) return [];
  const isMeant = ({ claims }: AccountEntry): boolean =>
    isEvery ||
    owners.has(claims.sub ?? '') ||
    importsOf(claims).some(({ account = '', token }) => token && exporters.has(account));
  return tree.accountNames().filter((name) => {
    const account = findReadable(() => tree.findAccount(name));
    return account && isMeant(account) && verifyAccount(account, tree.operator) === undefined;
  });
}

import type { Tree } from '../../../domain/tree/tree.js';
import { quote, quoteSome } from '../../../lib/display.js';
import type { RotationStep } from './repeated.js';
import type { Stepped } from './stepped.js';

/**
 * What whoever runs the servers has to do after a step, and until when. They read the JWT of their operator when they
 * start, and a reload refuses another one. Which keys they trust does not change when one is activated: it was listed
 * before, and the one before still is, whichever of them is the identity or signed the JWT of the operator.
 *
 * @param isPushed whether servers get the accounts without further ado
 */
export function serverNeeds(
  { operator }: Tree,
  step: RotationStep | 'now',
  { stepped, isPushed }: { readonly stepped: Stepped; readonly isPushed: boolean },
): string[] {
  const { accounts, operatorChanged, newKey = '', oldKeys } = stepped;
  const task = `put the new JWT of operator ${quote(operator.name)} into the configuration of every server and restart it`;
  const [old = ''] = oldKeys;
  const until = untilWhen(step, { newKey, old });
  const which = `${accounts.length === 1 ? 'account' : 'accounts'} ${quoteSome(accounts)}`;
  const lines: string[] = [];
  if (operatorChanged && step === 'now' && accounts.length > 0) {
    lines.push(`${task}: before that they refuse the accounts signed anew, and after it the JWTs these had until now`);
  } else if (operatorChanged && step !== 'activate') lines.push(`${task}${until}`);
  // which key of the operator is trusted is not theirs to say
  const untilPushed = step === 'now' && operatorChanged ? '' : until;
  if (accounts.length > 0 && !isPushed) lines.push(`servers need ${which} (nsc push --all)${untilPushed}`);
  return lines;
}

function untilWhen(step: RotationStep | 'now', { newKey, old }: { newKey: string; old: string }): string {
  if (step === 'start') return `; only then: nsc rotate activate ${newKey}`;
  if (step === 'activate') return old === '' ? '' : `; only then: nsc rotate finish ${newKey}`;
  return (step === 'finish' || step === 'now') && old !== '' ? `: until then they trust ${old}` : '';
}

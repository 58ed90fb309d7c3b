import type { AccountLimits, Int64 } from '../../domain/claims/types.js';
import { parseAmount } from '../../lib/amount.js';
import { flag, type InputOf, value } from '../option.js';
import { ok, type Step } from '../result.js';
import { editedAccount } from './current.js';

const amount = (
  long: string,
  help: string,
  field: 'conn' | 'leaf' | 'data' | 'exports' | 'imports' | 'payload' | 'subs',
) =>
  value<Int64>(
    long,
    {
      placeholder: 'N',
      help: `${help} (-1 = unlimited)`,
      defaultText: 'unchanged',
      ask: {
        message: `${help[0]?.toUpperCase()}${help.slice(1)} (-1 = unlimited)`,
        type: 'input',
        default: (workspace, input) => String(editedAccount(workspace, input).nats.limits?.[field] ?? 0),
      },
    },
    parseAmount,
  );

export const accountLimitOptions = {
  conns: amount('conns', 'most client connections', 'conn'),
  leafConns: amount('leaf-conns', 'most leaf node connections', 'leaf'),
  data: amount('data', 'most bytes of data', 'data'),
  exports: amount('exports', 'most exports', 'exports'),
  imports: amount('imports', 'most imports', 'imports'),
  payload: amount('payload', 'largest message in bytes', 'payload'),
  subscriptions: amount('subscriptions', 'most subscriptions', 'subs'),
  wildcardExports: flag('wildcard-exports', { help: 'whether exports may have wildcards', defaultText: 'unchanged' }),
  disallowBearer: flag('disallow-bearer', { help: 'whether bearer tokens are refused', defaultText: 'unchanged' }),
};

const FIELDS = [
  ['conns', 'conn', 'max connections'],
  ['leafConns', 'leaf', 'max leaf node connections'],
  ['data', 'data', 'max data'],
  ['exports', 'exports', 'max exports'],
  ['imports', 'imports', 'max imports'],
  ['payload', 'payload', 'max payload'],
  ['subscriptions', 'subs', 'max subscriptions'],
] as const;

/** Changes what is given and nothing else (E-14). */
export function patchAccountLimits(
  limits: AccountLimits,
  input: Partial<InputOf<typeof accountLimitOptions>>,
): { limits: AccountLimits; steps: Step[] } {
  const patch: AccountLimits = {};
  const steps: Step[] = [];
  for (const [name, field, label] of FIELDS) {
    const given = input[name];
    if (given === undefined) continue;
    patch[field] = given;
    steps.push(ok(`changed ${label} to ${given}`));
  }
  if (input.wildcardExports !== undefined) {
    patch.wildcards = input.wildcardExports;
    steps.push(ok(`changed wildcard exports to ${input.wildcardExports}`));
  }
  if (input.disallowBearer !== undefined) {
    patch.disallow_bearer = input.disallowBearer;
    steps.push(ok(`changed disallow bearer to ${input.disallowBearer}`));
  }
  return { limits: { ...limits, ...patch }, steps };
}

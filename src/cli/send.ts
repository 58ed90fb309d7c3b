import type { Plan, TaskContext } from '../app/command.js';
import type { Delivered } from '../app/distribution/deliver.js';
import type { Signed } from '../app/distribution/managed.js';
import { getResolverUrl } from '../app/distribution/resolver-url.js';
import { shownUrl } from '../app/distribution/shown-url.js';
import type { Waiting } from '../app/distribution/waiting.js';
import type { Result, Step } from '../app/result.js';
import { findReadable } from '../domain/tree/readable.js';
import type { Tree } from '../domain/tree/tree.js';
import { NscError } from '../errors.js';
import type { ChangeSummary } from '../render/changes.js';

/** A plan of which something goes to servers before it is committed. */
export interface Outgoing {
  readonly plan: Plan;
  readonly waiting: Waiting | undefined;
  readonly before: Tree | undefined;
  readonly after: Tree | undefined;
}

export const sendsSomething = ({ plan, waiting }: Outgoing): boolean =>
  plan.delivery !== undefined || (waiting?.url !== undefined && waiting.accounts.length > 0);

/**
 * Sends what servers have to take, and what a managed operator has to sign.
 *
 * @returns the plan that is to be committed instead, with what was sent and came back in its answer
 * @throws NscError as `deliver` and `sendWaiting`; nothing must be committed then
 */
export async function send(
  task: TaskContext,
  outgoing: Outgoing,
): Promise<{ plan: Plan; warnings: readonly string[] }> {
  const { plan, waiting, before, after } = outgoing;
  let delivered: Delivered = { steps: [], warnings: [] };
  let signed: Signed = { replaced: new Map(), steps: [], warnings: [] };
  if (plan.delivery) {
    const { deliver } = await import('../app/distribution/deliver.js');
    delivered = await deliver(task, plan.delivery);
  }
  if (waiting?.url !== undefined && after) {
    const { sendWaiting } = await import('../app/distribution/managed.js');
    signed = await sendWaiting(task, waiting, { before, after });
  }
  const changes = plan.changes.map((change) => signed.replaced.get(change) ?? change);
  const result = tell(plan.result, delivered.steps, signed.steps);
  return { plan: { ...plan, changes, result }, warnings: [...delivered.warnings, ...signed.warnings] };
}

/** What is sent, or would be: objects and where they go; what goes before the commit, then what follows it. */
export const summarizeSends = (outgoing: Outgoing): ChangeSummary[] => [
  ...summarizeFirst(outgoing),
  ...summarizePush(outgoing),
];

function summarizeFirst({ plan, waiting, after }: Outgoing): ChangeSummary[] {
  const { delivery } = plan;
  const url = waiting?.url;
  const sends =
    url === undefined
      ? []
      : (waiting?.accounts ?? []).map(({ name, claims }) => sent(name, claims.sub ?? '', shownUrl(url)));
  if (!delivery || !after) return sends;
  const servers = shownUrl(getResolverUrl(after, delivery.reach.url));
  const { name, claims } = delivery.account;
  const publicKey = claims.sub ?? '';
  return [
    sent(name, publicKey, servers),
    ...(delivery.deletes ? [{ action: 'delete', type: 'account', publicKey, servers } as const] : []),
    ...sends,
  ];
}

/** The accounts that servers get after the commit; without changes they are as the store has them. */
function summarizePush({ plan: { push }, before, after }: Outgoing): ChangeSummary[] {
  const tree = after ?? before;
  if (!push || !tree) return [];
  const servers = shownUrl(getResolverUrl(tree, push.reach.url));
  return push.accounts.map((name) => sent(name, findReadable(() => tree.findAccount(name))?.claims.sub ?? '', servers));
}

const sent = (name: string, publicKey: string, servers: string): ChangeSummary => ({
  action: 'send',
  type: 'account',
  name,
  publicKey,
  servers,
});

function tell(result: Result, before: readonly Step[], after: readonly Step[]): Result {
  if (result.kind !== 'changed') return result;
  return { ...result, steps: [...before, ...result.steps, ...after] };
}

/**
 * Says with a failure that comes after something was sent, that servers have it.
 *
 * @throws what the action throws
 */
export function knowingSent<Found>(outgoing: Outgoing, action: () => Found): Found {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof NscError) || !sendsSomething(outgoing)) throw error;
    const { code, message, hint, details } = error;
    throw new NscError(code, `${message}; servers have what was sent all the same, and nothing was changed here`, {
      ...(hint !== undefined && { hint }),
      details: { ...details, sent: summarizeFirst(outgoing).flatMap(({ name }) => name ?? []) },
      cause: error,
    });
  }
}

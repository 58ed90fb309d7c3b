import type { Plan } from '../app/command.js';
import { NscError } from '../errors.js';
import { commit } from './commit.js';
import type { Invocation, OpenContext } from './run.js';

/**
 * Stores the keys that a plan makes before servers learn of them, so that none is lost whatever comes then: who has sent
 * an account to its server and is killed has its key.
 *
 * @param action sends; when it fails and servers have taken nothing, the keys go again
 * @throws what the action throws, which says so when keys stay
 */
export async function withSeedsStored<Found>(
  invocation: Invocation,
  { plan, context }: { readonly plan: Plan; readonly context: OpenContext },
  action: () => Promise<Found>,
): Promise<Found> {
  const { workspace } = context;
  const target = { operator: plan.operator ?? workspace.selected.operator };
  const seeds = plan.changes.filter((change) => change.type === 'put-seed');
  const fresh = seeds.filter(
    ({ publicKey }) => !workspace.isSealed(publicKey) && workspace.findKeyPair(publicKey) === undefined,
  );
  if (fresh.length === 0) return action();
  await commit(invocation, { workspace, target, changes: fresh });
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof NscError)) throw error;
    const { code, message, hint, details } = error;
    if (Array.isArray(details.sent) && details.sent.length === 0) {
      const changes = fresh.map(({ publicKey }) => ({ type: 'delete-seed', publicKey }) as const);
      await commit(invocation, { workspace, target, changes });
      throw error;
    }
    const keys = fresh.map(({ publicKey }) => publicKey);
    throw new NscError(code, `${message}; the keystore has what was made for it: ${keys.join(', ')}`, {
      ...(hint !== undefined && { hint }),
      details: { ...details, keys },
      cause: error,
    });
  }
}

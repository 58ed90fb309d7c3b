import type { Place, TaskContext } from '../app/command.js';
import type { Invocation } from './run.js';
import { talkOf } from './talk.js';

/** The context of a command that needs the world. Nothing of the store is read before the command looks. */
export function openTask(invocation: Invocation, place: Place | undefined): TaskContext {
  const context = invocation.openContext(place);
  const { world, globals, ports, signer } = invocation;
  return {
    get workspace() {
      return context.workspace;
    },
    get tree() {
      return context.tree;
    },
    get interrupted() {
      return world.interrupted;
    },
    now: context.now,
    newKey: context.newKey,
    ...(signer && { signer }),
    ports,
    talk: talkOf(invocation),
    dryRun: globals.dryRun ?? false,
    refresh: () => invocation.openContext(place),
    commit: async (plan) => (await import('./mutate.js')).commitPlan(plan, invocation, place),
  };
}

import type { Change } from '../domain/change.js';
import { type CommitTarget, commitChanges, isSecret } from '../store/commit.js';
import type { StoreWorkspace } from '../store/workspace.js';

/**
 * Makes ready to commit: a locked keystore gets its seeds and creds encrypted.
 *
 * @returns commits, in one go and without a pause; throws what `commitChanges` throws
 */
export async function prepareCommit(
  workspace: StoreWorkspace,
  target: CommitTarget,
  changes: readonly Change[],
): Promise<() => void> {
  const seal = changes.some(isSecret) ? workspace.seal : undefined;
  if (!seal) return () => commitChanges(workspace, target, changes);
  const { sealChanges } = await import('../store/seal/seal-changes.js');
  const sealed = await sealChanges(seal, changes);
  return () => commitChanges(workspace, target, changes, { sealed });
}

/** Commits at once. Throws as {@link prepareCommit}. */
export async function commit(
  workspace: StoreWorkspace,
  target: CommitTarget,
  changes: readonly Change[],
): Promise<void> {
  (await prepareCommit(workspace, target, changes))();
}

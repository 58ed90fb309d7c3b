import type { Change } from '../domain/change.js';
import { type CommitTarget, commitChanges, isSecret } from '../store/commit.js';
import { refuseUnmarked } from '../store/seal/seal.js';
import type { StoreWorkspace } from '../store/workspace.js';
import { lockKeystoreOf } from './lock-store.js';
import type { Invocation } from './run.js';

/** Whose changes they are, and who waits for a lock. */
type Committer = Pick<Invocation, 'world' | 'globals' | 'opened' | 'path'>;

/** What is to be committed, and where. */
export interface Commitment {
  readonly workspace: StoreWorkspace;
  readonly target: CommitTarget;
  readonly changes: readonly Change[];
}

/**
 * Commits. A locked keystore gets its seeds and creds encrypted, and whom they are for does not change meanwhile: what is
 * encrypted for an identity that another command removes would be lost.
 *
 * @param act is given what commits, in one go and without a pause; default: does that
 * @throws what `commitChanges` throws, `store-corrupt`, `store-locked`, and what `act` throws
 */
export async function commit(
  { world, globals, opened, path }: Committer,
  { workspace, target, changes }: Commitment,
  act: (commit: () => void) => void = (commit) => commit(),
): Promise<void> {
  const hasSecrets = changes.some(isSecret);
  if (!hasSecrets || !workspace.seal) {
    if (hasSecrets) refuseUnmarked(workspace.keystoreDir, opened);
    return act(() => commitChanges(workspace, target, changes));
  }
  const release = await lockKeystoreOf(workspace, path, world, globals);
  try {
    workspace.rereadSeal();
    const { sealChanges } = await import('../store/seal/seal-changes.js');
    const sealed = workspace.seal && (await sealChanges(workspace.seal, changes));
    act(() => commitChanges(workspace, target, changes, { sealed }));
  } finally {
    release();
  }
}

import { ok, type Step } from './result.js';
import type { Workspace } from './workspace.js';

/** What a report says about the creds of a user whose token was signed: they are written if its seed is at hand. */
export function reportCreds(
  workspace: Workspace,
  user: { readonly operator: string; readonly account: string; readonly name: string },
  isWritten: boolean,
): Step {
  if (!isWritten) return ok('no creds file was written: the seed of the user is not at hand');
  return ok(`generated user creds file \`${workspace.credsPath(user.operator, user.account, user.name)}\``);
}

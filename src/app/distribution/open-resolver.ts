import { NscError } from '../../errors.js';
import type { TaskContext } from '../command.js';
import type { Reach } from '../reach.js';
import type { Resolver } from '../resolver.js';
import { getResolverUrl, isAccountServerUrl } from './resolver-url.js';
import { type Access, type SystemUser, systemUsers } from './system-user.js';

/**
 * How long a request may take unless somebody says otherwise (nsc-distribution.md §1.11): servers have answers at hand,
 * an account server may sign first.
 */
const PATIENCE_MS = { nats: 1000, http: 10_000 };

type World = Pick<TaskContext, 'tree' | 'now' | 'newKey' | 'ports' | 'refresh'>;

/**
 * Connects to what keeps the accounts of the operator.
 *
 * @param clientName what servers show as the name of this client: `nsc_push`, `nsc_pull`
 * @param access `reads` where nothing is sent or deleted
 * @throws NscError what {@link getResolverUrl}, {@link systemUsers} and `Resolvers.open` throw
 */
export async function openResolver(
  context: World,
  reach: Reach,
  clientName: string,
  access: Access = 'changes',
): Promise<Resolver> {
  return (await connectAs(context, reach, clientName, access)).resolver;
}

/** {@link openResolver}, and as whom: the first that servers let in, and nobody for account servers. */
export async function connectAs(
  context: World,
  reach: Reach,
  clientName: string,
  access: Access = 'changes',
): Promise<{ readonly resolver: Resolver; readonly user: SystemUser | undefined }> {
  const url = getResolverUrl(context.tree, reach.url);
  const kind = isAccountServerUrl(url) ? 'http' : 'nats';
  const openAs = (user: SystemUser | undefined): Promise<Resolver> =>
    context.ports.resolvers.open({
      url,
      clientName,
      identity: () => {
        if (!user) throw new Error('account servers are not asked as somebody');
        // asked again when the connection was lost, perhaps much later
        return user.identity(context.refresh().now);
      },
      tls: reach.tls,
      timeoutMs: reach.timeoutMs ?? PATIENCE_MS[kind],
    });
  if (kind === 'http') return { resolver: await openAs(undefined).catch(suggestOther), user: undefined };

  let refused: unknown;
  let tried = 0;
  for (const user of systemUsers(context, reach, access)) {
    try {
      return { resolver: await openAs(user), user };
    } catch (error) {
      if (!isRefused(error)) suggestOther(error);
      refused ??= user.refusal ?? error;
    }
    tried += 1;
    if (tried === MOST_TRIED) break;
  }
  throw refused;
}

/** Users that are tried; a server that knows nobody takes seconds to refuse one. */
const MOST_TRIED = 4;

/** Whether a server was there, and did not want this user. */
const isRefused = (error: unknown): boolean =>
  error instanceof NscError &&
  Array.isArray(error.details.servers) &&
  error.details.servers.some(({ isRefusal }) => isRefusal === true);

/** Who cannot be reached may not run, or be named wrong. */
function suggestOther(error: unknown): never {
  if (!(error instanceof NscError) || error.code !== 'remote-failed' || error.hint !== undefined) throw error;
  throw new NscError(error.code, error.message, {
    hint: 'see that it runs and can be reached from here, or name another one: --account-jwt-server-url URL',
    details: error.details,
    cause: error,
  });
}

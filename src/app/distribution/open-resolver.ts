import type { TaskContext } from '../command.js';
import type { Reach } from '../reach.js';
import type { Resolver } from '../resolver.js';
import { getResolverUrl, isAccountServerUrl } from './resolver-url.js';
import { type Access, getSystemUser, type SystemUser } from './system-user.js';

type World = Pick<TaskContext, 'tree' | 'now' | 'newKey' | 'ports' | 'refresh'>;

/**
 * Connects to what keeps the accounts of the operator.
 *
 * @param clientName what servers show as the name of this client: `nsc_push`, `nsc_pull`
 * @param access `reads` where nothing is sent or deleted
 * @throws NscError what {@link getResolverUrl}, {@link getSystemUser} and `Resolvers.open` throw
 */
export async function openResolver(
  context: World,
  reach: Reach,
  clientName: string,
  access: Access = 'changes',
): Promise<Resolver> {
  return (await connectAs(context, reach, clientName, access)).resolver;
}

/** {@link openResolver}, and as whom: nobody for account servers. */
export async function connectAs(
  context: World,
  reach: Reach,
  clientName: string,
  access: Access = 'changes',
): Promise<{ readonly resolver: Resolver; readonly user: SystemUser | undefined }> {
  const url = getResolverUrl(context.tree, reach.url);
  const user = isAccountServerUrl(url) ? undefined : getSystemUser(context, reach, access);
  const resolver = await context.ports.resolvers.open({
    url,
    clientName,
    identity: () => {
      if (!user) throw new Error('account servers are not asked as somebody');
      // asked again when the connection was lost, perhaps much later
      return user.identity(context.refresh().now);
    },
    tls: reach.tls,
    timeoutMs: reach.timeoutMs,
  });
  return { resolver, user };
}

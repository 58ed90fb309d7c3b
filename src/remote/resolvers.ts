import type { Nats } from '../app/nats.js';
import type { Resolver, Resolvers, ResolverTarget } from '../app/resolver.js';
import { NscError } from '../errors.js';

/** What keeps accounts, by the scheme of the URL. The code of either kind is loaded when it is needed. */
export const resolversOf = ({ nats }: { readonly nats: Nats }): Resolvers => ({
  async open(target): Promise<Resolver> {
    const schemes = new Set(
      splitUrls(target.url).map((url) => /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase()),
    );
    if ([...schemes].every((scheme) => NATS_SCHEMES.has(scheme))) {
      const { openNatsResolver } = await import('./nats-resolver.js');
      return openNatsResolver(nats, { ...target, urls: splitUrls(target.url) });
    }
    if ([...schemes].every((scheme) => scheme === 'http' || scheme === 'https') && !target.url.includes(',')) {
      const { openHttpResolver } = await import('./http-resolver.js');
      return openHttpResolver(target);
    }
    throw new NscError(
      'bad-value',
      'accounts are kept where a URL of http or https leads to, or one or several of NATS',
      {
        hint: 'for example nats://host:4222,nats://other:4222 or https://host/jwt/v1',
      },
    );
  },
});

const NATS_SCHEMES: ReadonlySet<string | undefined> = new Set(['nats', 'tls', 'ws', 'wss']);

const splitUrls = (url: ResolverTarget['url']): string[] => [...new Set(url.split(',').map((one) => one.trim()))];

import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';

/** Ways to servers that keep accounts (nsc-distribution.md §1.1, S-13). */
const SCHEMES = ['http', 'https', 'nats', 'tls', 'ws', 'wss'];

/**
 * Checks that accounts can be sent to a URL: one of an account server, or one or several of NATS with commas between them.
 *
 * @throws NscError `bad-value`; the message has nothing of the URL but its scheme
 */
export function checkResolverUrl(given: string): void {
  const urls = given.split(',').map((url) => url.trim());
  for (const url of urls) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^/?#]/i.exec(url)?.[1]?.toLowerCase();
    if (scheme === undefined) {
      throw new NscError('bad-value', 'the URL of an account server begins with a scheme and names a host', {
        hint: 'as in: nats://127.0.0.1:4222',
      });
    }
    if (!SCHEMES.includes(scheme)) {
      throw new NscError('bad-value', `scheme ${quote(scheme)} is not supported (${SCHEMES.join(', ')})`);
    }
    if (urls.length > 1 && scheme.startsWith('http')) {
      throw new NscError(
        'bad-value',
        'several URLs can be given where NATS is spoken, not for account servers with HTTP',
      );
    }
  }
}

/** Whether an account server with HTTP is meant, rather than servers of NATS. */
export const isAccountServerUrl = (url: string): boolean => /^\s*https?:\/\//i.test(url);

/**
 * Where accounts go: what was given, or else what the operator says.
 *
 * @throws NscError `missing-option` for neither, `bad-value`
 */
export function getResolverUrl({ operator }: Tree, given: string | undefined): string {
  const url = given || operator.claims.nats.account_server_url || '';
  if (url === '') {
    throw new NscError('missing-option', `operator ${quote(operator.name)} has no account server URL`, {
      hint: 'set one with: nsc edit operator --account-jwt-server-url nats://127.0.0.1:4222',
    });
  }
  checkResolverUrl(url);
  return url;
}

/** What a path asks for. */
export type Route =
  | { readonly kind: 'alive' | 'help' | 'health' | 'operator' | 'pack' }
  | { readonly kind: 'account'; readonly key: string };

const FIXED: Readonly<Record<string, Route>> = {
  '/healthz': { kind: 'health' },
  '/jwt/v1/help': { kind: 'help' },
  '/jwt/v1/operator': { kind: 'operator' },
  '/jwt/v2/operator': { kind: 'operator' },
  '/jwt/v1/accounts': { kind: 'alive' },
  '/jwt/v1/accounts/': { kind: 'alive' },
  '/jwt/v1/pack': { kind: 'pack' },
};

const ACCOUNTS = '/jwt/v1/accounts/';

/** The paths of an account server (nsc-distribution.md §6.1); undefined for others. */
export function findRoute(path: string): Route | undefined {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined;
  if (fixed) return fixed;
  const key = path.startsWith(ACCOUNTS) ? path.slice(ACCOUNTS.length) : '';
  return key === '' || key.includes('/') ? undefined : { kind: 'account', key };
}

/** What `/jwt/v1/help` tells. */
export const HELP = `GET  /healthz                     200 when the store can be read
GET  /jwt/v1/operator             the JWT of the operator
GET  /jwt/v1/accounts/            200, so that servers see that somebody is there
GET  /jwt/v1/accounts/KEY         the JWT of an account
GET  /jwt/v1/pack?max=N           accounts, a line each: KEY|JWT
POST /jwt/v1/accounts/KEY         takes the JWT of an account, where that is allowed

A JWT has an ETag and is not sent again to those who name it in If-None-Match.
?text=true    as plain text
?decode=true  decoded, for people to read
?check=true   404 for an account that has expired
`;

/** What a path asks for. */
export type Route =
  | { readonly kind: 'alive' | 'help' | 'health' | 'operator' | 'pack' }
  /** The keys of the operator and of all accounts, or of the operator alone. */
  | { readonly kind: 'jwks' | 'operator-jwks' }
  | { readonly kind: 'account' | 'account-jwks'; readonly key: string };

const FIXED: Readonly<Record<string, Route>> = {
  '/healthz': { kind: 'health' },
  '/jwt/v1/help': { kind: 'help' },
  '/jwt/v1/operator': { kind: 'operator' },
  '/jwt/v2/operator': { kind: 'operator' },
  '/jwt/v1/operator/jwks.json': { kind: 'operator-jwks' },
  '/jwt/v1/accounts': { kind: 'alive' },
  '/jwt/v1/accounts/': { kind: 'alive' },
  '/jwt/v1/pack': { kind: 'pack' },
  '/.well-known/jwks.json': { kind: 'jwks' },
};

const ACCOUNTS = '/jwt/v1/accounts/';
const JWKS = '/jwks.json';

/** The paths of an account server (nsc-distribution.md §6.1), and of key sets; undefined for others. */
export function findRoute(path: string): Route | undefined {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined;
  if (fixed) return fixed;
  const rest = path.startsWith(ACCOUNTS) ? path.slice(ACCOUNTS.length) : '';
  const isSet = rest.endsWith(JWKS);
  const key = isSet ? rest.slice(0, -JWKS.length) : rest;
  return key === '' || key.includes('/') ? undefined : { kind: isSet ? 'account-jwks' : 'account', key };
}

/** What `/jwt/v1/help` tells. */
export const HELP = `GET  /healthz                       200 when the store can be read
GET  /jwt/v1/operator               the JWT of the operator
GET  /jwt/v1/operator/jwks.json     the public keys that sign accounts, as a JSON Web Key Set
GET  /jwt/v1/accounts/              200, so that servers see that somebody is there
GET  /jwt/v1/accounts/KEY           the JWT of an account
GET  /jwt/v1/accounts/KEY/jwks.json the public keys that sign its users
GET  /jwt/v1/pack?max=N             accounts, a line each: KEY|JWT
GET  /.well-known/jwks.json         the public keys of the operator and of all accounts
POST /jwt/v1/accounts/KEY           takes the JWT of an account, where that is allowed

A JWT or key set has an ETag and is not sent again to those who name it in If-None-Match.
?text=true    as plain text
?decode=true  decoded, for people to read
?check=true   404 for an account that has expired
?account=KEY  of a key set: of one account alone
`;

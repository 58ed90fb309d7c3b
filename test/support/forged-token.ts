import { KEYS, type KeyName } from '../domain/trust/hierarchy.js';

/** A token with members of its payload replaced and signed by a key: what no tool of ours would issue. */
export function forgeToken(token: string, members: Readonly<Record<string, unknown>>, by: KeyName): string {
  const [header = '', payload = ''] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), iss: KEYS[by].publicKey, ...members };
  const text = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${text}.${Buffer.from(KEYS[by].sign(text)).toString('base64url')}`;
}

/** An entry whose token does not hold what its issuer signed. */
export function alter<Found extends { readonly token: string }>(entry: Found): Found {
  const [header, payload, signature = ''] = entry.token.split('.');
  const flipped = signature.startsWith('A') ? 'B' : 'A';
  return { ...entry, token: `${header}.${payload}.${flipped}${signature.slice(1)}` };
}

import type { AccountClaims, Import } from '../claims/types.js';

/** The imports of an account, without the empty entries that some tokens have (jwt-nkeys.md I1). */
export const importsOf = ({ nats }: AccountClaims): Import[] => (nats.imports ?? []).filter((entry) => entry !== null);

import type { UserClaims, UserPermissionLimits } from '../../domain/claims/types.js';
import type { TokenOf } from '../../domain/token/token.js';
import type { AccountEntry, Tree } from '../../domain/tree/tree.js';
import type { Secret } from '../../lib/secret.js';

/** How somebody connects: the names are those of claims (`CONNECTION_TYPES`). */
export type ConnectionType = 'STANDARD' | 'WEBSOCKET' | 'LEAFNODE' | 'LEAFNODE_WS' | 'MQTT' | 'MQTT_WS' | 'IN_PROCESS';

/** Who wants in, from where and when. */
export interface Asked {
  /** The store that servers are taken to have. */
  readonly tree: Tree;
  readonly token: string;
  /** Absent when a bare JWT was given; undefined when the creds have no valid one. */
  readonly seed?: Secret | undefined;
  readonly connection: ConnectionType;
  /** An IP address. */
  readonly source?: string;
  /** Unix seconds. */
  readonly at: number;
}

/** When the JWT of the user can be read. */
export interface UserFacts extends Asked {
  readonly user: TokenOf<'user'>;
  readonly claims: UserClaims;
}

/** When the account of the user is there. */
export interface AccountFacts extends UserFacts {
  readonly account: AccountEntry;
}

/** When the account accepts who signed the user. */
export interface ConnectionFacts extends AccountFacts {
  /** What counts for the user: its own, or what its scope comes to. */
  readonly limits: UserPermissionLimits;
}

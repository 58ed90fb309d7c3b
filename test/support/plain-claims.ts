import type { RegisteredClaims } from '../../src/domain/claims/types.js';
import type { Entry } from '../../src/domain/tree/tree.js';
import { Aliases } from './aliases.js';

/** The claims of an entry with the names of keys in the place of keys, as answers show them. */
export const plainClaims = ({ claims }: Entry<RegisteredClaims>): unknown => new Aliases().plain(claims);

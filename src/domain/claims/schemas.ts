import { ACCOUNT_BODY } from './account.js';
import { ACTIVATION_BODY } from './activation.js';
import { AUTHORIZATION_REQUEST_BODY, AUTHORIZATION_RESPONSE_BODY } from './authorization.js';
import { OPERATOR_BODY } from './operator.js';
import { REGISTERED_MEMBERS } from './registered.js';
import { always, anyObject, anything, dropped, type Shape } from './schema.js';
import { record } from './schema-record.js';
import { text } from './schema-values.js';
import type { AnyClaims, ClaimKind, ClaimsByKind } from './types.js';
import { USER_BODY } from './user.js';

/** A top-level `type` marks version 1; nothing we write may have one. */
function claimsWith<Body>(nats: Shape<Body>): Shape<never> {
  return record({ ...REGISTERED_MEMBERS, type: dropped(text), nats });
}

const SCHEMAS: Record<ClaimKind, Shape<never>> = {
  operator: claimsWith(always(OPERATOR_BODY)),
  account: claimsWith(always(ACCOUNT_BODY)),
  user: claimsWith(always(USER_BODY)),
  activation: claimsWith(always(ACTIVATION_BODY)),
  authorization_request: claimsWith(always(AUTHORIZATION_REQUEST_BODY)),
  authorization_response: claimsWith(always(AUTHORIZATION_RESPONSE_BODY)),
  // version 1 has the tags outside, too
  generic: record({ ...REGISTERED_MEMBERS, type: dropped(text), tags: dropped(anything), nats: anyObject }),
};

/** The whole payload of a token of that kind, version 2. */
export function schemaOf<Kind extends ClaimKind>(kind: Kind): Shape<ClaimsByKind[Kind]> {
  return SCHEMAS[kind] as Shape<unknown> as Shape<ClaimsByKind[Kind]>;
}

/** The kind a `type` member stands for; any text that is not one of the known ones is `generic` (jwt-nkeys.md §2.5). */
export function kindOfType(type: string): ClaimKind {
  return Object.hasOwn(SCHEMAS, type) ? (type as ClaimKind) : 'generic';
}

/** The kind that claims say they are. */
export function kindOf(claims: AnyClaims): ClaimKind {
  const type = claims.nats?.type;
  return typeof type === 'string' ? kindOfType(type) : 'generic';
}

import type {
  AccountBody,
  AccountClaims,
  ActivationBody,
  ActivationClaims,
  AnyClaims,
  ClaimKind,
  Export,
  GenericClaims,
  Import,
  Issue,
  OperatorBody,
  OperatorClaims,
  RegisteredClaims,
  UserBody,
  UserClaims,
} from '../../../../src/domain/claims/types.js';
import vectors from '../../../vectors/activations.json' with { type: 'json' };

/** Keys and activation tokens made by the Go library. */
export const { keys, tokens } = vectors;

/** Unix seconds at which the tables are checked. */
export const NOW = 1_800_000_000;

/** Claims that break a rule, what is said of them, and their nearest neighbour that breaks none. */
export interface Case {
  readonly kind: ClaimKind;
  /** Rule number, a space, message; in the order of Go. */
  readonly issues: readonly string[];
  readonly broken: AnyClaims;
  readonly fine: AnyClaims;
}

export const write = (issues: readonly Issue[]): string[] => issues.map(({ rule, message }) => `${rule} ${message}`);

type Registered = RegisteredClaims;

export const operator = (nats: OperatorBody, registered: Registered = {}): OperatorClaims => ({
  sub: keys.operator,
  iss: keys.operator,
  ...registered,
  nats,
});

export const account = (nats: AccountBody, registered: Registered = {}): AccountClaims => ({
  sub: keys.importer,
  iss: keys.operator,
  ...registered,
  nats: { limits: { imports: -1, exports: -1, wildcards: true }, ...nats },
});

export const user = (nats: UserBody, registered: Registered = {}): UserClaims => ({
  sub: keys.user,
  iss: keys.importer,
  ...registered,
  nats,
});

export const activation = (nats: ActivationBody, registered: Registered = {}): ActivationClaims => ({
  sub: keys.importer,
  iss: keys.exporter,
  ...registered,
  nats: { subject: 'a.*', kind: 'stream', ...nats },
});

export const response = (nats: Record<string, unknown>, registered: Registered = {}): GenericClaims => ({
  sub: keys.user,
  aud: keys.server,
  iss: keys.importer,
  ...registered,
  nats,
});

export const withExport = (...exports: (Export | null)[]): AccountClaims => account({ exports });

export const service = (more: Export): Export => ({ subject: 'a', type: 'service', ...more });
export const stream = (more: Export): Export => ({ subject: 'a', type: 'stream', ...more });

export const withImport = (...imports: (Import | null)[]): AccountClaims => account({ imports });

export const serviceImport = (more: Import): Import => ({
  subject: 'a',
  account: keys.exporter,
  type: 'service',
  ...more,
});
export const streamImport = (more: Import): Import => ({
  subject: 'a.b',
  account: keys.exporter,
  type: 'stream',
  ...more,
});

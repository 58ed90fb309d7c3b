import type { NatsTls } from './nats.js';

/** How the resolver of an operator is reached: what `push`, `pull`, `diff` and `--push` were given. */
export interface Reach {
  /** In place of the account server URL of the operator. */
  readonly url?: string | undefined;
  /** Name or public key of an account of this store; default: the operator's system account. */
  readonly systemAccount?: string | undefined;
  /** A user of it that is in this store; default: one that is made for the occasion. */
  readonly systemUser?: string | undefined;
  /** Patience with each request; default: what is usual with who is asked. */
  readonly timeoutMs?: number | undefined;
  readonly tls: NatsTls;
}

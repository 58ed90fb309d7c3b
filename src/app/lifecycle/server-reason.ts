import type { Tree } from '../../domain/tree/tree.js';
import { NscError } from '../../errors.js';
import { escapeForTerminal, quote } from '../../lib/display.js';
import type { AbsentServer } from '../resolver.js';

/** Why servers are not ready for a step of a rotation. */
export interface ServerReason {
  /** What mends it: a configuration and a restart, a push, other creds; or an answer of who is absent or silent. */
  readonly kind: 'operator' | 'account' | 'client' | 'silence';
  /** Fit for a terminal. */
  readonly text: string;
}

export const reason = (kind: ServerReason['kind'], text: string): ServerReason => ({ kind, text });

/** Nobody knows what absent servers have. */
export const absentReasons = (absent: readonly AbsentServer[]): ServerReason[] =>
  absent.map((server) => reason('silence', `${escapeForTerminal(server.name)}: ${escapeForTerminal(server.reason)}`));

/** What is found, or why not: single questions may not be allowed. A connection that has ended fails the next one, too. */
export async function attempt<Found>(ask: () => Promise<Found>): Promise<Found | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NscError) return escapeForTerminal(error.message);
    throw error;
  }
}

const SHOWN = 5;

/** The first ones in a line, and how many more there are. */
export const describeReasons = (reasons: readonly ServerReason[]): string =>
  reasons
    .slice(0, SHOWN)
    .map(({ text }) => text)
    .join('; ') + (reasons.length > SHOWN ? ` and ${reasons.length - SHOWN} more` : '');

/** What makes servers ready, for all the reasons there are. */
export function mendReasons({ operator }: Tree, reasons: readonly ServerReason[]): string {
  const has = (kind: ServerReason['kind']): boolean => reasons.some((one) => one.kind === kind);
  return [
    ...(has('operator')
      ? [
          `put the JWT of operator ${quote(operator.name)} into the configuration of these servers (nsc generate config), and restart them: a reload does not do`,
        ]
      : []),
    ...(has('account') ? ['send servers the accounts as they are here: nsc push --all'] : []),
    ...(has('client') ? ['clients need their new creds'] : []),
    ...(has('silence') ? ['see that every server runs and answers; --timeout 10 gives them more time'] : []),
  ].join('; ');
}

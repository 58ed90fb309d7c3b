import { decodeKind } from '../../domain/token/decode.js';
import { findReadable } from '../../domain/tree/readable.js';
import { operatorAuthority } from '../../domain/trust/authority.js';
import { escapeForTerminal } from '../../lib/display.js';
import type { Resolver } from '../resolver.js';
import { attempt, reason, type ServerReason } from './server-reason.js';

/**
 * Asks which servers do not know keys of the operator. They take a new JWT of the operator only when they are started, so
 * each may have another one.
 *
 * @param keys public keys
 * @returns for each key, why servers are not ready for it; undefined where nobody can be asked (account servers)
 */
export async function findDistrust(
  resolver: Pick<Resolver, 'trusted'>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly ServerReason[]> | undefined> {
  const trusted = await attempt(() => resolver.trusted());
  if (trusted === undefined) return undefined;
  if (typeof trusted === 'string') return new Map(keys.map((key) => [key, [reason('silence', trusted)]]));
  const servers = trusted.map((of) => ({
    name: escapeForTerminal(of.server),
    problem: of.problem,
    known: new Set(of.problem === undefined ? of.operators.flatMap(keysOfOperator) : []),
  }));
  return new Map(
    keys.map((key) => [
      key,
      servers.flatMap(({ name, problem, known }): ServerReason[] => {
        if (problem !== undefined) return [reason('silence', `${name}: ${escapeForTerminal(problem)}`)];
        return known.has(key) ? [] : [reason('operator', `${name}: its operator JWT does not have ${key} yet`)];
      }),
    ]),
  );
}

function keysOfOperator(token: string): string[] {
  const claims = findReadable(() => decodeKind(token, 'operator').claims);
  if (!claims) return [];
  const { identity, signingKeys } = operatorAuthority(claims);
  return [identity, ...signingKeys];
}

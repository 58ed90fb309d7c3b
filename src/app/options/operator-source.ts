import { parseDecorated } from '../../domain/creds/creds.js';
import { NscError } from '../../errors.js';
import { quote } from '../../lib/display.js';
import { shownUrl } from '../distribution/shown-url.js';
import type { Option } from '../option.js';
import type { Ports } from '../ports.js';

/** An operator JWT from elsewhere. `token` is there once it was read. */
export interface OperatorSource {
  /** What was named, as a person may see it. */
  readonly given: string;
  /** The name the operator is widely known under, if it is. */
  readonly knownAs?: string;
  readonly token?: string;
}

/** Operators everybody may know by name (reference: nsc-core.md appendix E). */
const WELL_KNOWN: Readonly<Record<string, string>> = { synadia: 'https://api.synadia.io/jwt/v1/operator' };

/** What is read of an operator JWT, and how long it is waited for. */
export const OPERATOR_LIMITS = { maxBytes: 1024 * 1024, timeoutMs: 5000 };

/** An option that names an operator JWT by file, http(s) URL or well-known name. */
export function operatorSourceOption(
  long: string,
  spec: Omit<Option<OperatorSource>, 'long' | 'read' | 'resolve'>,
): Option<OperatorSource> {
  return {
    long,
    complete: 'file',
    ...spec,
    read: (texts) => ({ given: texts[texts.length - 1] ?? '' }),
    resolve: async ({ given }, ports) => readOperatorSource(given, ports),
  };
}

/**
 * The operator JWT at a file, http(s) URL or well-known name; it is not looked into.
 *
 * @throws NscError `file-not-found`, `remote-failed`, `store-io`
 */
export async function readOperatorSource(
  given: string,
  { files, remote, env }: Pick<Ports, 'files' | 'remote' | 'env'>,
): Promise<OperatorSource> {
  const known = wellKnownOperators(env);
  if (/^https?:\/\//i.test(given)) {
    const host = hostOf(given);
    const knownAs = Object.keys(known).find((name) => hostOf(known[name] ?? '') === host);
    const token = parseDecorated(await remote.get(given, OPERATOR_LIMITS)).token.trim();
    return { given: shownUrl(given), token, ...(knownAs !== undefined && { knownAs }) };
  }
  const content = files.read(given);
  if (content !== undefined) return { given, token: parseDecorated(content).token.trim() };
  const source = await findKnownOperator(given, { remote, env });
  if (source) return source;
  throw new NscError(
    'file-not-found',
    `${quote(given)} is neither a file nor an http(s) URL nor the name of a known operator`,
    {
      hint: `known operators: ${Object.keys(known).join(', ')}; NSC_<NAME>_OPERATOR=URL adds one`,
    },
  );
}

/**
 * The operator JWT of an operator that everybody knows, or that a `NSC_<NAME>_OPERATOR` variable names. No file is
 * looked for.
 *
 * @throws NscError `operator-not-found`, `remote-failed`
 */
export async function readKnownOperator(
  given: string,
  { remote, env }: Pick<Ports, 'remote' | 'env'>,
): Promise<OperatorSource> {
  const source = await findKnownOperator(given, { remote, env });
  if (source) return source;
  throw new NscError('operator-not-found', `no operator is known under the name ${quote(given)}`, {
    hint: `known operators: ${Object.keys(wellKnownOperators(env)).join(', ')}; NSC_<NAME>_OPERATOR=URL adds one`,
  });
}

async function findKnownOperator(
  given: string,
  { remote, env }: Pick<Ports, 'remote' | 'env'>,
): Promise<OperatorSource | undefined> {
  const known = wellKnownOperators(env);
  const name = Object.keys(known).find((other) => other.toLowerCase() === given.toLowerCase());
  if (name === undefined) return undefined;
  const token = parseDecorated(await remote.get(known[name] ?? '', OPERATOR_LIMITS)).token.trim();
  return { given, knownAs: name, token };
}

/** The built-in ones and those of `NSC_<NAME>_OPERATOR` variables; a URL may hold any character (E-56). */
function wellKnownOperators(env: Ports['env']): Readonly<Record<string, string>> {
  const own = Object.entries(env).flatMap(([variable, url]) => {
    const name = /^NSC_(.+)_OPERATOR$/i.exec(variable)?.[1];
    return name === undefined || url === undefined ? [] : [[name, url] as const];
  });
  return { ...WELL_KNOWN, ...Object.fromEntries(own) };
}

const hostOf = (url: string): string | undefined =>
  /^https?:\/\/(?:[^/?#]*@)?([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase();

import { quote } from '../../../lib/display.js';
import type { WeightedMapping } from '../types.js';

/*
 * What nats-server demands of subject mappings beyond the rules of the JWT library. A server that finds a fault says
 * nothing and goes on without the mappings of that source.
 */

/** What a destination token makes of the source; undefined arguments are not those of the function. */
type ReadArguments = (args: readonly string[]) => Transform | undefined;

interface Transform {
  /** The first server that knows it, where the oldest ones do not. */
  readonly since?: string;
  /** Which wildcards of the source it refers to, counted from 1. */
  readonly wildcards: readonly number[];
  /** How many values it chooses from, where it does. */
  readonly choices?: number | undefined;
}

/** `{{name(arguments)}}`, the whole of a token. */
const CALL = /^\{\{\s*(\w+)\s*\((.*)\)\s*\}\}$/;

const FUNCTIONS: readonly (readonly [name: RegExp, read: ReadArguments])[] = [
  [/^[wW]ildcard$/, (args) => (args.length === 1 ? readWildcards(args) : undefined)],
  [/^[pP]artition$/, ([choices = '', ...args]) => withChoices(choices, args)],
  [/^[rR]andom$/, ([choices = '', ...args]) => (args.length === 0 ? withChoices(choices, args) : undefined)],
  [/^([sS]plit|[sS]lice)[fF]rom([lL]eft|[rR]ight)$/, (args) => readWildcardAndNumber(args)],
  [/^([lL]eft|[rR]ight)$/, (args) => sinceServer('2.14.7', readWildcardAndNumber(args))],
  [/^[sS]plit$/, (args) => (args.length === 2 ? readWildcards(args.slice(0, 1)) : undefined)],
];

/** Why servers would not map a source to its destinations; nothing when nothing speaks against it. */
export function findMappingFaults(source: string, destinations: readonly WeightedMapping[]): string[] {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const { subject = '' } of destinations) (once.has(subject) ? twice : once).add(subject);
  return [
    ...[...once].flatMap((subject) => findTransformFault(source, subject) ?? []),
    ...[...twice].map((subject) => `destination ${quote(subject)} occurs twice, be it for several clusters`),
  ];
}

/**
 * Why no account must have such a destination: a wildcard makes servers before 2.10 refuse the whole account, and a
 * choice among nothing ends any server when a message comes.
 */
export function findHarm(destination: string): string | undefined {
  const tokens = destination.split('.');
  if (tokens.includes('*')) return `destination ${quote(destination)} has a wildcard`;
  const fatal = tokens.find((token) => (readToken(token)?.choices ?? 1) < 1);
  return fatal === undefined
    ? undefined
    : `destination ${quote(destination)}: ${quote(fatal)} has nothing to choose from`;
}

/** The first thing wrong with a destination for a source; undefined when a server takes it. */
export function findTransformFault(source: string, destination: string): string | undefined {
  const harm = findHarm(destination);
  if (harm !== undefined) return harm;
  const [from, to] = [source.split('.'), destination.split('.')];
  const named = `destination ${quote(destination)}`;
  if ([from, to].some((tokens) => tokens.slice(0, -1).includes('>'))) return `${named}: ">" may only stand at the end`;
  if ((from.at(-1) === '>') !== (to.at(-1) === '>')) {
    return `${named} and ${quote(source)} must both end in ">", or neither`;
  }
  const count = from.filter((token) => token === '*').length;
  for (const token of to) {
    const transform = readToken(token);
    if (!transform) return `${named}: ${quote(token)} is no function of subject mappings, or has other arguments`;
    const isMissing = transform.wildcards.some((wildcard) => count === 0 || wildcard > count);
    if (isMissing) return `${named}: ${quote(token)} refers to a "*" that ${quote(source)} does not have`;
  }
  return undefined;
}

const LITERAL: Transform = { wildcards: [] };

/** What a token of a destination stands for; undefined for a call that servers do not know. */
export function readToken(token: string): Transform | undefined {
  const [, reference] = /^\$([+-]?\d+)$/.exec(token) ?? [];
  if (reference !== undefined) return { wildcards: [Number(reference)] };
  if (token.length <= 4 || !token.startsWith('{{') || !token.endsWith('}}')) return LITERAL;
  const [, name = '', args = ''] = CALL.exec(token) ?? [];
  const [, read] = FUNCTIONS.find(([spelling]) => spelling.test(name)) ?? [];
  return read?.(args.split(/,\s*/));
}

function withChoices(choices: string, args: readonly string[]): Transform | undefined {
  const [number] = readIntegers([choices]) ?? [];
  const wildcards = readIntegers(args);
  if (number === undefined || !wildcards) return undefined;
  const transform = { choices: number, wildcards };
  return wildcards.length === 0 ? sinceServer('2.12', transform) : transform;
}

const sinceServer = (since: string, transform: Transform | undefined): Transform | undefined =>
  transform && { ...transform, since };

const readWildcardAndNumber: ReadArguments = (args) =>
  args.length === 2 && readIntegers(args) ? readWildcards(args.slice(0, 1)) : undefined;

function readWildcards(args: readonly string[]): Transform | undefined {
  const wildcards = readIntegers(args);
  return wildcards && { wildcards };
}

const readIntegers = (args: readonly string[]): number[] | undefined =>
  args.every((text) => /^ *[+-]?\d+ *$/.test(text) && isInt32(Number(text))) ? args.map(Number) : undefined;

const isInt32 = (number: number): boolean => (number | 0) === number;

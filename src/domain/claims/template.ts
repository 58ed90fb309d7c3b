import { goLower, goTrim } from '../../lib/go-lower.js';

/**
 * The functions that a server evaluates in the subjects of a scope's template, and nowhere else (jwt-nkeys.md §3.5,
 * nsc-distribution.md §5.4). Servers from 2.11 on find them anywhere in a subject; older ones only where a function is
 * a whole token.
 */

/** How people write them. */
export const TEMPLATE_FUNCTIONS: readonly string[] = [
  '{{name()}}',
  '{{subject()}}',
  '{{account-name()}}',
  '{{account-subject()}}',
  '{{tag(NAME)}}',
  '{{account-tag(NAME)}}',
];

type FunctionName = 'name' | 'subject' | 'account-name' | 'account-subject' | 'tag' | 'account-tag';

/** A call in an entry of a template. */
export interface TemplateFunction {
  /** As written, with its braces. */
  readonly source: string;
  /** What is between the braces. */
  readonly call: string;
  /** Undefined when servers know no such function. */
  readonly name: FunctionName | undefined;
  /** Which tags: those that begin with this text and a colon. */
  readonly tag?: string;
}

const PLAIN: readonly FunctionName[] = ['name', 'subject', 'account-name', 'account-subject'];
const OF_TAGS: readonly FunctionName[] = ['tag', 'account-tag'];

/** Every pair of double braces in an entry, in order. */
export function findFunctions(entry: string): TemplateFunction[] {
  return [...entry.matchAll(/\{\{([^}]+)\}\}/g)].map(([source, inner = '']) => readFunction(source, goTrim(inner)));
}

/** Whether anything in a text looks like a function to a server. */
export const hasFunction = (entry: string): boolean => /\{\{[^}]+\}\}/.test(entry);

function readFunction(source: string, call: string): TemplateFunction {
  const lower = goLower(call);
  const plain = PLAIN.find((name) => lower === `${name}()`);
  if (plain) return { source, call, name: plain };
  const ofTags = OF_TAGS.find((name) => lower.startsWith(`${name}(`) && lower.endsWith(')'));
  if (!ofTags) return { source, call, name: undefined };
  // The server compares these two without letter case, but takes off the lower-case word only: {{TAG(x)}} asks for "tag(x".
  const argument = call.startsWith(`${ofTags}(`) ? lower.slice(ofTags.length + 1, -1) : lower.slice(0, -1);
  return { source, call, name: ofTags, tag: argument };
}

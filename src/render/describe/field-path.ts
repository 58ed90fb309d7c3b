import { NscError } from '../../errors.js';
import type { JsonValue } from '../../lib/int64-json.js';

type Step = string | number;

/**
 * The value a path leads to, as `describe --field` takes it (reference: nsc-core.md §9.17).
 *
 * `nats.pub.allow[0]`: members between dots, elements in brackets. `nats.mappings["a.b"]` names a member with dots in
 * it (E-51). A member that is absent is null, as in nsc. Throws `bad-value` for a malformed path and `item-not-found`
 * when the path goes through something that has no members or past the end of an array (E-37).
 */
export function readField(payload: JsonValue, path: string): JsonValue {
  let value = payload;
  let passed = '';
  for (const step of parsePath(path)) {
    value = typeof step === 'number' ? element(value, step, passed, path) : member(value, step, passed, path);
    passed += typeof step === 'number' ? `[${step}]` : passed === '' ? step : `.${step}`;
  }
  return value;
}

function member(value: JsonValue, name: string, passed: string, path: string): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notThere(path, `${passed} is ${nameType(value)}, so it has no member "${name}"`);
  }
  return Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

function element(value: JsonValue, index: number, passed: string, path: string): JsonValue {
  if (!Array.isArray(value)) throw notThere(path, `${passed || 'the payload'} is ${nameType(value)}, not a list`);
  const found = value[index];
  if (found !== undefined) return found;
  const count = value.length === 1 ? '1 element' : `${value.length} elements`;
  throw notThere(path, `${passed || 'the payload'} has ${count}, counted from 0`);
}

const notThere = (path: string, why: string): NscError =>
  new NscError('item-not-found', `there is no field ${path}: ${why}`);

function nameType(value: JsonValue): string {
  if (value === null) return 'not there';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'bigint' ? 'a number' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const BRACKET = /\[(?:(-?\d+)|("(?:[^"\\]|\\.)*"))\]/y;
const NAME = /[^.[]+/y;

function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length) {
    const bracket = matchAt(BRACKET, path, at);
    if (bracket) {
      steps.push(bracket[1] === undefined ? unquote(bracket[2] ?? '', path) : Number(bracket[1]));
      at += bracket[0].length;
      continue;
    }
    const dotted = steps.length > 0;
    const name = dotted && path[at] !== '.' ? undefined : matchAt(NAME, path, dotted ? at + 1 : at);
    if (!name) throw malformed(path);
    steps.push(name[0]);
    at += name[0].length + (dotted ? 1 : 0);
  }
  if (steps.length === 0) throw malformed(path);
  return steps;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function unquote(literal: string, path: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw malformed(path);
  }
}

const malformed = (path: string): NscError =>
  new NscError('bad-value', `"${path}" is not a path to a field`, {
    hint: 'write it like nats.limits, nats.pub.allow[0] or nats.mappings["a.b"]',
  });

import type { Issue } from '../types.js';
import { RULES, type RuleNumber } from './rules.js';

/** An issue of a rule; its level is the rule's. */
export function issueOf(rule: RuleNumber, message: string): Issue {
  return { rule, level: RULES[rule], message };
}

/**
 * Issues found inside something a rule speaks of: `X14` over `S3` gives `X14.S3`, and the message starts with the
 * name of the thing. The name is asked for only when there is an issue.
 */
export function within(rule: RuleNumber, issues: readonly Issue[], name?: () => string): Issue[] {
  if (issues.length === 0) return [];
  const prefix = name === undefined ? '' : `${name()}: `;
  return issues.map(({ rule: inner, level, message }) => ({
    rule: `${rule}.${inner}`,
    level,
    message: prefix + message,
  }));
}

/** The same issues with the name of a thing before their messages. */
export function about(name: string, issues: readonly Issue[]): Issue[] {
  return issues.map((found) => ({ ...found, message: `${name}: ${found.message}` }));
}

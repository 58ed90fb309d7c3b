import { readTag } from '../../domain/claims/grammar.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { asking, type InputOf, list } from '../option.js';
import { ok, type Step, warn } from '../result.js';
import type { FindClaims } from './current.js';

export const addTagOptions = {
  tag: list('tag', { placeholder: 'TAG,…', help: 'add tags; they are stored in lower case' }, readTag),
};

export const editTagOptions = {
  ...addTagOptions,
  rmTag: list('rm-tag', { placeholder: 'TAG,…', help: 'remove tags' }, readTag),
};

/** The same with questions of interactive mode. */
export function askingForTags(find: FindClaims<{ nats: { tags?: string[] } }>): typeof editTagOptions {
  const listed = (...world: Parameters<typeof find>): string[] => find(...world).nats.tags ?? [];
  return {
    tag: asking(editTagOptions.tag, { message: 'Tag to add', type: 'list' }),
    rmTag: asking(editTagOptions.rmTag, { message: 'Tags to remove', type: 'checkbox', choices: listed }),
  };
}

/**
 * Adds, removes, drops duplicates and empties, and sorts (reference: nsc-core.md §6.6). Tags that nsc 2.9 kept in their
 * own letter case can be removed, too.
 */
export function patchTags<Body extends { tags?: string[] }>(
  body: Body,
  input: Partial<InputOf<typeof editTagOptions>>,
): { body: Body; steps: Step[] } {
  if (!input.tag && !input.rmTag) return { body, steps: [] };
  const added = (input.tag ?? []).filter((tag) => tag !== '');
  const removed = new Set(input.rmTag);
  const before = body.tags ?? [];
  const tags = [...new Set([...before, ...added])].filter((tag) => !removed.has(readTag(tag))).sort(compareBytes);
  const known = new Set([...before.map(readTag), ...added]);
  return {
    body: { ...body, tags },
    steps: [
      ...added.map((tag) => ok(`added tag ${quote(tag)}`)),
      ...[...removed].map((tag) =>
        known.has(tag) ? ok(`removed tag ${quote(tag)}`) : warn(`tag ${quote(tag)} was not there`),
      ),
    ],
  };
}

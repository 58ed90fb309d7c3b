import { readTag } from '../../domain/claims/grammar.js';
import { compareBytes } from '../../lib/canonical-json.js';
import { quote } from '../../lib/display.js';
import { type InputOf, list } from '../option.js';
import { ok, type Step } from '../result.js';

export const addTagOptions = {
  tag: list('tag', { placeholder: 'TAG,…', help: 'add tags; they are stored in lower case' }, readTag),
};

export const editTagOptions = {
  ...addTagOptions,
  rmTag: list('rm-tag', { placeholder: 'TAG,…', help: 'remove tags' }, readTag),
};

/** Adds, removes, drops duplicates and empties, and sorts (reference: nsc-core.md §6.6). */
export function patchTags<Body extends { tags?: string[] }>(
  body: Body,
  input: Partial<InputOf<typeof editTagOptions>>,
): { body: Body; steps: Step[] } {
  if (!input.tag && !input.rmTag) return { body, steps: [] };
  const added = (input.tag ?? []).filter((tag) => tag !== '');
  const removed = new Set(input.rmTag);
  const before = body.tags ?? [];
  const tags = [...new Set([...before, ...added])].filter((tag) => !removed.has(tag)).sort(compareBytes);
  return {
    body: { ...body, tags },
    steps: [
      ...added.map((tag) => ok(`added tag ${quote(tag)}`)),
      ...[...removed].map((tag) =>
        before.includes(tag) ? ok(`removed tag ${quote(tag)}`) : ok(`tag ${quote(tag)} was not there`),
      ),
    ],
  };
}

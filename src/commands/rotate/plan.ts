import { query } from '../../app/command.js';
import { findImpact } from '../../app/lifecycle/impact/find-impact.js';
import { impactJson, outlineBriefly, outlineImpact } from '../../app/lifecycle/impact/report.js';
import { namedSlots, slotConflicts, slotOptions } from '../../app/lifecycle/schedule/options.js';

export const command = query({
  summary: 'Tell what rotating a key would change, and what to do in which order',
  description:
    'Nothing is changed. It tells which tokens get a new signature (accounts, users, activations), which creds are ' +
    'written anew and where, who never expires, whose seed is elsewhere so that somebody else has to get the new JWT, ' +
    'and what stays because it is revoked. For servers it tells which accounts they need after which step, and when the ' +
    'JWT of the operator in their configuration has to be replaced: servers read that when they start, and a reload ' +
    'refuses another one. The commands to type come last. With --json every token is listed.\n\n' +
    'With --all it goes through the signing keys of the operator, and the signing keys and roles of every account; ' +
    '--identity and --users add those.',
  options: slotOptions,
  positional: { option: 'key', max: 1, placeholder: 'KEY' },
  conflicts: slotConflicts,
  examples: [
    { command: 'nsc rotate plan --role reader', what: 'before the key of a role is replaced' },
    { command: 'nsc rotate plan --all --json', what: 'every token behind every key, for a script' },
  ],

  run(context, input) {
    const { tree } = context;
    const { slots, unreadable } = namedSlots(context, input);
    const impacts = slots.map(({ slot }) => findImpact(context, slot));
    const [only, ...others] = impacts;
    const sections =
      only && others.length === 0 && !input.all
        ? outlineImpact(tree, only)
        : impacts.map((impact) => outlineBriefly(tree, impact));
    const troubles = unreadable.length > 0 ? [{ title: 'Not looked at', lines: unreadable }] : [];
    return {
      kind: 'outlined',
      sections: [...sections, ...troubles],
      whenEmpty: 'there are no keys to rotate',
      data: { slots: impacts.map((impact) => impactJson(tree, impact)), unreadable },
    };
  },
});

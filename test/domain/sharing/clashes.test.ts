import { expect, it } from 'vitest';
import type { Import } from '../../../src/domain/claims/types.js';
import { findClashes } from '../../../src/domain/sharing/clashes.js';
import { serviceFrom, streamFrom } from './accounts.js';

/** What is found about the last of some imports of one account. */
const cases: Record<string, readonly [imports: (Import | null)[], found?: string]> = {
  'different streams': [[streamFrom('a1', 'x'), streamFrom('a1', 'y')]],
  'one stream under two subjects': [
    [streamFrom('a1', 'x'), streamFrom('a1', 'x', { local_subject: 'y' })],
    'duplicate-import',
  ],
  'a stream and a service of one subject': [[streamFrom('a1', 'x'), serviceFrom('a1', 'x')]],
  'streams of two accounts on one subject': [[streamFrom('a1', 'x'), streamFrom('a3', 'x')]],
  'services of two accounts on one subject': [[serviceFrom('a1', 'x'), serviceFrom('a3', 'x')], 'local-subject-taken'],
  'services of two accounts, renamed apart': [[serviceFrom('a1', 'x'), serviceFrom('a3', 'x', { local_subject: 'y' })]],
  'services of two accounts, renamed together': [
    [serviceFrom('a1', 'x.*', { local_subject: 'z.$1' }), serviceFrom('a3', 'y.*', { local_subject: 'z.*' })],
    'local-subject-taken',
  ],
  'services of two accounts, one on a part of what the other is on': [
    [serviceFrom('a1', 'x.>'), serviceFrom('a3', 'x.y')],
    'local-subject-taken',
  ],
  'services of two accounts that overlap, though none is a part of the other': [
    [serviceFrom('a1', 'x.*'), serviceFrom('a3', '*.y')],
  ],
  'services of one account on one subject, which a rule forbids': [[serviceFrom('a1', 'x'), serviceFrom('a1', 'x')]],
  'an empty entry before it': [[null, streamFrom('a1', 'x')]],
};

it.each(Object.entries(cases))('%s', (_what, [imports, found]) => {
  const last = imports.at(-1);
  expect(last && findClashes(imports).get(last)?.code).toBe(found);
});

it('the first of them is not to blame', () => {
  const [first, second] = [serviceFrom('a1', 'x'), serviceFrom('a3', 'x')];
  expect([...findClashes([first, second]).keys()]).toEqual([second]);
});

import { expect, test } from 'vitest';
import type { ChangeSummary } from '../../src/render/changes.js';
import { renderDryRun } from '../../src/render/dry-run.js';
import { loadPaint, plain } from '../../src/render/paint.js';
import { showColor } from './styles.js';

const summaries: ChangeSummary[] = [
  {
    action: 'update',
    type: 'account',
    name: 'A',
    differences: [
      { path: 'exp', after: 2_537_654_400 },
      { path: 'nats.limits.conn', before: -1, after: 10 },
      { path: 'nats.tags[old]', before: 'old' },
      { path: 'nats.description', after: '\u001b[2J' },
    ],
  },
  { action: 'create', type: 'user', name: 'u', account: 'A' },
  { action: 'create', type: 'key', publicKey: 'UAAA' },
  { action: 'delete', type: 'creds', name: 'v', account: 'A' },
  { action: 'select', type: 'account', name: 'A' },
  { action: 'select', type: 'operator', name: '' },
];

test('a dry run shows each object and what would change in it', () => {
  expect([...renderDryRun(summaries, plain)].join('')).toMatchInlineSnapshot(`
    "dry run: nothing is written
    ~ account "A"
        + exp: 2537654400 (2050-06-01 00:00:00 UTC)
        - nats.limits.conn: -1
        + nats.limits.conn: 10
        - nats.tags[old]: "old"
        + nats.description: "\\u001b[2J"
    + user "u" of account "A"
    + key UAAA
    - creds "v" of account "A"
    * select account "A"
    * select no operator
    "
  `);
});

test('a selection may depend on what is selected', () => {
  const summary: ChangeSummary = { action: 'select', type: 'account', name: 'New', insteadOf: 'Old' };
  expect([...renderDryRun([summary], plain)].at(-1)).toBe('* select account "New" where "Old" is selected\n');
});

test('what comes is green, what goes is red', async () => {
  const paint = await loadPaint(true);
  expect(showColor([...renderDryRun(summaries.slice(0, 1), paint)].join(''))).toMatchInlineSnapshot(`
    "dry run: nothing is written
    <33>~<39> <1>account "A"<22>
        <32>+ exp: 2537654400 (2050-06-01 00:00:00 UTC)<39>
        <31>- nats.limits.conn: -1<39>
        <32>+ nats.limits.conn: 10<39>
        <31>- nats.tags[old]: "old"<39>
        <32>+ nats.description: "\\u001b[2J"<39>
    "
  `);
});

test('a dry run of nothing', () => {
  expect([...renderDryRun([], plain)].join('')).toBe('dry run: there is nothing to write\n');
});

import { expect, test } from 'vitest';
import { changed, ok, warn } from '../../src/app/result.js';
import { plain } from '../../src/render/paint.js';
import { renderWritten } from '../../src/render/written.js';
import { colored, piped, showColor, textOf } from './styles.js';

const result = changed(
  ok('generated creds `/home/bob/.nkeys/u.creds`'),
  ok('kept `/home/bob2/x`'),
  warn('the export is public'),
);

test('a mutation reports its steps, with the home directory as ~', async () => {
  expect(await textOf(result)).toMatchInlineSnapshot(`
    "[ OK ] generated creds \`~/.nkeys/u.creds\`
    [ OK ] kept \`/home/bob2/x\`
    [WARN] the export is public
    "
  `);
});

test('the prefix is coloured, the message is not', async () => {
  expect(showColor(await textOf(result, colored))).toMatchInlineSnapshot(`
    "[ <32>OK<39> ] generated creds \`~/.nkeys/u.creds\`
    [ <32>OK<39> ] kept \`/home/bob2/x\`
    [<33>WARN<39>] the export is public
    "
  `);
});

test('steps of a dry run are not reported as done', async () => {
  expect(await textOf({ ...changed(ok('added account "A"')), dryRun: true })).toBe('[ -- ] added account "A"\n');
});

test('a line break in a message cannot pass for a step', async () => {
  expect(await textOf(changed(ok('added x\n[ OK ] added y\u001b[1m')))).toBe(
    '[ OK ] added x\n       [ OK ] added y\\u{1b}[1m\n',
  );
});

test('what was written where', () => {
  const emitted = { kind: 'emitted', what: 'server configuration', content: '', file: '/home/bob/a b.conf' } as const;
  expect(renderWritten(emitted, piped, plain)).toBe('[ OK ] wrote server configuration to `~/a b.conf`\n');
});

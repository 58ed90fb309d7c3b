import { expect, test } from 'vitest';
import { NscError } from '../../src/errors.js';
import { Secret } from '../../src/lib/secret.js';
import { renderError, renderErrorJson, renderWarnings } from '../../src/render/error.js';
import { loadPaint } from '../../src/render/paint.js';
import { colored, piped, showColor } from './styles.js';

const failure = new NscError('already-exists', 'account "A" already exists in `/home/bob/stores`', {
  hint: 'nsc edit account A',
  details: { account: 'A', seed: new Secret('SAAA'), size: 2n ** 60n, tried: new Set(['x']) },
});

test('an error says what is wrong and what mends it', () => {
  expect(renderError(failure, piped)).toMatchInlineSnapshot(`
    "nsc: error: account "A" already exists in \`~/stores\`
    nsc: hint: nsc edit account A
    "
  `);
});

test('without a hint there is one line', () => {
  expect(renderError(new NscError('cancelled', 'cancelled'), piped)).toBe('nsc: error: cancelled\n');
});

test('colour marks the label alone', async () => {
  expect(showColor(renderError(failure, colored, await loadPaint(true)))).toMatchInlineSnapshot(`
    "nsc: <31>error:<39> account "A" already exists in \`~/stores\`
    nsc: <2>hint:<22> nsc edit account A
    "
  `);
});

test('control characters are shown, further lines indented', () => {
  const error = new NscError('bad-name', 'name \u001b[31m\ncandidates:\nnsc: error: x');
  expect(renderError(error, piped)).toMatchInlineSnapshot(`
    "nsc: error: name \\u{1b}[31m
      candidates:
      nsc: error: x
    "
  `);
});

test('a mistake of the program is called one and shows where', () => {
  const text = renderError(new TypeError('x is not a function'), piped);
  expect(text).toContain('nsc: error: internal error: TypeError: x is not a function\n  ');
  expect(text).toContain('error.test.ts');
  expect(text).toContain('\nnsc: hint: ');
  expect(renderError('thrown text', piped)).toContain('internal error: thrown text\n');
});

test('as JSON it is one line without secrets', () => {
  expect(renderErrorJson(failure)).toMatchInlineSnapshot(`
    "{"ok":false,"error":{"code":"already-exists","message":"account \\"A\\" already exists in \`/home/bob/stores\`","hint":"nsc edit account A","details":{"account":"A","seed":"[secret]","size":1152921504606846976,"tried":["x"]}}}
    "
  `);
  expect(JSON.parse(renderErrorJson(new Error('boom'))).error).toMatchObject({ code: 'bug' });
  expect(renderErrorJson(new NscError('cancelled', 'a\nb')).trimEnd()).not.toContain('\n');
});

test('warnings', () => {
  expect(renderWarnings(['one', 'two'], piped)).toBe('nsc: warning: one\nnsc: warning: two\n');
  expect(renderWarnings([], piped)).toBe('');
});

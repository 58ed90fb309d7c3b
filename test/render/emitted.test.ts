import { expect, test } from 'vitest';
import { Secret } from '../../src/lib/secret.js';
import { renderJson } from '../../src/render/json.js';
import { textOf } from './styles.js';

const creds = { kind: 'emitted', what: 'credentials', content: new Secret('SECRET TEXT') } as const;

test('the content is the answer', async () => {
  expect(await textOf(creds)).toBe('SECRET TEXT\n');
  expect(await textOf({ ...creds, content: 'a\n' })).toBe('a\n');
});

test('a file gets the content to the byte', async () => {
  expect(await textOf({ ...creds, file: '/x' })).toBe('SECRET TEXT');
});

test('as JSON, content that went to a file is not repeated', () => {
  expect([...renderJson({ ...creds, data: { user: 'u' } })].join('')).toMatchInlineSnapshot(`
    "{
     "ok": true,
     "what": "credentials",
     "content": "SECRET TEXT",
     "user": "u"
    }
    "
  `);
  expect([...renderJson({ ...creds, file: '/x' })].join('')).toMatchInlineSnapshot(`
    "{
     "ok": true,
     "what": "credentials",
     "file": "/x"
    }
    "
  `);
});

import { describe, expect, it } from 'vitest';
import { operatorSourceOption } from '../../../src/app/options/operator-source.js';
import { textSourceOption, tokenIn } from '../../../src/app/options/token-file.js';
import { operator } from '../../domain/trust/hierarchy.js';
import { caughtAsync } from '../../support/caught.js';
import { FakeWorld, type Given } from '../../support/fake-world.js';

const { token } = operator();
const decorated = `-----BEGIN NATS OPERATOR JWT-----\n${token}\n------END NATS OPERATOR JWT------\n`;

describe('where an operator comes from', () => {
  const option = operatorSourceOption('url', { help: '' });
  const given: Given = {
    files: { 'o.jwt': token, synadia: decorated },
    urls: {
      'https://api.synadia.io/jwt/v1/operator': token,
      'https://API.synadia.io/else': token,
      'http://h:80/a?b=c=d': decorated,
      'http://me:secret@h:80/a': token,
    },
    env: { NSC_Mine_OPERATOR: 'http://h:80/a?b=c=d', NSC__OPERATOR: 'http://x', NSC_HOME: '/x' },
  };
  const read = (text: string, world = given) =>
    Promise.resolve(option.resolve?.(option.read([text]), new FakeWorld(world).ports, {}));

  it.each([
    ['o.jwt', { given: 'o.jwt', token }],
    ['synadia', { given: 'synadia', token }],
    ['SYNADIA', { given: 'SYNADIA', token, knownAs: 'synadia' }],
    ['https://API.synadia.io/else', { given: 'https://API.synadia.io/else', token, knownAs: 'synadia' }],
    ['mine', { given: 'mine', token, knownAs: 'Mine' }],
    ['http://h:80/a?b=c=d', { given: 'http://h:80/a', token, knownAs: 'Mine' }],
    ['http://me:secret@h:80/a', { given: 'http://h:80/a', token, knownAs: 'Mine' }],
  ])('%s', async (text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it('is refused when it is nothing', async () => {
    const { code, message, hint } = await caughtAsync(() => read('nobody'));
    expect({ code, message, hint }).toEqual({
      code: 'file-not-found',
      message: '"nobody" is neither a file nor an http(s) URL nor the name of a known operator',
      hint: 'known operators: synadia, Mine; NSC_<NAME>_OPERATOR=URL adds one',
    });
  });

  it('is refused when the server has nothing', async () => {
    expect((await caughtAsync(() => read('synadia', {}))).code).toBe('remote-failed');
  });
});

describe('where a text comes from', () => {
  const option = textSourceOption('file', { help: '' });
  const read = (text: string, world: Given) =>
    Promise.resolve(option.resolve?.(option.read([text]), new FakeWorld(world).ports, {}));

  it('a file', async () => {
    expect(await read('x', { files: { x: 'content' } })).toEqual({ given: 'x', content: 'content' });
  });

  it('a URL', async () => {
    expect(await read('HTTP://h/x', { urls: { 'HTTP://h/x': 'content' } })).toEqual({
      given: 'HTTP://h/x',
      content: 'content',
    });
  });

  it('a URL with secrets, which are not shown', async () => {
    const url = 'https://me:secret@h/x?key=secret';
    expect(await read(url, { urls: { [url]: 'content' } })).toEqual({ given: 'https://h/x', content: 'content' });
  });

  it('an empty file', async () => {
    expect(await read('x', { files: { x: '' } })).toEqual({ given: 'x', content: '' });
  });

  it('nowhere', async () => {
    const { code, message } = await caughtAsync(() => read('nowhere', {}));
    expect([code, message]).toEqual(['file-not-found', 'there is no file "nowhere"']);
  });

  it.each([
    ['bare', token],
    ['with blanks around', ` ${token}\n`],
    ['decorated', decorated],
  ])('holds a token that is %s', (_what, content) => {
    expect(tokenIn({ given: 'x', content })).toBe(token);
  });
});

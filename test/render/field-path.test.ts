import { expect, test } from 'vitest';
import { NscError } from '../../src/errors.js';
import { readField } from '../../src/render/describe/field-path.js';

const payload = {
  name: 'O',
  exp: 2n ** 60n,
  nats: {
    tags: ['a', 'b'],
    pub: { allow: ['x.>'] },
    mappings: { 'a.b': [{ subject: 'c' }], 'say "hi"': 1 },
    grid: [[1, 2]],
  },
};

test.each([
  ['name', 'O'],
  ['exp', 2n ** 60n],
  ['missing', null],
  ['nats.missing', null],
  ['nats.toString', null],
  ['nats.tags', ['a', 'b']],
  ['nats.tags[1]', 'b'],
  ['nats.pub.allow[0]', 'x.>'],
  ['nats.mappings["a.b"][0].subject', 'c'],
  ['nats.mappings["say \\"hi\\""]', 1],
  ['["nats"].tags[0]', 'a'],
  ['nats.grid[0][1]', 2],
])('%s is found, keys with dots too (E-51)', (path, value) => {
  expect(readField(payload, path)).toEqual(value);
});

function failure(path: string): { code: string; message: string } {
  try {
    readField(payload, path);
  } catch (error) {
    if (error instanceof NscError) return { code: error.code, message: error.message };
  }
  throw new Error(`${path} is accepted`);
}

test.each([
  ['nats.tags[2]', 'there is no field nats.tags[2]: nats.tags has 2 elements, counted from 0'],
  ['nats.tags[-1]', 'there is no field nats.tags[-1]: nats.tags has 2 elements, counted from 0'],
  ['nats.pub.allow[1]', 'there is no field nats.pub.allow[1]: nats.pub.allow has 1 element, counted from 0'],
  ['name.deeper', 'there is no field name.deeper: name is a string, so it has no member "deeper"'],
  ['exp.deeper', 'there is no field exp.deeper: exp is a number, so it has no member "deeper"'],
  ['missing.x', 'there is no field missing.x: missing is not there, so it has no member "x"'],
  ['nats.tags.x', 'there is no field nats.tags.x: nats.tags is a list, so it has no member "x"'],
  ['nats.pub[0]', 'there is no field nats.pub[0]: nats.pub is an object, not a list'],
  ['[0]', 'there is no field [0]: the payload is an object, not a list'],
])('%s is not there', (path, message) => {
  expect(failure(path)).toEqual({ code: 'item-not-found', message });
});

test.each([
  '',
  '.',
  'nats.',
  '.nats',
  'nats..tags',
  'nats.tags[',
  'nats.tags[0',
  'nats.tags[x]',
  'nats.tags[0]x',
  'nats["a',
  'nats["\\q"]',
])('%j is malformed', (path) => {
  expect(failure(path)).toEqual({ code: 'bad-value', message: `"${path}" is not a path to a field` });
});

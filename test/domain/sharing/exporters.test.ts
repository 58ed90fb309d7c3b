import { beforeEach, expect, it } from 'vitest';
import { indexExporters } from '../../../src/domain/sharing/exporters.js';
import { NscError } from '../../../src/errors.js';
import { pub, sharingTree, stream } from './accounts.js';

const tree = sharingTree({ A: { exports: [stream('x')], description: 'long' }, B: {}, C: {} });

/** The tree; `A!` cannot be read. */
let read: string[] = [];
const counting = {
  accountNames: () => ['A', 'A!', 'B', 'C'],
  findAccount(name: string) {
    read.push(name);
    if (name === 'A!') throw new NscError('bad-token', 'broken');
    return tree.findAccount(name);
  },
};
beforeEach(() => {
  read = [];
});

it('reads no account for those that are known', () => {
  const B = tree.findAccount('B');
  const find = indexExporters(counting, B ? [B] : []);
  expect(find(pub('b1'))).toBe(B);
  expect(read).toEqual([]);
});

it('reads every account once, whatever is looked up, and passes over what cannot be read', () => {
  const find = indexExporters(counting);
  const keys = [pub('a1'), pub('b1'), pub('a3'), pub('a1'), pub('ax')];
  expect(keys.map((key) => find(key)?.name)).toEqual(['A', 'B', 'C', 'A', undefined]);
  expect(read).toEqual(['A', 'A!', 'B', 'C']);
});

it('keeps what an account shares, and nothing else', () => {
  expect(indexExporters(counting)(pub('a1'))).toEqual({
    name: 'A',
    claims: { sub: pub('a1'), nats: { exports: [stream('x')], imports: [], signing_keys: [] } },
  });
});

it('another error than of the store is not swallowed', () => {
  const broken = {
    ...counting,
    findAccount: () => {
      throw new TypeError('a mistake');
    },
  };
  expect(() => indexExporters(broken)('x')).toThrow(TypeError);
});

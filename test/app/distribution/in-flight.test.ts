import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inFlight } from '../../../src/app/distribution/in-flight.js';

const later = (turns: number): Promise<void> =>
  turns === 0 ? Promise.resolve() : Promise.resolve().then(() => later(turns - 1));

it('gives the results in order, and never has more under way than it may', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 10 }), async (turns, most) => {
      let running = 0;
      let seen = 0;
      const results = await inFlight(
        turns,
        async (count, index) => {
          running += 1;
          seen = Math.max(seen, running);
          await later(count);
          running -= 1;
          return [count, index];
        },
        most,
      );
      expect(results).toEqual(turns.map((count, index) => [count, index]));
      expect(seen).toBe(Math.min(most, turns.length));
    }),
  );
});

it('starts nothing after the first failure, and waits for what is under way', async () => {
  const started: number[] = [];
  let ended = 0;
  const items = Array.from({ length: 100 }, (_, index) => index);
  const run = async (item: number): Promise<void> => {
    started.push(item);
    await later(item === 3 ? 1 : 10);
    ended += 1;
    if (item === 3 || item === 4) throw new Error(`no ${item}`);
  };
  await expect(inFlight(items, run, 8)).rejects.toThrow('no 3');
  expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(ended).toBe(8);
});

it('of nothing is nothing', async () => {
  expect(await inFlight([], async () => 1)).toEqual([]);
});

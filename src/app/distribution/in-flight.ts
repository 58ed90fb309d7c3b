import type { Resolver } from '../resolver.js';

/** So many requests are under way at once: enough to keep a server busy, few enough for its buffers (S-1). */
const MOST_IN_FLIGHT = 64;

/** Each of them is a connection to an account server (S-3, S-6). */
const MOST_HTTP_IN_FLIGHT = 8;

export const mostInFlight = ({ kind }: Pick<Resolver, 'kind'>): number =>
  kind === 'http' ? MOST_HTTP_IN_FLIGHT : MOST_IN_FLIGHT;

/**
 * Runs a function over items, with a bounded number of them under way.
 *
 * The first rejection ends it: nothing more is started, what is under way is waited for, and the promise is rejected.
 *
 * @param run gets the item and its index
 * @returns the results, in the order of the items
 */
export async function inFlight<Item, Outcome>(
  items: readonly Item[],
  run: (item: Item, index: number) => Promise<Outcome>,
  most: number = MOST_IN_FLIGHT,
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(items.length);
  const failures: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        outcomes[index] = await run(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return outcomes;
}

/** Deriving keys runs on the thread pool; more at a time than this only takes memory. */
const AT_A_TIME = 16;

/** Does something with every item, several at a time. Throws what the first that fails throws. */
export async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const work = async (): Promise<void> => {
    for (const item of left) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, work));
}

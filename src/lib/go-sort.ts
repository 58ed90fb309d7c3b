/**
 * The order in which Go's `sort.Sort` leaves equal elements (jwt-nkeys.md §2.7 item 7): up to twelve elements are
 * sorted stably, longer lists by pattern-defeating quicksort, whose treatment of ties is arbitrary but fixed.
 *
 * Follows the `sort` package of Go (© The Go Authors, BSD-3-Clause), without which bytes could not agree.
 */

type Less<T> = (a: T, b: T) => boolean;

const MAX_INSERTION = 12;
const SHORTEST_NINTHER = 50;
const SHORTEST_SHIFTING = 50;
const MAX_STEPS = 5;
const MAX_SWAPS = 12;

/** A sorted copy of the list. */
export function sortLikeGo<T>(list: readonly T[], less: Less<T>): T[] {
  const sorter = new Sorter([...list], less);
  sorter.sort(0, list.length, 32 - Math.clz32(list.length));
  return sorter.items;
}

type Hint = 'increasing' | 'decreasing' | 'unknown';

class Sorter<T> {
  readonly items: T[];
  readonly #isLess: Less<T>;
  /** Swaps made while the last pivot was chosen. */
  #swaps = 0;

  constructor(items: T[], isLess: Less<T>) {
    this.items = items;
    this.#isLess = isLess;
  }

  /** Sorts the range from `a` up to `b`, falling back to heap sort after `limit` bad pivots. */
  sort(from: number, to: number, limit: number): void {
    let [a, b, left] = [from, to, limit];
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = b - a;
      if (length <= MAX_INSERTION || left === 0) break;
      if (!wasBalanced) {
        this.#breakPatterns(a, b);
        left -= 1;
      }
      let [pivot, hint] = this.#choosePivot(a, b);
      if (hint === 'decreasing') {
        this.#reverse(a, b);
        pivot = b - 1 - (pivot - a);
        hint = 'increasing';
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.#partialInsertionSort(a, b)) return;
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const partition = this.#partition(a, b, pivot);
      wasPartitioned = partition.wasPartitioned;
      const { middle } = partition;
      const threshold = Math.floor(length / 8);
      if (middle - a < b - middle) {
        wasBalanced = middle - a >= threshold;
        this.sort(a, middle, left);
        a = middle + 1;
      } else {
        wasBalanced = b - middle >= threshold;
        this.sort(middle + 1, b, left);
        b = middle;
      }
    }
    if (b - a <= MAX_INSERTION) this.#insertionSort(a, b);
    else this.#heapSort(a, b);
  }

  #less(i: number, j: number): boolean {
    return this.#isLess(this.items[i] as T, this.items[j] as T);
  }

  #swap(i: number, j: number): void {
    const item = this.items[i] as T;
    this.items[i] = this.items[j] as T;
    this.items[j] = item;
  }

  #insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i += 1) {
      for (let j = i; j > a && this.#less(j, j - 1); j -= 1) this.#swap(j, j - 1);
    }
  }

  #heapSort(a: number, b: number): void {
    const size = b - a;
    for (let i = Math.floor((size - 1) / 2); i >= 0; i -= 1) this.#siftDown(i, size, a);
    for (let i = size - 1; i >= 0; i -= 1) {
      this.#swap(a, a + i);
      this.#siftDown(0, i, a);
    }
  }

  #siftDown(low: number, high: number, first: number): void {
    for (let root = low; ; ) {
      let child = 2 * root + 1;
      if (child >= high) return;
      if (child + 1 < high && this.#less(first + child, first + child + 1)) child += 1;
      if (!this.#less(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  #partition(a: number, b: number, pivot: number): { middle: number; wasPartitioned: boolean } {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (let wasPartitioned = true; ; wasPartitioned = false) {
      while (i <= j && this.#less(i, a)) i += 1;
      while (i <= j && !this.#less(j, a)) j -= 1;
      if (i > j) {
        this.#swap(j, a);
        return { middle: j, wasPartitioned };
      }
      this.#swap(i, j);
      i += 1;
      j -= 1;
    }
  }

  /** Elements equal to the pivot to the front; none is smaller. */
  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot);
    let i = a + 1;
    let j = b - 1;
    for (;;) {
      while (i <= j && !this.#less(a, i)) i += 1;
      while (i <= j && this.#less(a, j)) j -= 1;
      if (i > j) return i;
      this.#swap(i, j);
      i += 1;
      j -= 1;
    }
  }

  /** Repairs a nearly sorted range; true when it is sorted afterwards. */
  #partialInsertionSort(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      while (i < b && !this.#less(i, i - 1)) i += 1;
      if (i === b) return true;
      if (b - a < SHORTEST_SHIFTING) return false;
      this.#swap(i, i - 1);
      if (i - a >= 2) for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j -= 1) this.#swap(j, j - 1);
      if (b - i >= 2) for (let j = i + 1; j < b && this.#less(j, j - 1); j += 1) this.#swap(j, j - 1);
    }
    return false;
  }

  #breakPatterns(a: number, b: number): void {
    const length = b - a;
    if (length < 8) return;
    const mask = BigInt(2 ** (32 - Math.clz32(length)) - 1);
    const middle = a + Math.floor(length / 4) * 2;
    let random = BigInt(length);
    for (let at = middle - 1; at <= middle + 1; at += 1) {
      random = nextRandom(random);
      const other = Number(random & mask);
      this.#swap(at, a + (other >= length ? other - length : other));
    }
  }

  #choosePivot(a: number, b: number): [pivot: number, hint: Hint] {
    const quarter = Math.floor((b - a) / 4);
    let [i, j, k] = [a + quarter, a + quarter * 2, a + quarter * 3];
    this.#swaps = 0;
    if (b - a >= SHORTEST_NINTHER) [i, j, k] = [this.#medianAround(i), this.#medianAround(j), this.#medianAround(k)];
    j = this.#median(i, j, k);
    if (this.#swaps === 0) return [j, 'increasing'];
    return [j, this.#swaps === MAX_SWAPS ? 'decreasing' : 'unknown'];
  }

  #medianAround(at: number): number {
    return this.#median(at - 1, at, at + 1);
  }

  #median(a: number, b: number, c: number): number {
    const [low, high] = this.#order(a, b);
    const [middle] = this.#order(high, c);
    return this.#order(low, middle)[1];
  }

  #order(a: number, b: number): [number, number] {
    if (!this.#less(b, a)) return [a, b];
    this.#swaps += 1;
    return [b, a];
  }

  #reverse(a: number, b: number): void {
    for (let [i, j] = [a, b - 1]; i < j; i += 1, j -= 1) this.#swap(i, j);
  }
}

/** Xorshift on 64 bits. */
function nextRandom(state: bigint): bigint {
  let next = state ^ BigInt.asUintN(64, state << 13n);
  next ^= next >> 7n;
  return next ^ BigInt.asUintN(64, next << 17n);
}

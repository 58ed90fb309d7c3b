import type { Tree } from '../../domain/tree/tree.js';

/** What a request sees of the store: all of it as it is at one moment. */
export interface Look {
  readonly tree: Tree;
  /** Unix seconds. */
  readonly now: number;
}

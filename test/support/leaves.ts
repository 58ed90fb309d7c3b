import { type Group, type Leaf, manifest } from '../../src/cli/manifest.js';

/** Every command of the manifest, by its words. */
export function* findLeaves(group: Group = manifest, path = ''): Generator<[path: string, leaf: Leaf]> {
  for (const [name, child] of Object.entries(group.children)) {
    const at = path === '' ? name : `${path} ${name}`;
    if ('children' in child) yield* findLeaves(child, at);
    else yield [at, child];
  }
}

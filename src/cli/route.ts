import { globalOptions } from '../app/options/global.js';
import { takesValue } from './flags.js';
import type { Group, Leaf } from './manifest.js';

/** Where the words of a command line lead. */
export type Route =
  | { readonly kind: 'leaf'; readonly path: string; readonly leaf: Leaf; readonly words: readonly string[] }
  | {
      readonly kind: 'group';
      readonly path: string;
      readonly group: Group;
      readonly words: readonly string[];
      /** A word that names no command of the group. */
      readonly unknown?: string;
    };

/**
 * Follows the words of a command line through the command tree. `words` of the answer are those that belong to the
 * command: flags, wherever they stand, and positional arguments.
 *
 * Flags may stand between and before the command words. A flag that is not a global switch is taken to have the next
 * word as its value (reference: nsc-core.md §1.1).
 */
export function findRoute(root: Group, args: readonly string[]): Route {
  let node: Leaf | Group = root;
  const path: string[] = [];
  const words: string[] = [];
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!('children' in node) || word === '--') {
      words.push(word, ...rest);
      break;
    }
    if (word.length > 1 && word.startsWith('-')) {
      words.push(word, ...(takesNextWord(word) ? rest.splice(0, 1) : []));
      continue;
    }
    const found: [string, Leaf | Group] | undefined = findChild(node, word);
    if (!found) return { kind: 'group', path: path.join(' '), group: node, words, unknown: word };
    path.push(found[0]);
    node = found[1];
  }
  const at = path.join(' ');
  return 'children' in node
    ? { kind: 'group', path: at, group: node, words }
    : { kind: 'leaf', path: at, leaf: node, words };
}

/** A command of the group by name or alias. */
export function findChild(group: Group, word: string): [name: string, node: Leaf | Group] | undefined {
  return Object.entries(group.children).find(([name, node]) => name === word || node.aliases?.includes(word));
}

function takesNextWord(word: string): boolean {
  if (word.includes('=') || word === '--version' || word === '-v') return false;
  const option = Object.values(globalOptions).find(({ long, short }) => word === `--${long}` || word === `-${short}`);
  if (option) return takesValue(option);
  return word.startsWith('--') || word.length === 2;
}

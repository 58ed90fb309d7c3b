import type { Slot } from '../../../domain/keyring/slot.js';
import type { Tree } from '../../../domain/tree/tree.js';
import { slotWords } from '../rotate/slot-keys.js';
import type { StepName } from './next-step.js';

const COMMANDS: Readonly<Record<StepName, string>> = {
  start: 'nsc rotate start',
  activate: 'nsc rotate activate',
  finish: 'nsc rotate finish',
};

/** What a person types to take a step: `nsc rotate start --operator`. */
export const stepCommand = (tree: Tree, step: StepName, slot: Slot): string =>
  `${COMMANDS[step]} ${slotWords(tree, slot)}`;

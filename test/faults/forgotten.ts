/** A program that waits for what nobody will bring. */
import { failIfForgotten } from '../../src/cli/node-io.js';

failIfForgotten();
void new Promise(() => {});

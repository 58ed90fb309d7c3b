import type { Command } from '../../../src/app/command.js';
import { FakeWorld } from '../../support/fake-world.js';
import type { Given } from '../../support/plan.js';
import { type Drawing, readMermaid, readPlantUml } from './grammar.js';

/** What a command answers to a line: the text of the diagram. */
export async function textOf(
  command: Command,
  given: Given,
  line: string,
): Promise<{ text: string; answer: object; world: FakeWorld }> {
  if (command.kind !== 'query') throw new Error('diagrams are answers');
  const world = new FakeWorld(given);
  const { context, input } = await world.prepare(command, line);
  const { content, ...answer } = command.run(context, input) as unknown as { content: string };
  return { text: content, answer, world };
}

/** The diagram of a line, with the names of keys in the place of keys. */
export async function draw(command: Command, given: Given, line: string): Promise<Drawing> {
  const { text, world } = await textOf(command, given, line);
  const drawing = line.includes('mermaid') ? readMermaid(text) : readPlantUml(text);
  const named = JSON.stringify(drawing).replace(/[OAU][A-Z2-7]{55}/g, (key) => world.aliases.name(key));
  return JSON.parse(named) as Drawing;
}

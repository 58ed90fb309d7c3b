import type { Command } from '../app/command.js';
import { globalOptions } from '../app/options/global.js';
import type { KeyInput } from '../domain/key-input.js';
import { NscError } from '../errors.js';
import { askForMissing, unanswered } from './ask.js';
import { askForKey, askForSigner } from './ask-signer.js';
import type { Input } from './input.js';
import type { Invocation } from './run.js';

/** What is known after the questions of `-i`. */
export interface Interviewed {
  readonly input: Input;
  /** What `-K` named, or the answer in its place. */
  readonly signer: KeyInput | undefined;
}

/**
 * Interactive mode (`-i`): asks for what was not given, and who signs. With `-K` that is not asked (E-36).
 *
 * @param given what was given, resolved
 * @throws NscError `missing-option` with the options to give where nothing can be asked; `interrupted`
 */
export async function interview(command: Command, given: Input, invocation: Invocation): Promise<Interviewed> {
  const { signer, ports } = invocation;
  const asksForKey = !signer && (command.signers !== undefined || command.keyQuestion !== undefined);
  const open = unanswered(command, given);
  if (open.length === 0 && !asksForKey) return { input: given, signer };
  if (!invocation.canAsk) throw cannotAsk([...open, ...(asksForKey ? [`--${globalOptions.privateKey.long}`] : [])]);

  const context = invocation.openContext();
  const asking = { workspace: context.workspace, ports, prompter: await invocation.loadPrompter(), signer };
  const input = await askForMissing(command, given, asking);
  if (signer) return { input, signer };
  if (command.keyQuestion) return { input, signer: await askForKey(command.keyQuestion, input, asking) };
  const candidates = command.signers?.(context, input) ?? [];
  return { input, signer: candidates.length === 0 ? undefined : await askForSigner(candidates, context.tree, asking) };
}

const cannotAsk = (open: readonly string[]): NscError =>
  new NscError('missing-option', `--${globalOptions.interactive.long} needs a terminal to ask on`, {
    hint: `give the values as options: ${open.join(', ')}`,
  });

import type { Talk } from '../app/ports.js';
import { NscError } from '../errors.js';
import { escapeForTerminal } from '../lib/display.js';
import { maskSeeds } from '../lib/mask-seeds.js';
import { Secret } from '../lib/secret.js';
import { escapeInvisible, jsonLine } from '../render/json-text.js';
import { reportWarnings } from './failure.js';
import type { Invocation } from './run.js';

/** What takes a line of progress away. */
const ERASE_LINE = '\r\u001b[K';

/** How a task speaks while it runs: answers on standard output, everything else on standard error. */
export function talkOf({ world, globals, canAsk, loadPrompter }: Invocation): Talk {
  const isLive = world.terminal.stderr && world.env.TERM !== 'dumb' && !globals.json;
  let shown = false;
  const erase = (): void => {
    if (shown) world.writeErr(ERASE_LINE);
    shown = false;
  };
  return {
    isLive,
    say(text) {
      erase();
      world.writeOut(text);
    },
    tell(text, data) {
      erase();
      const line = globals.json ? jsonLine(data) : world.terminal.stdout ? escapeForTerminal(text) : text;
      world.writeOut(`${line}\n`);
    },
    note(message) {
      erase();
      world.writeErr(`${escapeForTerminal(message)}\n`);
    },
    async warn(message) {
      erase();
      await reportWarnings(world, [message], globals);
    },
    log(line) {
      erase();
      world.writeErr(escapeInvisible(maskSeeds(`${line}\n`)));
    },
    progress(line) {
      if (!isLive) return;
      erase();
      if (line === undefined) return;
      world.writeErr(escapeForTerminal(line).slice(0, (world.terminal.columns ?? 80) - 1));
      shown = true;
    },
    async agree(question) {
      if (globals.yes || !canAsk) return;
      erase();
      const prompter = await loadPrompter();
      if (await prompter.confirm({ message: question, default: false })) return;
      throw new NscError('cancelled', 'nothing was changed');
    },
    async askPassphrase(message, { isNew } = { isNew: false }) {
      if (!canAsk) return undefined;
      erase();
      const { password } = await loadPrompter();
      const passphrase = await password({
        message,
        check: async (text) => (text === '' ? 'an empty passphrase protects nothing' : undefined),
      });
      if (isNew) {
        const differs = 'that is another one';
        await password({
          message: `${message}, once more`,
          check: async (text) => (text === passphrase ? undefined : differs),
        });
      }
      return new Secret(passphrase);
    },
  };
}

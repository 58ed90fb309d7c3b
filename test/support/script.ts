import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type Ran, Session, type SessionOptions } from './session.js';
import { parseTxtar, splitWords } from './txtar.js';

/**
 * Plays a whole session that is written down in one file (`test/scripts/*.txtar`).
 *
 * | line | means |
 * |---|---|
 * | `nsc …` | a command that succeeds |
 * | `! nsc …` | one that fails |
 * | `nk …`, `echo …` | the same for nk, and for a line of text |
 * | `nsc … > FILE` | what it wrote goes to a file (mode 0600) |
 * | `## TITLE` | begins a section |
 * | `exit 3` | how the last one ended |
 * | `stdout 'regex'`, `stderr 'regex'` | what it wrote; `! stdout 'regex'` = not that |
 * | `cmp stdout FILE` | it wrote exactly what the file holds |
 * | `capture NAME 'regex'` | the first group in what it wrote is `$NAME` from now on |
 * | `exists PATH…`, `grep 'regex' PATH`, `mode 0600 PATH…` | about files; `!` negates |
 * | `env NAME=value`, `cd DIR`, `mkdir DIR`, `cp FROM TO`, `rm PATH`, `now +60` | change what is around |
 * | `terminal`, `answer TEXT…` | from now on there is a terminal; answers to come: `yes`, `no`, a text, `''` for Enter |
 *
 * `$HOME`, `$WORK`, `$STORES`, `$KEYSTORE` and captured names are replaced. `#` begins a comment.
 *
 * @param options how the session begins
 * @param onStart is called before the first line
 * @param onSection is called at the end of every section
 */
export async function playScript(
  text: string,
  {
    onStart,
    onSection,
    ...options
  }: SessionOptions & { onStart?: (session: Session) => Promise<void>; onSection?: SectionHandler } = {},
): Promise<void> {
  const { script, files } = parseTxtar(text);
  const player = new Player(options);
  await onStart?.(player.session);
  for (const { name, content } of files) player.write(name, content);
  let section = '';
  for (const [index, line] of script.split('\n').entries()) {
    const title = /^## (.+)$/.exec(line)?.[1];
    if (title !== undefined) {
      await onSection?.(section, player.session);
      section = title;
    }
    try {
      await player.play(line);
    } catch (error) {
      throw new Error(
        `line ${index + 1}: ${line}\n${error instanceof Error ? error.message : error}${player.report()}`,
      );
    }
  }
  await onSection?.(section, player.session);
}

/** @param title of the section that has ended; empty for what comes before the first one */
export type SectionHandler = (title: string, session: Session) => Promise<void>;

class Player {
  readonly session: Session;
  readonly #names: Map<string, string>;
  #last: Ran = { exit: 0, stdout: '', stderr: '' };

  constructor(options: SessionOptions) {
    this.session = new Session(options);
    const { home, cwd } = this.session;
    const data = join(home, '.local/share/nats/nsc');
    this.#names = new Map([
      ['HOME', home],
      ['WORK', cwd],
      ['STORES', join(data, 'stores')],
      ['KEYSTORE', join(data, 'keys')],
    ]);
  }

  write(name: string, content: string): void {
    const path = this.#path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
  }

  report(): string {
    const { exit, stdout, stderr } = this.#last;
    return `\nlast command: exit ${exit}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
  }

  async play(line: string): Promise<void> {
    const words = splitWords(line.replace(/^\s*#.*/, '')).map((word) => this.#expand(word));
    const negated = words[0] === '!';
    const [verb, ...rest] = negated ? words.slice(1) : words;
    if (verb === undefined) return;
    if (verb === 'nsc' || verb === 'nk' || verb === 'echo') {
      const file = rest.at(-2) === '>' ? rest.splice(-2)[1] : undefined;
      this.#last = await this.#run(verb, rest);
      if ((this.#last.exit === 0) === negated) throw new Error(negated ? 'it succeeded' : 'it failed');
      if (file !== undefined) this.write(file, this.#last.stdout);
      return;
    }
    const problem = this.#step(verb, rest);
    if (problem !== undefined && (problem !== '') !== negated) throw new Error(problem || 'it does');
  }

  async #run(program: 'nsc' | 'nk' | 'echo', args: readonly string[]): Promise<Ran> {
    if (program === 'nsc') return this.session.run(args);
    if (program === 'nk') return this.session.nk(args);
    return { exit: 0, stdout: `${args.join(' ')}\n`, stderr: '' };
  }

  /** undefined for what only does something; for a check `''` when it holds, else why not. */
  #step(verb: string, args: readonly string[]): string | undefined {
    const [first = '', second = '', ...more] = args;
    const session = this.session;
    switch (verb) {
      case 'exit':
        return this.#last.exit === Number(first) ? '' : `it ended with ${this.#last.exit}`;
      case 'stdout':
      case 'stderr':
        return new RegExp(first, 'm').test(this.#last[verb]) ? '' : `${verb} does not match`;
      case 'cmp':
        return this.#last[first as 'stdout'] === readFileSync(this.#path(second), 'utf8') ? '' : `${first} differs`;
      case 'capture':
        this.#names.set(first, new RegExp(second, 'm').exec(this.#last.stdout)?.[1] ?? fail('nothing to capture'));
        return undefined;
      case 'exists':
        return args.every((path) => existsSync(this.#path(path))) ? '' : 'no such file';
      case 'grep':
        return new RegExp(first, 'm').test(readFileSync(this.#path(second), 'utf8')) ? '' : 'the file does not match';
      case 'mode':
        return [second, ...more].every(
          (path) => (statSync(this.#path(path)).mode & 0o777) === Number.parseInt(first, 8),
        )
          ? ''
          : 'another mode';
      case 'env':
        session.env[first.replace(/=.*/s, '')] = first.replace(/^[^=]*=/, '');
        return undefined;
      case 'cd':
        session.cwd = this.#path(first);
        return undefined;
      case 'mkdir':
        mkdirSync(this.#path(first), { recursive: true });
        return undefined;
      case 'cp':
        copyFileSync(this.#path(first), this.#path(second));
        return undefined;
      case 'rm':
        rmSync(this.#path(first), { recursive: true });
        return undefined;
      case 'now':
        session.advance(Number(first));
        return undefined;
      case 'terminal':
        session.terminal = { stdin: true, stdout: true, stderr: true, columns: 100 };
        return undefined;
      case 'answer':
        session.answers.push(...args.map(readAnswer));
        return undefined;
      default:
        throw new Error(`"${verb}" is not a step`);
    }
  }

  #expand(word: string): string {
    return word.replace(/\$\{?([A-Z_]+)\}?/g, (whole, name: string) => this.#names.get(name) ?? whole);
  }

  #path(path: string): string {
    return isAbsolute(path) ? path : join(this.session.cwd, path);
  }
}

const readAnswer = (word: string): string | boolean => (word === 'yes' ? true : word === 'no' ? false : word);

function fail(message: string): never {
  throw new Error(message);
}

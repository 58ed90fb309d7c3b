import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Nats } from '../../src/app/nats.js';
import type { Remote } from '../../src/app/ports.js';
import type { Resolvers } from '../../src/app/resolver.js';
import { main } from '../../src/cli/main.js';
import { runNk } from '../../src/cli/nk.js';
import type { Prompter } from '../../src/cli/prompter.js';
import type { Terminal, World } from '../../src/cli/world.js';
import { type KeyPair, keyPairFromRaw } from '../../src/domain/nkey/key-pair.js';
import type { Role } from '../../src/domain/nkey/prefix.js';
import { sha256 } from '../../src/lib/ed25519.js';

/** What a command line came to. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SessionOptions {
  /** Unix seconds at the start; the clock moves only by {@link Session.advance}. */
  readonly now?: number;
  readonly env?: Record<string, string>;
  readonly terminal?: Partial<Terminal>;
  readonly remote?: Remote;
  readonly nats?: Nats;
  readonly resolvers?: Resolvers;
}

/** Tuesday, 14 November 2023, 22:13:20 UTC. */
export const START = 1_700_000_000;

/**
 * Runs command lines in this process, in a home directory of their own, with a clock that stands still and keys that
 * are the same in every run. The directory goes when the test ends.
 */
export class Session {
  /** Holds `home` and `work`. */
  readonly root: string;
  readonly home: string;
  readonly env: Record<string, string | undefined>;
  /** The working directory. */
  cwd: string;
  terminal: Terminal;
  now: number;
  /** Answers to the questions to come; a test that is asked more fails. */
  readonly answers: (string | boolean | string[])[] = [];
  /** All that was written to both streams since the beginning. */
  transcript = '';
  /** Told what is written to either stream while a command runs. */
  onOutput: (text: string) => void = () => {};
  /** Told when a question is asked. */
  onQuestion: () => void = () => {};
  /** Questions that were asked. */
  readonly asked: string[] = [];
  readonly #world: Pick<SessionOptions, 'remote' | 'nats' | 'resolvers'>;
  /** What interrupts commands that run until they are. */
  interruption = new AbortController();
  #keys = 0;

  constructor({ now = START, env = {}, terminal = {}, ...world }: SessionOptions = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'nsc-session-')));
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    this.home = join(this.root, 'home');
    this.cwd = join(this.root, 'work');
    for (const directory of [this.home, this.cwd]) mkdirSync(directory);
    this.env = { HOME: this.home, NO_COLOR: '1', ...env };
    this.terminal = { stdin: false, stdout: false, stderr: false, columns: undefined, ...terminal };
    this.now = now;
    this.#world = world;
  }

  /** @param line a command line without `nsc`, split at blanks, or its words */
  run(line: string | readonly string[]): Promise<Ran> {
    const args = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
    return this.runWith(main, args);
  }

  /** Runs something else than the whole program in the world of this session. */
  async runWith(program: (world: World) => Promise<number>, args: readonly string[] = []): Promise<Ran> {
    let stdout = '';
    let stderr = '';
    const world: World = {
      args,
      env: this.env,
      cwd: this.cwd,
      home: this.home,
      terminal: this.terminal,
      program: join(this.root, 'program/bin/nsc.js'),
      self: { pid: process.pid, host: 'test', isAlive: () => true },
      now: () => this.now,
      writeOut: (text) => {
        stdout += text;
        this.onOutput(text);
      },
      writeErr: (text) => {
        stderr += text;
        this.onOutput(text);
      },
      newKey: (role) => this.#newKey(role),
      ...this.#world,
      interrupted: this.interruption.signal,
      loadPrompter: async () => this.#prompter,
    };
    const exit = await program(world);
    this.transcript += stdout + stderr;
    return { exit, stdout, stderr };
  }

  /** Runs `nk`, with keys that are the same in every run too. */
  async nk(args: readonly string[]): Promise<Ran> {
    let stdout = '';
    let stderr = '';
    const exit = await runNk(args, {
      version: 'test',
      readFile: (path) => findBytes(resolve(this.cwd, path)),
      writeOut: (text) => {
        stdout += text;
      },
      writeErr: (text) => {
        stderr += text;
      },
      randomSeed: () => this.#nextSeed(),
      cores: 1,
      searchInParallel: () => Promise.reject(new Error('one core is all there is')),
    });
    return { exit, stdout, stderr };
  }

  /** Runs a line that has to succeed, and gives what it printed. */
  async ok(line: string | readonly string[]): Promise<string> {
    const { exit, stdout, stderr } = await this.run(line);
    if (exit !== 0) throw new Error(`nsc ${line} ended with ${exit}:\n${stderr}`);
    return stdout;
  }

  /** Lets time pass. */
  advance(seconds: number): void {
    this.now += seconds;
  }

  #newKey(role: Role): KeyPair {
    return keyPairFromRaw(role, this.#nextSeed());
  }

  #nextSeed(): Uint8Array {
    this.#keys += 1;
    return sha256(`key ${this.#keys}`);
  }

  readonly #prompter: Prompter = {
    input: async ({ message, default: preset, check }) => {
      for (;;) {
        const given = this.#answer(message) as string;
        const answer = given === '' ? (preset ?? '') : given;
        const complaint = await check(answer);
        if (complaint === undefined) return answer;
        this.asked.push(`! ${complaint}`);
      }
    },
    password: async ({ message, check }) => {
      for (;;) {
        const answer = this.#answer(message) as string;
        const complaint = await check(answer);
        if (complaint === undefined) return answer;
        this.asked.push(`! ${complaint}`);
      }
    },
    confirm: async ({ message }) => this.#answer(message) as boolean,
    select: async ({ message, choices, default: preset }) => {
      const given = this.#answer(message) as string;
      const answer = given === '' ? (preset ?? '') : given;
      const chosen = choices.find(({ value, label }) => value === answer || label === answer);
      if (chosen) return chosen.value;
      throw new Error(`"${answer}" is not among ${choices.map(({ label }) => label).join(', ')}`);
    },
    checkbox: async ({ message }) => [this.#answer(message)].flat() as string[],
  };

  #answer(message: string): string | boolean | string[] {
    this.asked.push(message);
    this.onQuestion();
    const answer = this.answers.shift();
    if (answer === undefined) throw new Error(`nobody expected the question "${message}"`);
    return answer;
  }
}

function findBytes(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { requireNatsServer } from './find-server.js';

/** How long a server may take to start, to reload or to stop. */
const PATIENCE_MS = 10_000;

/**
 * A real nats-server of a test, with a configuration of ours and a random port of 127.0.0.1. It has a directory of its
 * own, in which it also runs; both are gone when the test ends.
 */
export class NatsServer {
  readonly directory = mkdtempSync(join(tmpdir(), 'nsc-server-'));
  /** All that the server has logged, at level debug. */
  log = '';
  #url = '';
  #process: ChildProcess | undefined;

  /** @param config what `generate config` printed */
  protected constructor(config: string) {
    onTestFinished(() => this.#remove());
    this.configure(config);
  }

  /** Starts a server and waits until clients can connect. */
  static async start(config: string): Promise<NatsServer> {
    const server = new NatsServer(config);
    await server.start();
    return server;
  }

  /** What `nats-server -t` says of a configuration, without starting. */
  static check(config: string): { ok: boolean; output: string } {
    const server = new NatsServer(config);
    const { directory } = server;
    server.#frame();
    const { status, stdout, stderr } = spawnSync(requireNatsServer(), ['-t', '-c', 'server.conf'], {
      cwd: directory,
      encoding: 'utf8',
    });
    return { ok: status === 0, output: stdout + stderr };
  }

  get url(): string {
    return this.#url;
  }

  /** Replaces the configuration; the server learns of it by {@link reload} or {@link restart}. */
  configure(config: string): void {
    writeFileSync(join(this.directory, 'generated.conf'), config);
  }

  async reload(config: string): Promise<void> {
    this.configure(config);
    const from = this.log.length;
    this.#process?.kill('SIGHUP');
    await this.waitFor(/Reloaded server configuration/, from);
  }

  async restart(config: string): Promise<void> {
    await this.stop();
    this.configure(config);
    await this.start();
  }

  get isRunning(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Lets it shut down: it tells the others that it goes. */
  async stop(): Promise<void> {
    // Nobody who sleeps can shut down.
    this.resume();
    await this.#end('SIGTERM');
  }

  /** It is gone at once, and nobody is told. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Connections stay, and nothing is answered any more. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** What its configuration begins with; asked at every start. */
  protected frame(): string {
    return "listen: '127.0.0.1:-1'\n";
  }

  #frame(): void {
    writeFileSync(join(this.directory, 'server.conf'), `${this.frame()}debug: true\ninclude './generated.conf'\n`);
  }

  /** Waits until something is logged, and gives the match. */
  async waitFor(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const match = pattern.exec(this.log.slice(from));
      if (match) return match;
      if (this.#process?.exitCode !== null || performance.now() > deadline) {
        throw new Error(`the server never said ${pattern}:\n${this.log.slice(from)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Starts it, once more if it ran before. */
  protected async start(): Promise<void> {
    const from = this.log.length;
    this.#frame();
    const child = spawn(requireNatsServer(), ['-c', 'server.conf'], {
      cwd: this.directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    running.add(child);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    const [, port] = await this.waitFor(/Listening for client connections on 127\.0\.0\.1:(\d+)/, from);
    await this.waitFor(/Server is ready/, from);
    this.#url = `nats://127.0.0.1:${port}`;
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child || !this.isRunning) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await ended;
    clearTimeout(impatience);
    running.delete(child);
  }

  async #remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Servers that have to end with this process should it end before its tests do. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

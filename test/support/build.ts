import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type InputOptions, type OutputOptions, rolldown } from 'rolldown';
import { loadConfig } from 'rolldown/config';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there is no bundle to test; empty when there is one. */
    buildFailure: string;
  }
}

/**
 * Bundles the program once before the tests, so that those that start `bin/nsc.js` test what is in `src`. Should it
 * fail, only those fail.
 */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('buildFailure', await build());
}

async function build(): Promise<string> {
  try {
    for (const { output, ...input } of await readConfig()) {
      const bundle = await rolldown({ ...input, logLevel: 'silent' });
      const { output: chunks } = await bundle.generate(output);
      await bundle.close();
      for (const chunk of chunks) {
        replaceFile(join(output.dir, chunk.fileName), chunk.type === 'chunk' ? chunk.code : chunk.source);
      }
    }
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Config = InputOptions & { output: OutputOptions & { dir: string } };

const readConfig = async (): Promise<Config[]> =>
  (await loadConfig(join(import.meta.dirname, '../../rolldown.config.mjs'))) as Config[];

/** Other test runs may be reading the file at this moment. */
function replaceFile(path: string, content: string | Uint8Array): void {
  const bytes = Buffer.from(content as string);
  if (readIfThere(path)?.equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

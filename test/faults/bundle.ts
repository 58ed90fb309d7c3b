import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A script of this directory as one file that node runs, and what removes it. */
export async function bundleScript(name: string): Promise<{ script: string; remove: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), 'nsc-script-'));
  const bundle = await rolldown({ input: join(import.meta.dirname, name), platform: 'node', logLevel: 'silent' });
  const script = join(directory, 'script.mjs');
  await bundle.write({ file: script, format: 'esm', codeSplitting: false });
  await bundle.close();
  return { script, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

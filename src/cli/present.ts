import type { ColorChoice } from '../app/options/global.js';
import type { Files } from '../app/ports.js';
import type { Emitted, Result } from '../app/result.js';
import { NscError } from '../errors.js';
import { quote } from '../lib/display.js';
import type { ChangeSummary } from '../render/changes.js';
import { loadPaint } from '../render/paint.js';
import { render } from '../render/render.js';
import { reportWarnings } from './failure.js';
import { styleOf } from './style.js';
import type { World } from './world.js';

/** How an answer is shown, and what is told beside it. */
export interface Presentation {
  readonly json: boolean;
  readonly color: ColorChoice | undefined;
  readonly files: Files;
  /** Refuses a file that is one of the store, unless it is the one that is named. */
  checkFile(path: string, ownPlace?: string): Promise<void>;
  readonly changes?: readonly ChangeSummary[];
  readonly warnings?: readonly string[];
  /** Says what would change; files named for the answer are not written. */
  readonly dryRun: boolean;
}

/** Shows a result on standard output, or writes it to the file it names and says so. */
export async function present(world: World, result: Result, how: Presentation): Promise<void> {
  const { json, color, files, changes, warnings } = how;
  const style = styleOf(world, 'stdout', color);
  if (result.kind === 'emitted' || result.kind === 'synced')
    await reportWarnings(world, result.warnings ?? [], { color });
  if ((result.kind === 'emitted' || result.kind === 'described') && result.file !== undefined) {
    await how.checkFile(result.file, result.kind === 'emitted' ? result.ownPlace : undefined);
    refuseToReplace(result, files);
    const { renderNotWritten, renderWritten } = await import('../render/written.js');
    if (how.dryRun) {
      if (!json) return world.writeOut(renderNotWritten(result, style));
    } else {
      files.write(result.file, [...(await render(result, style))].join(''), 0o600);
      if (!json || result.kind === 'described') {
        return world.writeOut(renderWritten(result, style, await loadPaint(style.color)));
      }
    }
  }
  if (json) {
    const { renderJson } = await import('../render/json.js');
    const { dryRun } = how;
    writeAll(world, renderJson(result, { dryRun, ...(changes && { changes }), ...(warnings && { warnings }) }));
    return;
  }
  if (how.dryRun && changes) {
    const { renderDryRun } = await import('../render/dry-run.js');
    const isSynced = result.kind === 'synced';
    if (isSynced) writeAll(world, await render(result, style));
    writeAll(world, renderDryRun(changes, await loadPaint(style.color), { isHeaded: isSynced }));
    return;
  }
  writeAll(world, await render(result, style));
}

/**
 * What a person should know once the answer is out: what was done with it, and what went wrong with that.
 *
 * @throws the failure that came with the answer
 */
export async function concludeEmitted(world: World, result: Emitted, how: Presentation): Promise<void> {
  const { steps = [], file, failure } = result;
  if (steps.length > 0 && !how.json) {
    const { renderSteps } = await import('../render/steps.js');
    const style = styleOf(world, file === undefined ? 'stderr' : 'stdout', how.color);
    const report = { kind: 'changed', steps, dryRun: how.dryRun } as const;
    const text = renderSteps(report, style, await loadPaint(style.color)).join('');
    if (file === undefined) world.writeErr(text);
    else world.writeOut(text);
  }
  if (failure) throw failure;
}

/** What a person may have edited is replaced only when they say so (E-72). */
function refuseToReplace(result: Result, files: Files): void {
  if (result.kind !== 'emitted' || result.file === undefined || result.replace !== false) return;
  if (!files.exists(result.file)) return;
  throw new NscError('already-exists', `file ${quote(result.file)} already exists`, {
    hint: result.replaceHint ?? 'name another file, or replace it with --force',
  });
}

/** Characters that are collected before they are written. */
const BATCH = 64 * 1024;

function writeAll(world: World, chunks: Iterable<string>): void {
  let batch = '';
  for (const chunk of chunks) {
    batch += chunk;
    if (batch.length >= BATCH) {
      world.writeOut(batch);
      batch = '';
    }
  }
  world.writeOut(batch);
}

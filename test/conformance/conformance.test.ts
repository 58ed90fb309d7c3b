import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundled, type ProgramName, type programOf, standalone, whyNotStandalone } from '../support/programs.js';

/** What the reference tool did, replayed through the built programs: see conformance.mjs. */
const here = import.meta.dirname;
const scenarios = readdirSync(join(here, 'corpus')).map((file) => file.replace(/\.json$/, ''));

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly failed: readonly unknown[];
}

function replay(start: typeof programOf): Promise<Map<string, Outcome>> {
  const program = (name: ProgramName): string =>
    start(name)
      .map((word) => `"${word}"`)
      .join(' ');
  const args = ['check', '--nsc', program('nsc'), '--nk', program('nk'), '--json'];
  args.push('--ignore', '*/.nsc.lock', join(here, 'corpus'));
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 28 };
    execFile(process.execPath, [join(here, 'conformance.mjs'), ...args], options, (error, stdout, stderr) => {
      if (stdout === '') return reject(error ?? new Error(stderr));
      const report = JSON.parse(stdout) as { scenarios: Outcome[] };
      resolve(new Map(report.scenarios.map((outcome) => [outcome.name, outcome])));
    });
  });
}

function itDoesAsRecorded(start: typeof programOf): void {
  let outcomes: Map<string, Outcome>;
  beforeAll(async () => {
    outcomes = await replay(start);
  }, 600_000);

  it.each(scenarios)('%s', (name) => {
    expect(outcomes.get(name)?.failed).toEqual([]);
  });
}

describe('as recorded from the reference', () => itDoesAsRecorded(bundled));

const skipped = whyNotStandalone();

describe.skipIf(skipped !== '')(`the standalone programs as recorded${skipped && `: ${skipped}`}`, () =>
  itDoesAsRecorded(standalone),
);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './imports.js';
import { playScript, type SectionHandler } from './script.js';
import type { SessionOptions } from './session.js';
import { parseTxtar } from './txtar.js';

/**
 * Tests a guide of `docs/guides` against the script that plays its commands: the same commands under the same headings,
 * and what the guide shows is what they print.
 *
 * @param script path of the script from the root of the repository
 * @param options how the session begins; `onSection` is called when the output of a section was looked at, and `written`
 *   says how the guide writes a command of the script
 */
export function itTellsTheTruth(
  name: string,
  script: string,
  {
    onSection,
    timeout,
    written = (command) => command,
    ...session
  }: SessionOptions & { onSection?: SectionHandler; timeout?: number; written?: (command: string) => string } = {},
): void {
  const guide = readFileSync(join(ROOT, `docs/guides/${name}.md`), 'utf8');
  const text = readFileSync(join(ROOT, script), 'utf8');

  it('has the commands of the script, under the same headings', () => {
    const ofGuide = sections(guide).map(([title, body]) => [title, blocks(body, 'sh')]);
    const ofScript = sections(parseTxtar(text).script).map(([title, body]) => [title, commands(body).map(written)]);
    expect(ofGuide).toEqual(ofScript);
  });

  it('shows what the commands print', { ...(timeout !== undefined && { timeout }) }, async () => {
    const shown = new Map(sections(guide).map(([title, body]) => [title, blocks(body, 'text')]));
    let before = 0;
    let checked = 0;
    await playScript(text, {
      ...session,
      onSection: async (title, played) => {
        const printed = played.transcript.slice(before).replace(/ +/g, ' ');
        for (const line of shown.get(title) ?? []) {
          expect(printed).toMatch(pattern(line));
          checked += 1;
        }
        await onSection?.(title, played);
        before = played.transcript.length;
      },
    });
    expect(checked).toBeGreaterThan(5);
  });
}

/** Titles of the second level with what follows them. */
function sections(content: string): [title: string, body: string][] {
  const [, ...rest] = content.split(/^## /m);
  return rest.map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)]);
}

/** Lines of the fenced blocks of one language. */
export function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  return [...fences].flatMap(([, body = '']) => body.trimEnd().split('\n'));
}

/** What a script runs; indented lines only check. */
export function commands(script: string): string[] {
  return script
    .split('\n')
    .map((line) => line.replace(/^! /, ''))
    .filter((line) => /^(nsc|nk|echo) /.test(line));
}

/** A line in which `…` stands for anything. */
function pattern(line: string): RegExp {
  const parts = line.replace(/ +/g, ' ').split('…');
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playScript } from '../support/script.js';
import { parseTxtar } from '../support/txtar.js';

describe.each(['signing-keys', 'roles', 'sharing', 'moving-stores'])('the guide docs/guides/%s.md', (name) => {
  const guide = readFileSync(join(import.meta.dirname, `../../docs/guides/${name}.md`), 'utf8');
  const text = readFileSync(join(import.meta.dirname, `${name}.txtar`), 'utf8');

  it('has the commands of the script, under the same headings', () => {
    const ofGuide = sections(guide).map(([title, body]) => [title, blocks(body, 'sh')]);
    const ofScript = sections(parseTxtar(text).script).map(([title, body]) => [title, commands(body)]);
    expect(ofGuide).toEqual(ofScript);
  });

  it('shows what the commands print', async () => {
    const shown = new Map(sections(guide).map(([title, body]) => [title, blocks(body, 'text')]));
    let before = 0;
    let checked = 0;
    await playScript(text, {
      onSection: async (title, { transcript }) => {
        const printed = transcript.slice(before).replace(/ +/g, ' ');
        before = transcript.length;
        for (const line of shown.get(title) ?? []) {
          expect(printed).toMatch(pattern(line));
          checked += 1;
        }
      },
    });
    expect(checked).toBeGreaterThan(5);
  });
});

it('the commands of the README work one after another', { timeout: 60_000 }, async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const lines = commands(blocks(readme, 'sh').join('\n')).map((line) => line.replace(/\s+#.*/, ''));
  const typed = lines.filter((line) => !line.includes('…'));
  expect(typed.length).toBeGreaterThan(15);
  await playScript([...typed, 'nsc validate --all-accounts'].join('\n'));
});

/** Titles of the second level with what follows them. */
function sections(content: string): [title: string, body: string][] {
  const [, ...rest] = content.split(/^## /m);
  return rest.map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1)]);
}

/** Lines of the fenced blocks of one language. */
function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  return [...fences].flatMap(([, body = '']) => body.trimEnd().split('\n'));
}

/** What a script runs; indented lines only check. */
function commands(script: string): string[] {
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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { playScript } from '../support/script.js';

const scripts = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.txtar'))
  .sort();

describe.each(scripts)('%s', (path) => {
  it('plays', async () => {
    await playScript(readFileSync(join(import.meta.dirname, path), 'utf8'));
  });
});

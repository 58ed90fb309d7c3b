import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeCluster } from '../support/fake-resolver.js';
import { blocks, commands, itTellsTheTruth } from '../support/guide.js';
import { playScript } from '../support/script.js';

describe.each(['signing-keys', 'roles', 'sharing', 'moving-stores'])('the guide docs/guides/%s.md', (name) => {
  itTellsTheTruth(name, `test/scripts/${name}.txtar`);
});

it('the commands of the README work one after another', { timeout: 60_000 }, async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const lines = commands(blocks(readme, 'sh').join('\n')).map((line) => line.replace(/\s+#.*/, ''));
  const goesOn = 'nsc serve'; // until somebody stops it
  const typed = lines.filter((line) => !line.includes('…') && line !== goesOn);
  expect(typed.length).toBeGreaterThan(15);
  const resolvers = new FakeCluster([{ name: 'S1' }, { name: 'S2' }]);
  await playScript([...typed, 'nsc validate --all-accounts'].join('\n'), { resolvers });
});

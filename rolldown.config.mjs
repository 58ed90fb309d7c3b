import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What is published: CommonJS with every library bundled in.
 *
 * `nsc` is split, so that a run loads only what it needs: the way to a command, what all commands share, what only
 * changes need, and one chunk per command and heavy library. `nk` and the library are one file each.
 * `node:child_process`, which commander loads for a feature we do not use, costs 1.8 ms a start and is left out.
 *
 * Smaller code compiles faster, so it is minified; `node --enable-source-maps bin/nsc.js` shows where in `src` a stack leads.
 */
const bundle = (name, entry, output) => ({
  input: { [name]: here(entry) },
  platform: 'node',
  tsconfig: here('tsconfig.json'),
  resolve: { alias: { 'node:child_process': here('scripts/empty.cjs') } },
  output: {
    dir: here('dist'),
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].cjs',
    dynamicImportInCjs: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    minify: true,
    sourcemap: true,
    ...output,
  },
});

/** `commands/add/account.ts` becomes `add-account.cjs`. */
const chunkName = ({ name, facadeModuleId }) => {
  const command = /[\\/]src[\\/]commands[\\/](.+)\.ts$/.exec(facadeModuleId ?? '')?.[1];
  return `nsc/${command?.replace(/[\\/]/g, '-') ?? name}.cjs`;
};

const sources = (...paths) => new RegExp(`[\\\\/]src[\\\\/](${paths.join('|').replaceAll('/', '[\\\\/]')})`);

/** What only changes need, commands that check included. */
const forChanges = sources(
  'cli/mutate',
  'domain/(draft|claims/(check/|grammar|new)|trust/(signer|user-policy))',
  'app/(new-name|take-key|options/(key|name|permissions|signing-keys|tags|user-limits|validity))',
);

/** Small things that most commands use. */
const forMost = sources(
  'lib/(amount|moment)',
  'domain/(tree/(keys|lookup|names|system-account)|trust/(authority|refusal))',
  'app/(command|list-entry|operator-lookup|result|options/(account|describe|list|output-file|user)).ts',
);

/** Each group takes along what it imports, unless a group above has it, so there are no cycles between chunks. */
const groups = [
  { name: 'dispatch', test: sources('cli/(dispatch|help)'), priority: 5 },
  { name: 'run', test: sources('cli/run', 'domain/(claims/scope|creds/)'), priority: 4 },
  { name: 'common', test: forMost, priority: 3 },
  { name: 'change', test: forChanges, priority: 2 },
  { name: 'shared', test: sources('(lib|domain|app|render)/'), minShareCount: 3, priority: 1 },
];

export default defineConfig([
  bundle('nsc', 'src/cli/main.ts', { chunkFileNames: chunkName, codeSplitting: { groups } }),
  bundle('nk', 'src/cli/nk-main.ts', { codeSplitting: false }),
  bundle('index', 'src/index.ts', { codeSplitting: false }),
]);

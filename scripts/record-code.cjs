// Runs the bundled program like bin/nsc.js, and writes the code cache of every chunk it loaded (see code-cache.mjs).
const { writeFileSync } = require('node:fs');
const nsc = require('../dist/nsc.cjs');

const loaded = [];
nsc.useCodeCache((file, script) => loaded.push([file, script]));
process.on('exit', () => {
  for (const [file, script] of loaded) writeFileSync(nsc.cacheFile(file), script.createCachedData());
});
nsc.start();
